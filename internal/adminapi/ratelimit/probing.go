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
func (p *limitProbing) refresh(now time.Time, period time.Duration) {
	if p.next.IsZero() || now.Before(p.next) || (p.probes > 0 && now.Before(p.period.Add(period))) {
		return
	}
	switch {
	case p.probes == 0:
		p.probes = 1
	case p.succeeded >= p.probes:
		p.probes *= 2
	}
	p.succeeded, p.period = 0, now
}

// allows reports whether a probe may be sent.
func (p *limitProbing) allows() bool { return p.room() > 0 && !p.inFlight }

// room is how many more probes this period has.
func (p *limitProbing) room() int { return max(0, p.probes-p.succeeded) }

func (p *limitProbing) begin()  { p.inFlight = true }
func (p *limitProbing) cancel() { p.inFlight = false }

func (p *limitProbing) succeed() {
	p.inFlight, p.grown = false, true
	p.succeeded++
}

// fail ends a trial because a probe was refused. The next is twice as late, unless this one had any
// success.
func (p *limitProbing) fail(now time.Time, period time.Duration) {
	every := 2 * p.every
	if p.grown {
		every = firstTrialPeriods * max(period, usualPeriod)
	}
	p.end(now, min(every, max(maxTrialInterval, firstTrialPeriods*period)))
}

// drop a trial that showed nothing. The interval stays.
func (p *limitProbing) drop(now time.Time) { p.end(now, p.every) }

// reset the trials, since the limit proved lower than estimated.
func (p *limitProbing) reset(now time.Time, period time.Duration) {
	p.end(now, firstTrialPeriods*max(period, usualPeriod))
}

func (p *limitProbing) end(now time.Time, every time.Duration) {
	*p = limitProbing{every: every, next: now.Add(every)}
}
