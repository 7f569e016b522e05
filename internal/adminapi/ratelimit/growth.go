// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import "time"

const (
	// firstTrial is how many periods a limit is believed before it is tried whether
	// more calls are allowed; each trial that fails doubles it.
	firstTrial = 4
	// longestTrial is the longest between two trials.
	longestTrial = time.Hour
)

// A growth tries whether a limit was raised: now and then, with calls beyond those
// that are known to be allowed. They are sent one at a time, so that at most one of
// them is refused.
type growth struct {
	every time.Duration // between trials
	next  time.Time     // when the next trial may begin; zero before anything is known

	extras   int       // how many to try in this period; 0 if there is no trial
	tried    int       // how many succeeded
	period   time.Time // when this period of the trial began
	inFlight bool
	grown    bool // any succeeded in this trial
}

// refresh begins a trial, or the next period of it. What succeeds is doubled.
func (g *growth) refresh(now time.Time, period time.Duration) {
	if g.next.IsZero() || now.Before(g.next) || (g.extras > 0 && now.Before(g.period.Add(period))) {
		return
	}
	switch {
	case g.extras == 0:
		g.extras = 1
	case g.tried >= g.extras:
		g.extras *= 2
	}
	g.tried, g.period = 0, now
}

// allows tells whether an extra call may be sent.
func (g *growth) allows() bool { return g.room() > 0 && !g.inFlight }

// room is how many more extra calls this period has.
func (g *growth) room() int { return max(0, g.extras-g.tried) }

func (g *growth) begin()  { g.inFlight = true }
func (g *growth) cancel() { g.inFlight = false }

func (g *growth) succeed() {
	g.inFlight, g.grown = false, true
	g.tried++
}

// fail ends a trial; the next is later, unless this one came to something.
func (g *growth) fail(now time.Time, period time.Duration) {
	every := 2 * g.every
	if g.grown {
		every = firstTrial * max(period, usualPeriod)
	}
	g.end(now, min(every, max(longestTrial, firstTrial*period)))
}

// drop a trial that told nothing. The next is as late as this one was.
func (g *growth) drop(now time.Time) { g.end(now, g.every) }

// reset the trials, since the limit proved lower than it was thought.
func (g *growth) reset(now time.Time, period time.Duration) {
	g.end(now, firstTrial*max(period, usualPeriod))
}

func (g *growth) end(now time.Time, every time.Duration) {
	*g = growth{every: every, next: now.Add(every)}
}
