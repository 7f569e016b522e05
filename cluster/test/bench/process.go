// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	// startTimeout is generous because the machine may be compiling at the same time.
	startTimeout = 90 * time.Second
	stopTimeout  = 60 * time.Second
	pause        = 250 * time.Millisecond

	// calm is how long nothing must have happened for all to be done. A provider looks
	// once more at what it has just created, a second later.
	calm = 3 * time.Second
)

// errUnsupported says that the provider does not know a flag.
var errUnsupported = errors.New("not supported by this provider build")

// naiveFlags turn off what the provider saves calls with.
var naiveFlags = []string{"--no-inventory", "--no-request-budget"}

// probe that a provider knows some flags.
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
	cmd     *exec.Cmd
	metrics string
	began   time.Time
	// before is what was written before the process began.
	before writes
	// exited is closed once the process is gone.
	exited chan struct{}
}

// start the provider and wait until its controller of ProjectAPIKeys works.
func (p *place) start(ctx context.Context, o options, flags ...string) (*process, error) {
	if err := p.freeLease(ctx); err != nil {
		return nil, err
	}
	before, err := p.audit.count()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.OpenFile(filepath.Join(p.dir, "provider.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cannot make the provider's log: %w", err)
	}
	defer func() { _ = log.Close() }() // The process has a copy of its own.

	cmd := exec.CommandContext(ctx, o.provider, append([]string{
		fmt.Sprintf("--max-reconcile-rate=%d", o.concurrency),
		"--leader-election-namespace=" + systemNamespace,
		"--metrics-bind-address=" + address, "--health-probe-bind-address=0",
	}, flags...)...)
	// Nothing of the environment, which may hold credentials of the developer.
	cmd.Env = []string{"KUBECONFIG=" + p.kubeConfig(), "HOME=" + p.dir}
	cmd.Stdout, cmd.Stderr = log, log
	// Ctrl-C in a terminal is for this program, which ends the process itself.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	s := &process{cmd: cmd, metrics: "http://" + address + "/metrics", began: time.Now(), before: before, exited: make(chan struct{})}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("cannot start the provider: %w", err)
	}
	go func() {
		defer close(s.exited)
		_ = cmd.Wait() // How it ended is in its log.
	}()

	err = s.until(ctx, startTimeout, func(m samples) bool {
		return m.sum("controller_runtime_max_concurrent_reconciles") > 0
	})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("the provider did not start, its log is in %q: %w", p.dir, err), s.stop(ctx))
	}
	return s, nil
}

// freeAddress returns an address on loopback that nothing listens on right now.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("cannot find a free port: %w", err)
	}
	return l.Addr().String(), l.Close()
}

// scrape the process's metrics.
func (s *process) scrape(ctx context.Context) (samples, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.metrics, http.NoBody)
	if err != nil {
		return "", err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", fmt.Errorf("cannot read the provider's metrics: %w", err)
	}
	defer func() { _ = res.Body.Close() }() // It was only read.
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return "", fmt.Errorf("cannot read the provider's metrics: %w", err)
	}
	return samples(body), nil
}

// until the metrics are as wanted.
func (s *process) until(ctx context.Context, patience time.Duration, wanted func(samples) bool) error {
	return wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		select {
		case <-s.exited:
			return false, errors.New("the provider ended by itself")
		default:
		}
		m, err := s.scrape(ctx)
		if err != nil {
			return false, nil //nolint:nilerr // It does not listen yet, or is busy.
		}
		return wanted(m), nil
	})
}

// settle waits until so many reconciles were done and nothing happened any more for
// a while. It returns when the last of them was seen.
func (s *process) settle(ctx context.Context, atLeast int, patience time.Duration) (time.Time, error) {
	last, changed := -1.0, time.Now()
	err := s.until(ctx, patience, func(m samples) bool {
		if done := m.reconciles(); done != last || m.busy() {
			last, changed = done, time.Now()
		}
		return last >= float64(atLeast) && time.Since(changed) >= calm
	})
	if err != nil {
		return changed, fmt.Errorf("the provider did not come to rest after %.0f reconciles of %d objects: %w", last, atLeast, err)
	}
	return changed, nil
}

// stop the process as Kubernetes stops a pod, and kill it if it does not end.
func (s *process) stop(ctx context.Context) error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // Fails only if it is gone already.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	select {
	case <-s.exited:
		return nil
	case <-ctx.Done():
	}
	_ = s.cmd.Process.Kill() // Fails only if it is gone already.
	<-s.exited
	return fmt.Errorf("the provider did not stop within %s", stopTimeout)
}
