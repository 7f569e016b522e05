// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import "time"

const (
	// usualPeriod is what OpenAI's limits are told in: calls per minute.
	usualPeriod = time.Minute

	// rounding is by how much a wait may be too long because it is told in whole
	// seconds, or because the reply took its time.
	rounding = 2 * time.Second
)

// An estimate is what is known of a route's limit.
type estimate struct {
	// calls per period; 0 while nothing is known.
	calls int

	// period that the limit counts calls in.
	period time.Duration

	// sliding limits count the calls of the period before each call. Others forget all
	// calls at once, a period after the first.
	sliding bool
}

// A lesson is what a refusal tells of a limit.
type lesson struct {
	// first is when the first call was sent of those that used the limit up.
	first time.Time
	// calls from then on, without those that were refused.
	calls int

	// previous is when the window before that began; zero if it is not known.
	previous time.Time
	// recent calls are those that a limit of the estimate's period counted that
	// forgets calls one by one.
	recent int

	// refused is when the refusal came.
	refused time.Time
	// until is when the route reopens.
	until time.Time
	// told: OpenAI told until when, so that it is no guess.
	told bool
	// extra: the call was one beyond the estimate, to learn whether it is too low.
	extra bool
}

// after returns the estimate after a refusal.
func (e estimate) after(l lesson) estimate {
	switch {
	case l.calls == 0:
		return e.tooShort(l)
	case e.calls == 0:
		return estimate{calls: l.calls, period: l.period()}
	case l.extra:
		// It was no more than was thought.
		return e.shorten(l)
	case e.countsEarlierCalls(l):
		calls := e.calls
		if e.sliding {
			calls--
		}
		return estimate{calls: calls, period: e.period, sliding: true}
	}
	lower := estimate{calls: l.calls, period: e.period}
	if l.told {
		lower.period = l.period()
	}
	// What a slow reply made longer must not outlive a better measurement.
	if isNear(lower.period, e.period) {
		lower.period = min(lower.period, e.period)
	}
	return lower
}

// period from the first call to the reopening, which is a little longer than
// OpenAI's own.
func (l lesson) period() time.Duration {
	p := l.until.Sub(l.first)
	switch {
	case l.told && (p-usualPeriod).Abs() <= rounding:
		return usualPeriod
	case !l.told && l.refused.Sub(l.first) < usualPeriod && p > usualPeriod:
		return usualPeriod
	}
	return p
}

// tooShort lengthens a period after which not even the first call was accepted.
func (e estimate) tooShort(l lesson) estimate {
	if e.calls == 0 || l.previous.IsZero() {
		return e
	}
	longer := lesson{first: l.previous, refused: l.refused, until: l.until, told: l.told}.period()
	// A long wait that OpenAI tells is not for this provider's calls: another program
	// uses the admin key.
	if l.told && !isNear(longer, e.period) {
		return e
	}
	e.period = max(e.period, longer)
	return e
}

// shorten a period that turns out to be a little less.
func (e estimate) shorten(l lesson) estimate {
	if p := l.period(); l.told && !e.sliding && isNear(p, e.period) {
		e.period = min(e.period, p)
	}
	return e
}

// countsEarlierCalls tells whether the limit is about what it was, but counts calls
// from before the route opened.
func (e estimate) countsEarlierCalls(l lesson) bool {
	return l.calls*10 < e.calls*9 && l.recent > l.calls && l.recent*4 >= e.calls*3
}

// isNear tells whether two measurements are probably of the same period.
func isNear(a, b time.Duration) bool { return (a - b).Abs() <= b/10 }
