// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	proc "github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

const (
	// startTimeout is generous because the machine may be compiling at the same time.
	startTimeout = 90 * time.Second
	stopTimeout  = 60 * time.Second
	pause        = 250 * time.Millisecond

	// quietPeriod is the time without reconciles after which all work counts as done. The provider
	// reconciles an object once more when its cache shows the changes of the first reconcile.
	quietPeriod = 3 * time.Second
)

// errUnsupported says that the provider does not know a flag.
var errUnsupported = errors.New("not supported by this provider build")

// naiveFlags turn off the features by which the provider saves calls.
var naiveFlags = []string{"--no-inventory", "--no-rate-limiting"}

// probe checks that a provider knows these flags.
func probe(ctx context.Context, binary string, flags []string) error {
	cmd := exec.CommandContext(ctx, binary, append(flags, "--version")...)
	cmd.Env = []string{}
	out, err := cmd.CombinedOutput()
	switch {
	case err == nil:
		return nil
	case bytes.Contains(out, []byte("unknown long flag")):
		return errUnsupported
	default:
		return fmt.Errorf("cannot run the provider %q: %w: %s", binary, err, bytes.TrimSpace(out))
	}
}

// A process of the provider.
type process struct {
	*proc.Process

	metrics string
	began   time.Time
	// before are the writes before the process started.
	before writes
}

// start the provider and wait until its ProjectAPIKey controller has started.
func (p *environment) start(ctx context.Context, o options, flags ...string) (*process, error) {
	if err := p.freeLease(ctx); err != nil {
		return nil, err
	}
	before, err := p.audit.count()
	if err != nil {
		return nil, err
	}
	address, err := proc.FreeAddress(ctx)
	if err != nil {
		return nil, err
	}
	s := &process{metrics: "http://" + address + "/metrics", began: time.Now(), before: before}
	if s.Process, err = proc.Start(ctx, proc.Command{
		Path: o.provider, Name: "the provider", Log: filepath.Join(p.dir, "provider.log"),
		Args: append([]string{
			fmt.Sprintf("--max-reconcile-rate=%d", o.concurrency),
			"--leader-election-namespace=" + systemNamespace,
			"--metrics-bind-address=" + address, "--health-probe-bind-address=0",
		}, flags...),
		// Nothing of the environment, which may hold credentials of the developer.
		Env: []string{"KUBECONFIG=" + p.kubeConfig(), "HOME=" + p.dir},
	}); err != nil {
		return nil, err
	}
	err = s.until(ctx, startTimeout, func(m samples) bool {
		return m.sum("controller_runtime_max_concurrent_reconciles") > 0
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the provider did not start, its log is in %q: %w", p.dir, err), s.stop(ctx))
	}
	return s, nil
}

// scrape the process's metrics.
func (s *process) scrape(ctx context.Context) (samples, error) {
	body, err := proc.Get(ctx, http.DefaultClient, s.metrics)
	if err != nil {
		return "", fmt.Errorf("cannot read the provider's metrics: %w", err)
	}
	return samples(body), nil
}

// until waits for a condition of the metrics.
func (s *process) until(ctx context.Context, patience time.Duration, wanted func(samples) bool) error {
	return wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		if !s.Running() {
			return false, errors.New("the provider ended by itself")
		}
		m, err := s.scrape(ctx)
		if err != nil {
			return false, nil //nolint:nilerr // it does not listen yet, or is busy
		}
		return wanted(m), nil
	})
}

// settle waits until this many reconciles were done and a quiet period has followed. It returns the
// time of the last reconcile that was seen.
func (s *process) settle(ctx context.Context, atLeast int, patience time.Duration) (time.Time, error) {
	last, changed := -1.0, time.Now()
	err := s.until(ctx, patience, func(m samples) bool {
		if done := m.reconciles(); done != last || m.busy() {
			last, changed = done, time.Now()
		}
		return last >= float64(atLeast) && time.Since(changed) >= quietPeriod
	})
	if err != nil {
		return changed, fmt.Errorf("the provider did not come to rest after %.0f reconciles of %d objects: %w", last, atLeast, err)
	}
	return changed, nil
}

// stop the process as Kubernetes stops a pod: SIGTERM, then SIGKILL if it does not end.
func (s *process) stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	s.Terminate(ctx)
	if ctx.Err() != nil {
		return fmt.Errorf("the provider did not stop within %s", stopTimeout)
	}
	return nil
}
