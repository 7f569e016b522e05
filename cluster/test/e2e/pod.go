// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// A pod that the kubelet runs.
type pod struct {
	namespace, name string
	uid             types.UID
	labels          map[string]string
	command         process.Command
	// addresses by the names of ports.
	addresses map[string]string
	// tokens are replaced while the process runs.
	tokens   []*tokenFile
	restarts atomic.Int32

	mu      sync.Mutex
	process *process.Process
	ending  bool
}

// prepare what a pod's process needs: its environment, program, credentials and Secrets.
func (k *kubelet) prepare(ctx context.Context, o *corev1.Pod) (*pod, error) {
	c := o.Spec.Containers[0]
	p := &pod{namespace: o.Namespace, name: o.Name, uid: o.UID, labels: o.Labels, addresses: map[string]string{}}
	dir := filepath.Join(k.dir, o.Namespace, o.Name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make its folder: %w", err)
	}
	variables, err := k.configMapVariables(ctx, o)
	if err != nil {
		return nil, err
	}
	prog, err := k.program(ctx, c.Image)
	if err != nil {
		return nil, err
	}
	mounts, err := k.mount(ctx, o, p, dir)
	if err != nil {
		return nil, err
	}
	env := append(podEnvironment(o, variables, mounts), "HOME="+dir)
	if o.Namespace != systemNamespace {
		env = append(env, k.outside...)
	}
	if automount := o.Spec.AutomountServiceAccountToken; automount == nil || *automount {
		// It replaces the files by which a pod finds its API server.
		kubeconfig := filepath.Join(dir, "kubeconfig")
		if err := k.writeKubeConfig(ctx, kubeconfig, o.Namespace, o.Spec.ServiceAccountName, boundTo(o)); err != nil {
			return nil, err
		}
		env = append(env, "KUBECONFIG="+kubeconfig)
	}
	args := append(append([]string{}, prog.args...), c.Args...)
	for port, flag := range prog.ports {
		if p.addresses[port], err = process.FreeAddress(ctx); err != nil {
			return nil, err
		}
		args = append(args, flag+"="+p.addresses[port])
	}
	p.command = process.Command{Path: prog.path, Name: "pod " + o.Name, Args: args, Log: k.log("pod-" + o.Name), Env: env}
	return p, nil
}

func (p *pod) start(ctx context.Context) error {
	started, err := process.Start(ctx, p.command)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.process = started
	return nil
}

// current process; nil if there was none.
func (p *pod) current() *process.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.process
}

func (p *pod) isRunning() bool {
	current := p.current()
	return current != nil && current.Running()
}

// ends marks the pod as ending, and reports whether it was not before.
func (p *pod) ends() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	isNew := !p.ending
	p.ending = true
	return isNew
}

func (p *pod) terminate(ctx context.Context) {
	if current := p.current(); current != nil {
		current.Terminate(ctx)
	}
}

// kill the process with SIGKILL.
func (p *pod) kill() {
	if current := p.current(); current != nil {
		current.Kill()
	}
}
