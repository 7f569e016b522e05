// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

func etcdDir(stateDir string) string { return filepath.Join(stateDir, "etcd") }

func apiServerDir(stateDir string) string { return filepath.Join(stateDir, "apiserver") }

// Detached returns the processes of a state directory's control plane, whichever program started
// it, in the order in which they should be stopped.
func Detached(ctx context.Context, stateDir string) ([]int, error) {
	dir, err := filepath.Abs(stateDir)
	if err != nil {
		return nil, fmt.Errorf("cannot make the state directory %q absolute: %w", stateDir, err)
	}
	var pids []int
	for _, part := range []struct{ program, argument string }{
		{"kube-controller-manager", "--kubeconfig=" + controllerManagerKubeConfig(dir)},
		{"kube-apiserver", "--cert-dir=" + apiServerDir(dir)},
		{"etcd", "--data-dir=" + etcdDir(dir)},
	} {
		found, err := process.Find(ctx, part.program, part.argument)
		if err != nil {
			return nil, err
		}
		pids = append(pids, found...)
	}
	return pids, nil
}

// StopDetached ends the control plane of a state directory, whichever program
// started it, and waits until it is gone. It is no error if none is running.
func StopDetached(ctx context.Context, stateDir string) error {
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	pids, err := Detached(ctx, stateDir)
	if err != nil {
		return err
	}
	return process.TerminateAll(ctx, pids...)
}
