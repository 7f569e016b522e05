// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import "time"

const (
	// usualPeriod is the period of OpenAI's documented limits: requests per minute.
	usualPeriod = time.Minute

	// rounding is the most by which a wait may be too long, because Retry-After has whole seconds
	// or because the reply was slow.
	rounding = 2 * time.Second
)

// An estimate of a route's rate limit.
type estimate struct {
	// calls per period; 0 while nothing is known.
	calls int

	// period that the limit counts calls in.
	period time.Duration

	// sliding reports whether the limit counts the calls of the period before each call. Others
	// are fixed windows: their count is reset one period after the first call.
	sliding bool
}

// A limitSample is what a refusal (429) and the calls before it show of a limit.
type limitSample struct {
	// first is when the first of the calls was sent that used up the limit.
	first time.Time
	// calls is the number of calls from then on, without those that were refused.
	calls int

	// previous is when the period before that began; zero if unknown.
	previous time.Time
	// recent is the number of calls that a sliding limit with the estimated period counted.
	recent int

	// refused is when the refusal was received.
	refused time.Time
	// until is when calls of the route are accepted again.
	until time.Time
	// reported is whether OpenAI's reply said until when, so that it is not a guess.
	reported bool
	// probe is whether the refused call exceeded the estimate on purpose, to find out whether the
	// limit was raised.
	probe bool
}

// after returns the estimate after a refusal.
func (e estimate) after(l limitSample) estimate {
	switch {
	case l.calls == 0:
		return e.tooShort(l)
	case e.calls == 0:
		return estimate{calls: l.calls, period: l.period()}
	case l.probe:
		// The limit is no higher than estimated.
		return e.shorten(l)
	case e.countsEarlierCalls(l):
		calls := e.calls
		if e.sliding {
			calls--
		}
		return estimate{calls: calls, period: e.period, sliding: true}
	}
	lower := estimate{calls: l.calls, period: e.period}
	if l.reported {
		lower.period = l.period()
	}
	// A period that a slow reply made longer must not replace a better measurement.
	if isNear(lower.period, e.period) {
		lower.period = min(lower.period, e.period)
	}
	return lower
}

// period from the first call until calls are accepted again, which is slightly longer than OpenAI's.
func (l limitSample) period() time.Duration {
	p := l.until.Sub(l.first)
	switch {
	case l.reported && (p-usualPeriod).Abs() <= rounding:
		return usualPeriod
	case !l.reported && l.refused.Sub(l.first) < usualPeriod && p > usualPeriod:
		return usualPeriod
	}
	return p
}

// tooShort lengthens a period after which even the first call was refused.
func (e estimate) tooShort(l limitSample) estimate {
	if e.calls == 0 || l.previous.IsZero() {
		return e
	}
	longer := limitSample{first: l.previous, refused: l.refused, until: l.until, reported: l.reported}.period()
	// A much longer wait is not due to the provider's calls: another program uses the admin key.
	if l.reported && !isNear(longer, e.period) {
		return e
	}
	e.period = max(e.period, longer)
	return e
}

// shorten a period that proves slightly shorter.
func (e estimate) shorten(l limitSample) estimate {
	if p := l.period(); l.reported && !e.sliding && isNear(p, e.period) {
		e.period = min(e.period, p)
	}
	return e
}

// countsEarlierCalls reports whether the limit is about as estimated, but also counts calls from
// before the period began, as a sliding limit does.
func (e estimate) countsEarlierCalls(l limitSample) bool {
	return l.calls*10 < e.calls*9 && l.recent > l.calls && l.recent*4 >= e.calls*3
}

// isNear reports whether two measurements are probably of the same period.
func isNear(a, b time.Duration) bool { return (a - b).Abs() <= b/10 }
