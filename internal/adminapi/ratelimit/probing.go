// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import "time"

const (
	// firstTrialPeriods is how many periods pass before the first trial of more calls than the
	// estimated limit. Each trial that fails doubles the interval.
	firstTrialPeriods = 4
	// maxTrialInterval bounds the interval between two trials.
	maxTrialInterval = time.Hour
)

// A limitProbing finds out whether a limit was raised: in trials, it sends calls beyond the estimate, called
// probes. These are sent one at a time, so that at most one of a trial is refused.
type limitProbing struct {
	every time.Duration // interval of trials
	next  time.Time     // when the next trial may begin; zero while no limit is known

	probes    int       // probes allowed in this period; 0 if there is no trial
	succeeded int       // probes that succeeded in this period
	period    time.Time // when this period of the trial began
	inFlight  bool
	grown     bool // whether any probe of this trial succeeded
}

// refresh begins a trial, or its next period, with twice the probes if all of the last succeeded.
func (g *limitProbing) refresh(now time.Time, period time.Duration) {
	if g.next.IsZero() || now.Before(g.next) || (g.probes > 0 && now.Before(g.period.Add(period))) {
		return
	}
	switch {
	case g.probes == 0:
		g.probes = 1
	case g.succeeded >= g.probes:
		g.probes *= 2
	}
	g.succeeded, g.period = 0, now
}

// allows reports whether a probe may be sent.
func (g *limitProbing) allows() bool { return g.room() > 0 && !g.inFlight }

// room is how many more probes this period has.
func (g *limitProbing) room() int { return max(0, g.probes-g.succeeded) }

func (g *limitProbing) begin()  { g.inFlight = true }
func (g *limitProbing) cancel() { g.inFlight = false }

func (g *limitProbing) succeed() {
	g.inFlight, g.grown = false, true
	g.succeeded++
}

// fail ends a trial because a probe was refused. The next is twice as late, unless this one had any
// success.
func (g *limitProbing) fail(now time.Time, period time.Duration) {
	every := 2 * g.every
	if g.grown {
		every = firstTrialPeriods * max(period, usualPeriod)
	}
	g.end(now, min(every, max(maxTrialInterval, firstTrialPeriods*period)))
}

// drop a trial that showed nothing. The interval stays.
func (g *limitProbing) drop(now time.Time) { g.end(now, g.every) }

// reset the trials, since the limit proved lower than estimated.
func (g *limitProbing) reset(now time.Time, period time.Duration) {
	g.end(now, firstTrialPeriods*max(period, usualPeriod))
}

func (g *limitProbing) end(now time.Time, every time.Duration) {
	*g = limitProbing{every: every, next: now.Add(every)}
}
