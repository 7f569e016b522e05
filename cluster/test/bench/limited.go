// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"time"
)

// measureLimited measures the time to Ready with a rate limit on every route, and with windows that
// are shorter than a minute.
func (p *environment) measureLimited(ctx context.Context, b *bench) error {
	p.openai.SetRateWindow(b.window)

	ctx, stopWatching := context.WithCancel(ctx)
	defer stopWatching()
	r := newReadiness(b.Size)
	if err := r.watch(ctx, p); err != nil {
		return err
	}
	return p.with(ctx, b, []string{quietPoll}, func(ctx context.Context, b *bench, s *process) error {
		p.openai.take()
		before, err := p.snapshot(s)
		if err != nil {
			return err
		}
		p.openai.SetRateLimit(perMinute)
		if err := p.create(ctx, p.kube, r, b.Size, b.concurrency, nil); err != nil {
			return err
		}
		if err := r.await(ctx, b.limitedPatience()); err != nil {
			if ctx.Err() != nil {
				return err
			}
			b.without(err.Error(), wall, p50, p99)
		} else {
			b.recordReady(r)
		}
		b.compareWithLimit()
		calls := p.openai.take()
		after, err := p.snapshot(s)
		if err != nil {
			return err
		}
		b.recordTraffic(calls, after.writes.since(before.writes), userProvider)
		b.recordCPU(cpu, before, after, 1)
		all, late, within := rateLimited(calls, p.openai.RateWindows)
		b.set(refused, float64(all))
		b.set(refusedLate, float64(late))
		b.set(refusedWithin, float64(within)/float64(time.Millisecond))
		return nil
	})
}

// compareWithLimit compares the wall time with the time that the limit alone requires.
func (b *bench) compareWithLimit() {
	floor, measured := b.report.column(columnFloor, b.Size).number(wall)
	if !measured {
		b.without("the floor was not measured", allowed, allowedRatio)
		return
	}
	seconds := allowedSeconds(b.Size, perMinute, b.window, floor/float64(b.Size))
	b.set(allowed, seconds)
	took, measured := b.number(wall)
	if !measured {
		b.without("not all were Ready", allowedRatio)
		return
	}
	b.set(allowedRatio, took/seconds)
}

// limitedPatience is several times what the limit requires: a provider that ignores the limit may
// never finish.
func (b *bench) limitedPatience() time.Duration {
	windows := (b.Size + perMinute - 1) / perMinute
	return time.Minute + 4*time.Duration(windows)*b.window
}
