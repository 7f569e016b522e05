// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command bench measures the provider at work on many keys: with a real etcd and
// kube-apiserver, the provider as a process of its own, and the simulator in place
// of OpenAI.
//
// Beside the provider it measures a floor, which is the least that anybody could do
// to the same end, and the same provider with its inventory and its rate limiting
// turned off. docs/performance.md describes the figures.
//
//	go run ./cluster/test/bench -sizes 100
//	go run ./cluster/test/bench -sizes 1000 -phases provider,poll
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/log/zap"

	proc "github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

func main() { proc.Main("bench", run) }

// The phases of a run. Those after the first two continue the provider's.
const (
	phaseFloor    = "floor"
	phaseProvider = "provider"
	phaseNaive    = "naive"
	phaseLimited  = "limited"
	phaseRestart  = "restart"
	phasePoll     = "poll"
)

var phases = []string{phaseFloor, phaseProvider, phaseNaive, phaseLimited, phaseRestart, phasePoll}

// options of a run.
type options struct {
	sizes       []int
	phases      []string
	out         string
	provider    string
	concurrency int
	window      time.Duration
	assert      bool
	guardrails  bool
}

func (o options) has(phase string) bool { return slices.Contains(o.phases, phase) }

func parse(args []string) (options, error) {
	var o options
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	sizes := flags.String("sizes", "100,1000,10000", "numbers of keys, in ascending order")
	chosen := flags.String("phases", strings.Join(phases, ","), "what to measure; restart and poll need provider or naive")
	flags.StringVar(&o.out, "out", filepath.Join("_output", "bench"), "folder for the results and logs")
	flags.StringVar(&o.provider, "provider", "", "provider binary to measure (default: build it)")
	flags.IntVar(&o.concurrency, "concurrency", 200, "the provider's --max-reconcile-rate, and how many plain clients work at a time")
	flags.DurationVar(&o.window, "window", 6*time.Second, "how long a minute of the rate limit lasts")
	flags.BoolVar(&o.guardrails, "guardrails", false, "measure the seven guardrails of 100 projects instead of keys")
	flags.BoolVar(&o.assert, "assert", false, "fail if a target is missed")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	for field := range strings.SplitSeq(*sizes, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < projectCount {
			return o, fmt.Errorf("cannot use size %q: give numbers of keys from %d on, such as 100,1000", field, projectCount)
		}
		o.sizes = append(o.sizes, n)
	}
	slices.Sort(o.sizes)
	for field := range strings.SplitSeq(*chosen, ",") {
		phase := strings.TrimSpace(field)
		if !slices.Contains(phases, phase) {
			return o, fmt.Errorf("cannot measure phase %q: there are %s", phase, strings.Join(phases, ", "))
		}
		o.phases = append(o.phases, phase)
	}
	return o, nil
}

func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return nil
	}
	if err != nil {
		return err
	}
	if o.out, err = filepath.Abs(o.out); err != nil {
		return fmt.Errorf("cannot make the folder %q absolute: %w", o.out, err)
	}
	if err := os.MkdirAll(o.out, 0o750); err != nil {
		return fmt.Errorf("cannot make a folder for the results: %w", err)
	}
	if o.provider == "" {
		if o.provider, err = build(ctx, o.out); err != nil {
			return err
		}
	}
	// envtest logs nothing beyond the control plane's own logs.
	ctrl.SetLogger(zap.New(zap.WriteTo(io.Discard)))
	if o.guardrails {
		r, err := measureGuardrails(ctx, o)
		if err != nil {
			return err
		}
		fmt.Println(r.table())
		return nil
	}
	r, err := measure(ctx, o)
	if err != nil {
		return err
	}
	if err := r.write(o.out); err != nil {
		return err
	}
	fmt.Println(r.table())
	if missed := r.missed(); o.assert && missed > 0 {
		return fmt.Errorf("%d of %d targets were missed", missed, len(r.Verdicts))
	}
	return nil
}

// build the provider as in a release, except for its version.
func build(ctx context.Context, out string) (string, error) {
	say("building the provider")
	binary := filepath.Join(out, "provider")
	return binary, proc.Build(ctx, ".", "./cmd/provider", binary)
}

// say prints progress to standard error, separate from the results.
func say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, time.Now().Format(time.TimeOnly)+" "+format+"\n", args...)
}
