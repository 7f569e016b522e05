// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package crash kills and disturbs the provider at every mutating request, and checks that it
// always recovers: with one working key for every ProjectAPIKey, and with no unclaimed key.
//
// The provider is a real process between two proxies, one before the kube-apiserver and one before
// the simulator of the Administration API. A scenario is run once undisturbed to learn its
// requests, and then once for every request and every [mode] of fault. Each of these replays has a
// namespace, projects and a provider process of its own, so that many run at a time on one control
// plane.
//
//	go test -v -timeout 2h ./cluster/test/crash -crash.full
//	go test -v ./cluster/test/crash -crash.subset
//	go test -v ./cluster/test/crash -crash.full -crash.scenario='deleted by hand' -crash.mode='killed'
//	go test -tags soak -v -timeout 1h ./cluster/test/crash -run TestSoak -crash.soak=10m
//
// Without flags a few points are replayed, to see that the harness works.
package crash

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"

	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/canary"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
	"github.com/crossplane-contrib/provider-openai/cluster/test/rig"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var (
	full     = flag.Bool("crash.full", false, "replay every request in every mode")
	subset   = flag.Bool("crash.subset", false, "replay every request in a few of the modes, always the same ones")
	only     = flag.String("crash.scenario", "", "replay the scenarios whose names match this regular expression")
	onlyMode = flag.String("crash.mode", "", "replay in the modes whose names match this regular expression")
	onlyCall = flag.String("crash.request", "", "replay the requests whose labels match this regular expression")
	lanes    = flag.Int("crash.lanes", 4*runtime.NumCPU(), "how many replays run at a time")
	keepLogs = flag.Bool("crash.keep-logs", false, "keep the logs of replays that went well, too")
)

// All replays share these.
var (
	kube     client.Client
	kubeHTTP *rest.Config
	sim      *simulator.HTTP
	binary   string
	logs     string
	total    report
)

func TestMain(m *testing.M) {
	flag.Parse()
	code, err := run(m)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	if total.points > 0 {
		// Printed last, after the output of the test run.
		fmt.Println(total.line())
	}
	os.Exit(code)
}

func run(m *testing.M) (code int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	if logs, err = os.MkdirTemp("", "provider-crash-"); err != nil {
		return 0, fmt.Errorf("cannot make a directory for logs and binaries: %w", err)
	}
	defer func() {
		if code == 0 && err == nil && !*keepLogs {
			err = os.RemoveAll(logs)
			return
		}
		fmt.Fprintf(os.Stderr, "logs are kept in %q\n", logs)
	}()

	binary = filepath.Join(logs, "provider")
	built := make(chan error, 1)
	go func() { built <- process.Build(ctx, filepath.Join("..", "..", ".."), "./cmd/provider", binary) }()

	r, err := rig.Start(ctx, rig.Options{ControllerManager: true})
	if err != nil {
		return 0, errors.Join(err, <-built)
	}
	defer r.Stop() //nolint:errcheck // The tests have their result by now.
	if err := <-built; err != nil {
		return 0, err
	}

	sim = simulator.NewHTTP()
	sim.SetQuirks(simulator.Quirks{SpendAlertSetsLimit: true})
	defer sim.Close()
	kube, kubeHTTP = r.Kube, r.Config
	// An interrupted test must not leave provider processes behind.
	defer context.AfterFunc(ctx, func() { processes.killAll(); os.Exit(1) })()
	defer processes.killAll()
	code = m.Run()
	return code, canary.Stored(ctx, r)
}
