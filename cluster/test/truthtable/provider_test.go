// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package truthtable compares how tools interpret an object's status with the actual state of the
// object. It is a module of its own, so that nothing else depends on the libraries of these tools.
package truthtable

import (
	"io"
	"path/filepath"
	"sync"
	"testing"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/inprocess"
	"github.com/crossplane-contrib/provider-openai/cluster/test/rig"
)

// root of the repository, relative to this folder.
var root = filepath.Join("..", "..", "..")

// An environment is a control plane with the provider's kinds. The provider is started and stopped
// in it.
type environment struct {
	cp   *controlplane.ControlPlane
	kube client.Client
	// kubeconfig is a file for kubectl.
	kubeconfig string
}

func newEnvironment(t *testing.T) *environment {
	t.Helper()
	r, err := rig.Start(t.Context(), rig.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Stop(); err != nil {
			t.Error(err)
		}
	})
	p := &environment{cp: r.ControlPlane, kube: r.Kube, kubeconfig: filepath.Join(r.StateDir, "kubeconfig")}
	if err := r.WriteKubeConfig(p.kubeconfig); err != nil {
		t.Fatal(err)
	}
	ctrl.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	return p
}

// startProvider runs the provider until stop. It cannot be started again: one process uses the name
// of a controller only once.
func (p *environment) startProvider(t *testing.T) (stop func()) {
	t.Helper()
	// Each tenant sets a base URL, so that the default is never used.
	mgr, err := inprocess.NewManager(p.cp.Config, "http://127.0.0.1:1/v1/")
	if err != nil {
		t.Fatal(err)
	}
	end := inprocess.Start(t.Context(), mgr)
	stop = sync.OnceFunc(func() {
		if err := end(); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}
