// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	// stableFor is how long a state must last once it is reached. The provider polls twice in that
	// time.
	stableFor = 2500 * time.Millisecond

	// requestTimeout is how long a converged replay waits for the request of its point. Writes of
	// polls are repeated in that time.
	requestTimeout = 5 * time.Second
)

// An outcome is the result of a replay.
type outcome struct {
	scenario string
	point    point
	findings []finding
	requests []request
	story    []string
	uses     uses
	took     time.Duration
	dir      string

	// reached reports whether the point's request was made.
	reached bool
}

// replay a scenario with a fault at a point.
func replay(ctx context.Context, s scenario, pt point) outcome {
	start := time.Now()
	out := outcome{scenario: s.name, point: pt}
	p, stop, err := begin(ctx, s, pt)
	if stop != nil {
		defer stop()
	}
	if err == nil {
		out.dir = p.provider.dir
		err = out.play(ctx, p, s)
		out.requests, out.story, out.reached = p.tap.requests(), p.tap.story(), p.tap.faults() > 0
		out.findings = append(out.findings, p.canary(ctx)...)
		if s.cleanUp != nil {
			p.provider.kill()
			err = errors.Join(err, s.cleanUp(ctx, p))
		}
	}
	if err != nil {
		out.findings = append(out.findings, findingsOf(err)...)
	}
	out.took = time.Since(start)
	return out
}

// begin creates the environment of a replay, with a running provider.
func begin(ctx context.Context, s scenario, pt point) (p *environment, stop func(), err error) {
	t := newTap(s, pt)
	var wires *proxies
	p, err = newEnvironment(ctx, func(namespace string) (string, error) {
		wires, err = newProxies(t, namespace)
		if err != nil {
			return "", err
		}
		return wires.openAI.URL + "/v1", nil
	})
	if err != nil {
		return nil, wires.close, err
	}
	p.tap = t
	dir := filepath.Join(logs, fileName(s.name), fileName(pt.String()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, wires.close, fmt.Errorf("cannot make a directory for logs: %w", err)
	}
	if p.provider, err = newProvider(dir, wires.kubernetes.URL, p.namespace, leaderElection(s.flags)...); err != nil {
		return nil, wires.close, err
	}
	t.kill = p.provider.kill
	stop = func() {
		p.provider.kill()
		wires.close()
		_ = p.provider.log.Close() // all was written by the provider itself
	}
	return p, stop, p.provider.start(ctx)
}

// leaderElection is off unless a scenario is about it: a killed leader's Lease takes
// 15 s to expire.
func leaderElection(flags []string) []string {
	if slices.Contains(flags, "--leader-election") {
		return flags
	}
	return append([]string{"--no-leader-election"}, flags...)
}

var unfitForFiles = regexp.MustCompile(`[^A-Za-z0-9#]+`)

func fileName(s string) string { return strings.Trim(unfitForFiles.ReplaceAllString(s, "-"), "-") }

// play the scenario to its end. The error has the findings, except those of consumers.
func (out *outcome) play(ctx context.Context, p *environment, s scenario) error {
	if s.prepare != nil {
		if err := s.prepare(ctx, p); err != nil {
			return fmt.Errorf("cannot prepare: %w", err)
		}
	}
	if len(s.inUse) > 0 {
		stop := p.use(ctx, s.inUse)
		defer func() {
			out.uses = stop()
			out.findings = append(out.findings, out.uses.findings()...)
		}()
	}
	p.tap.arm()
	if err := s.trigger(ctx, p); err != nil {
		return fmt.Errorf("cannot begin: %w", err)
	}

	check := func(ctx context.Context) ([]finding, error) { return p.judge(ctx, s.desired) }
	if out.point.mode != undisturbed {
		if err := p.awaitFault(ctx, check); err != nil {
			return err
		}
	}
	for {
		err := p.await(ctx, "a good end", check)
		if err != nil || out.point.mode == undisturbed {
			return err
		}
		if lasting, err := p.lasts(ctx, check); lasting || err != nil {
			return err
		}
	}
}

// awaitFault awaits that the fault happens, and restarts the provider if it was killed. It also
// returns if the state is reached without the fault.
func (p *environment) awaitFault(ctx context.Context, check func(context.Context) ([]finding, error)) error {
	var since time.Time
	err := wait.PollUntilContextTimeout(ctx, 20*time.Millisecond, patience, true, func(ctx context.Context) (bool, error) {
		select {
		case <-p.tap.struck:
			return true, nil
		default:
		}
		if !since.IsZero() {
			return time.Since(since) > requestTimeout, nil
		}
		if err := p.provider.died(); err != nil {
			return false, err
		}
		f, err := check(ctx)
		if err == nil && len(f) == 0 {
			since = time.Now()
		}
		return false, err
	})
	if err != nil && !wait.Interrupted(err) {
		return err
	}
	select {
	case <-p.tap.struck:
	default:
		return nil
	}
	if p.tap.point.mode.kills() {
		if err := p.provider.start(ctx); err != nil {
			return err
		}
	}
	p.tap.late.Wait()
	return nil
}

// lasts reports whether a state does not change for a while. A state that changes may be reached
// again, but Secrets must work all the time.
func (p *environment) lasts(ctx context.Context, check func(context.Context) ([]finding, error)) (bool, error) {
	select {
	case <-ctx.Done():
		return false, errors.New("the test was stopped")
	case <-time.After(stableFor):
	}
	f, err := check(ctx)
	if err != nil || len(f) == 0 {
		return true, err
	}
	p.tap.note(p.tap.point.request, "the state did not last: %v", f)
	if slices.ContainsFunc(f, func(one finding) bool { return one.kind == dead || one.kind == refused }) {
		return false, &notConvergedError{what: "a state that lasts", findings: f}
	}
	return false, nil
}
