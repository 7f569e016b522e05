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
	"path/filepath"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/cluster/test/inprocess"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
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
	// They mostly wait for each other's provider, not for a processor.
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
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()

	var err error
	cp, err = controlplane.Start(ctx, controlplane.Options{
		CRDDirectories:    []string{filepath.Join("..", "..", "..", "package", "crds")},
		ControllerManager: true,
	})
	if err != nil {
		return 0, err
	}
	defer cp.Stop() //nolint:errcheck // The tests have their result by now.

	sim = simulator.NewHTTP()
	defer sim.Close()

	scheme, err := controller.Scheme()
	if err != nil {
		return 0, err
	}
	if kube, err = client.New(cp.Config, client.Options{Scheme: scheme}); err != nil {
		return 0, err
	}
	ctrl.SetLogger(zap.New(zap.WriteTo(logs), zap.UseDevMode(true)))
	mgr, err := inprocess.NewManager(cp.Config, sim.BaseURL())
	if err != nil {
		return 0, err
	}

	stopped := make(chan error, 1)
	go func() { stopped <- mgr.Start(ctx) }()
	code := m.Run()
	cancel()
	return code, awaitStop(stopped)
}

// awaitStop of the provider. What holds it up for long is told.
func awaitStop(stopped <-chan error) error {
	late := time.NewTimer(15 * time.Second)
	defer late.Stop()
	select {
	case err := <-stopped:
		return err
	case <-late.C:
	}
	var all bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&all, 1)
	for stack := range strings.SplitSeq(all.String(), "\n\n") {
		if strings.Contains(stack, ").Reconcile") || strings.Contains(stack, "provider-openai/internal") {
			fmt.Fprintf(os.Stderr, "still running:\n%s\n\n", stack)
		}
	}
	return <-stopped
}

// A logBuffer keeps all that the provider logs.
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
