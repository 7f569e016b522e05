// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package integration runs the provider's manager against a real kube-apiserver
// and the Administration API simulator.
package integration

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/inprocess"
	"github.com/crossplane-contrib/provider-openai/cluster/test/rig"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// The tests share one API server, one simulator and one provider, as users do.
// Each has a namespace and projects of its own.
var (
	cp   *controlplane.ControlPlane
	kube client.Client
	sim  *simulator.HTTP
	logs = &logBuffer{}
)

func TestMain(m *testing.M) {
	// Tests mostly wait for the provider, not for a processor.
	if err := flag.Set("test.parallel", "8"); err != nil {
		panic(err)
	}
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func run(m *testing.M) (int, error) {
	ctx := context.Background()
	r, err := rig.Start(ctx, rig.Options{ControllerManager: true})
	if err != nil {
		return 0, err
	}
	defer r.Stop() //nolint:errcheck // The tests have their result by now.
	cp, kube = r.ControlPlane, r.Kube

	sim = simulator.NewHTTP()
	defer sim.Close()

	ctrl.SetLogger(zap.New(zap.WriteTo(logs), zap.UseDevMode(true)))
	mgr, err := inprocess.NewManager(cp.Config, sim.BaseURL())
	if err != nil {
		return 0, err
	}
	stop := inprocess.Start(ctx, mgr)
	code := m.Run()
	return code, stop()
}

// A logBuffer retains all that the provider logs.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
