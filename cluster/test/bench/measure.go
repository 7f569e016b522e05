// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	proc "github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// The names of columns.
const (
	columnFloor    = "floor"
	columnProvider = "provider"
	columnNaive    = "naive"
	columnLimited  = "limited"
)

const (
	// largestNaive and largestLimited are the sizes beyond which a column would take hours, or
	// minutes without new insight.
	largestNaive   = 1000
	largestLimited = 1000

	// perMinute is the rate limit of the limited column.
	perMinute = 60
)

// measure every column at every size, in sequence, so that none disturbs another.
func measure(ctx context.Context, o options) (*report, error) {
	r := &report{Began: time.Now().UTC(), CPUs: runtime.NumCPU(), Concurrency: o.concurrency, Window: o.window.String(), PerMinute: perMinute}
	naive := probe(ctx, o.provider, naiveFlags)
	if naive != nil && !errors.Is(naive, errUnsupported) {
		return nil, naive
	}
	for _, n := range o.sizes {
		for _, c := range []struct {
			name   string
			phase  string
			reason string
			run    func(*environment, context.Context, *bench) error
		}{
			{columnFloor, phaseFloor, "", (*environment).measureFloor},
			{columnProvider, phaseProvider, "", (*environment).measureProvider},
			{columnNaive, phaseNaive, whyNoNaive(n, naive), (*environment).measureProvider},
			{columnLimited, phaseLimited, whyNoLimited(n), (*environment).measureLimited},
		} {
			if !o.has(c.phase) {
				continue
			}
			b := &bench{options: o, Column: newColumn(c.name, n), report: r}
			r.Columns = append(r.Columns, b.Column)
			if b.Reason = c.reason; b.Reason != "" {
				say("%s, %d keys: %s", c.name, n, c.reason)
				continue
			}
			if c.name == columnNaive {
				b.flags = naiveFlags
			}
			if err := b.inEnvironment(ctx, c.run); err != nil {
				return nil, fmt.Errorf("cannot measure the column %q at %d keys: %w", c.name, n, err)
			}
		}
	}
	r.derive()
	r.Verdicts = r.judge()
	return r, nil
}

func whyNoNaive(n int, unsupported error) string {
	switch {
	case unsupported != nil:
		return unsupported.Error()
	case n > largestNaive:
		return "would take hours"
	}
	return ""
}

func whyNoLimited(n int) string {
	if n > largestLimited {
		return fmt.Sprintf("measured up to %d", largestLimited)
	}
	return ""
}

// A bench is the measurement of one column.
type bench struct {
	options
	*Column
	report *report
	flags  []string
}

// inEnvironment runs the measurement in a new environment.
func (b *bench) inEnvironment(ctx context.Context, run func(*environment, context.Context, *bench) error) (err error) {
	say("%s, %d keys", b.Name, b.Size)
	p, err := newEnvironment(ctx, filepath.Join(b.out, fmt.Sprintf("%s-%d", b.Name, b.Size)))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.close()) }() //nolint:contextcheck // Stop goes on when the context has ended.
	return run(p, ctx, b)
}

// patience is the timeout of a phase.
func (b *bench) patience() time.Duration {
	return 5*time.Minute + time.Duration(b.Size)*200*time.Millisecond
}

// A snapshot has the counters at one moment.
type snapshot struct {
	at     time.Time
	writes writes
	usage  proc.Usage
	// noUsage is the reason why there is no usage.
	noUsage error
}

// snapshot returns the counters now, and drops the earlier calls to OpenAI.
func (p *environment) snapshot(s *process) (snapshot, error) {
	w, err := p.audit.count()
	if err != nil {
		return snapshot{}, err
	}
	m := snapshot{at: time.Now(), writes: w}
	m.usage, m.noUsage = s.Usage()
	p.openai.take()
	return m, nil
}

// recordReady records the times to Ready.
func (b *bench) recordReady(r *readiness) {
	b.set(wall, r.wall().Seconds())
	b.set(p50, percentile(r.times(), 50).Seconds())
	b.set(p99, percentile(r.times(), 99).Seconds())
}

// recordTraffic records the number of requests.
func (b *bench) recordTraffic(calls []call, w writes, user string) {
	n := float64(b.Size)
	b.Calls, b.Writes = byRoute(calls), w.named(user)
	b.set(callsPerKey, float64(len(calls))/n)
	b.set(writesPerKey, float64(w.objects(user))/n)
	b.set(eventsPerKey, float64(w.events(user))/n)
}

func (p *environment) measureFloor(ctx context.Context, b *bench) error {
	ctx, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	r := newReadiness(b.Size)
	if err := r.watch(ctx, p); err != nil {
		return err
	}
	before, err := p.audit.count()
	if err != nil {
		return err
	}
	notePlane := p.countPlane(ctx, b)
	worker := newMinimalWorker(p, b.concurrency)
	if err := p.create(ctx, p.floor, r, b.Size, b.concurrency, worker.issue); err != nil {
		return err
	}
	if err := r.await(ctx, b.patience()); err != nil {
		return err
	}
	notePlane()
	after, err := p.audit.count()
	if err != nil {
		return err
	}
	b.recordReady(r)
	b.recordTraffic(p.openai.take(), after.since(before), userFloor)
	return p.checkOutcome(b.Size)
}
