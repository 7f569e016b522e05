// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// quietPoll prevents polls in phases that do not measure them.
const quietPoll = "--poll=4h"

const (
	// cycles is the number of poll cycles that are measured.
	cycles = 3

	// leastPerCycle is the minimum average number of reconciles per object in a cycle. Because of
	// jitter it is a little less than one.
	leastPerCycle = 0.8
)

// pollInterval is long enough to reconcile n objects.
func pollInterval(n int) time.Duration {
	const shortest, perKey = 15 * time.Second, 10 * time.Millisecond
	return max(shortest, time.Duration(n)*perKey)
}

// measureProvider measures the time to Ready, and in new processes a restart and the polls.
func (p *environment) measureProvider(ctx context.Context, b *bench) error {
	if err := p.measureReady(ctx, b); err != nil {
		return err
	}
	if b.has(phaseRestart) {
		if err := p.with(ctx, b, []string{quietPoll}, p.measureRestart); err != nil {
			return fmt.Errorf("after a restart: %w", err)
		}
	}
	if b.has(phasePoll) {
		if err := p.with(ctx, b, []string{"--poll=" + pollInterval(b.Size).String()}, p.measurePolls); err != nil {
			return fmt.Errorf("while polling: %w", err)
		}
	}
	return nil
}

// with runs a phase with a provider process, and records the peak of its memory.
func (p *environment) with(ctx context.Context, b *bench, flags []string, do func(context.Context, *bench, *process) error) (err error) {
	p.openai.take()
	s, err := p.start(ctx, b.options, append(flags, b.flags...)...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop(ctx)) }()
	if err := do(ctx, b, s); err != nil {
		return fmt.Errorf("%w: the provider's log is in %q", err, p.dir)
	}
	u, err := s.Usage()
	if err != nil {
		b.without(err.Error(), rss)
		return nil
	}
	if peak, measured := b.number(rss); !measured || u.PeakMiB > peak {
		b.set(rss, u.PeakMiB)
	}
	return nil
}

func (p *environment) measureReady(ctx context.Context, b *bench) error {
	ctx, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	r := newReadiness(b.Size)
	if err := r.watch(ctx, p); err != nil {
		return err
	}
	return p.with(ctx, b, []string{quietPoll}, func(ctx context.Context, b *bench, s *process) error {
		before, err := p.snapshot(s)
		if err != nil {
			return err
		}
		notePlane := p.countPlane(ctx, b)
		if err := p.create(ctx, p.kube, r, b.Size, b.concurrency, nil); err != nil {
			return err
		}
		if err := r.await(ctx, b.patience()); err != nil {
			return err
		}
		notePlane()
		// Work that follows the last Ready condition counts too.
		if _, err := s.settle(ctx, b.Size, b.patience()); err != nil {
			return err
		}
		calls := p.openai.take()
		after, err := p.snapshot(s)
		if err != nil {
			return err
		}
		b.recordReady(r)
		b.recordTraffic(calls, after.writes.since(before.writes), userProvider)
		b.recordCPU(cpu, before, after, 1)
		return p.checkOutcome(b.Size)
	})
}

// recordCPU records the CPU time per round.
func (b *bench) recordCPU(key string, before, after snapshot, rounds float64) {
	if err := errors.Join(before.noUsage, after.noUsage); err != nil {
		b.without(err.Error(), key)
		return
	}
	b.set(key, (after.usage.CPUSeconds-before.usage.CPUSeconds)/rounds)
}

// measureRestart measures until every object was reconciled once. The process has just been
// started.
func (p *environment) measureRestart(ctx context.Context, b *bench, s *process) error {
	last, err := s.settle(ctx, b.Size, b.patience())
	if err != nil {
		return err
	}
	after, err := p.audit.count()
	if err != nil {
		return err
	}
	b.set(restartSeconds, last.Sub(s.began).Seconds())
	b.set(restartCalls, float64(len(p.openai.take())))
	b.set(restartWrites, float64(after.since(s.before).objects(userProvider)))
	return nil
}

// measurePolls measures some cycles after the first complete one. A cycle lasts a poll interval; in
// each, every object is reconciled once, with jitter.
func (p *environment) measurePolls(ctx context.Context, b *bench, s *process) error {
	cycle := pollInterval(b.Size)
	if err := s.until(ctx, b.patience(), func(m samples) bool { return m.reconciles() >= float64(b.Size) }); err != nil {
		return fmt.Errorf("not every object was reconciled: %w", err)
	}
	if err := s.wait(ctx, cycle+cycle/2); err != nil {
		return err
	}
	first, err := s.scrape(ctx)
	if err != nil {
		return err
	}
	before, err := p.snapshot(s)
	if err != nil {
		return err
	}
	if err := s.wait(ctx, cycles*cycle); err != nil {
		return err
	}
	elapsed, calls := time.Since(before.at), p.openai.take()
	after, err := p.snapshot(s)
	if err != nil {
		return err
	}
	second, err := s.scrape(ctx)
	if err != nil {
		return err
	}
	say("%d calls to OpenAI in %s: %v", len(calls), elapsed.Round(time.Millisecond), byRoute(calls))

	b.set(cycleSeconds, cycle.Seconds())
	b.set(cycleCalls, float64(len(calls))/cycles/projectCount)
	b.set(cycleWrites, float64(after.writes.since(before.writes).objects(userProvider))/cycles/float64(b.Size))
	b.recordCPU(cycleCPU, before, after, cycles)
	looks := (second.reconciles() - first.reconciles()) / cycles / float64(b.Size)
	b.set(cycleReconciles, looks)
	if looks < leastPerCycle {
		b.without(fmt.Sprintf("only %.2f of the objects were reconciled in a cycle, which is too short for this machine", looks), cycleCalls, cycleWrites)
	}
	return nil
}

// wait for this time, unless the process ends earlier.
func (s *process) wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-s.Exited():
		return errors.New("the provider ended by itself")
	case <-ctx.Done():
		return ctx.Err()
	}
}
