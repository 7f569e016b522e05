// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"slices"
	"time"
)

const (
	// minBackoff and maxBackoff bound the wait after a refusal without Retry-After.
	minBackoff = time.Second
	maxBackoff = 2 * time.Minute

	// margin is added to the wait that OpenAI reports, which is rounded.
	margin = 10 * time.Millisecond

	// boundaryDivisor: OpenAI's period may begin up to 1/60 of a period earlier than the provider
	// thinks, so that calls sent in that time may count in either period.
	boundaryDivisor = 60

	// maxCalls is how many calls of a route are remembered at most.
	maxCalls = 4096

	// maxSlotWait is about the longest until a throttled caller checks again.
	maxSlotWait = 10 * time.Minute

	// maxSpacing is the longest interval between the slots of two callers in one period.
	maxSpacing = 50 * time.Millisecond
)

// A call that was admitted.
type call struct {
	sent time.Time // zero while it is only reserved
	done time.Time // zero while it is in flight
	// probe is whether it exceeds the estimated limit.
	probe bool
}

// A window tracks the estimated limit of one route and the calls that count against it. Its methods
// take the current time.
type window struct {
	random random
	known  estimate
	calls  []*call // sent and not refused, oldest first
	queue  queue

	inFlight int // calls in flight or reserved

	// opened is when the current period began for the provider. start is when its first call was
	// answered, so that OpenAI had counted it by then.
	opened, start time.Time
	// carried is whether start is that of a call sent before opened, until a better one is known.
	carried bool
	// previous is the start of the period before.
	previous time.Time
	// used counts the calls of the current period.
	used int

	// refused is when a refusal closed the route, and until is when it opens again.
	refused, until time.Time
	observed       limitSample
	before         estimate // the estimate before the observation
	guesses        int      // consecutive refusals without Retry-After

	probing limitProbing
}

// closed reports whether OpenAI would refuse every call.
func (w *window) closed(now time.Time) bool { return now.Before(w.until) }

// refresh begins a new period if the current one is over.
func (w *window) refresh(now time.Time) {
	if !w.until.IsZero() && !w.closed(now) && w.opened.Before(w.until) {
		w.open(w.until)
		if w.observed.calls > 0 {
			w.previous = w.observed.first
		}
	}
	if w.known.calls > 0 && !w.start.IsZero() && !now.Before(w.end(now)) {
		w.open(w.end(now))
	}
	w.forget(now)
	w.probing.refresh(now, w.known.period)
}

func (w *window) open(at time.Time) {
	if !w.start.IsZero() {
		w.previous = w.start
	}
	w.opened, w.start, w.carried = at, time.Time{}, false
	// OpenAI may count calls in its new period that are in flight, or were sent just before it.
	w.used = w.inFlight
	late := at.Add(-w.known.period / boundaryDivisor)
	for _, c := range slices.Backward(w.calls) {
		if !c.sent.After(late) {
			break
		}
		if !c.done.IsZero() {
			w.used++
		}
	}
}

// end of the current period, as estimated.
func (w *window) end(now time.Time) time.Time {
	start := w.start
	if start.IsZero() {
		start = now
	}
	return start.Add(w.known.period + margin)
}

// forget calls that no longer count.
func (w *window) forget(now time.Time) {
	horizon := now.Add(-max(w.known.period, usualPeriod) - rounding)
	n := max(0, len(w.calls)-maxCalls)
	for n < len(w.calls) && !w.calls[n].done.IsZero() && w.calls[n].done.Before(horizon) {
		n++
	}
	w.calls = slices.Delete(w.calls, 0, n)
}

// free is how many calls can be sent now, if a limit is known.
func (w *window) free(now time.Time) int {
	switch {
	case w.closed(now):
		return 0
	case w.guesses > 0:
		// One call at a time finds out whether the guess was right.
		return 1 - w.inFlight
	case w.known.sliding:
		return w.known.calls - len(w.counted(now)) - (w.inFlight - w.unanswered())
	}
	return w.known.calls - w.used
}

// counted returns the calls that a sliding limit counts now.
func (w *window) counted(now time.Time) []*call {
	since := now.Add(-w.known.period - margin)
	for i, c := range w.calls {
		if c.done.IsZero() || c.done.After(since) {
			return w.calls[i:]
		}
	}
	return nil
}

func (w *window) unanswered() int {
	n := 0
	for _, c := range w.calls {
		if c.done.IsZero() {
			n++
		}
	}
	return n
}

// admits reports whether a caller may send a call now, and whether that call is a probe.
func (w *window) admits(e *queueEntry, p priority, now time.Time) (ok, probe bool) {
	free := w.free(now)
	if w.closed(now) || (w.guesses > 0 && free <= 0) {
		return false, false
	}
	if w.known.calls == 0 {
		return true, false
	}
	higher, same := w.queue.ahead(e, p)
	if free > higher+same {
		return true, false
	}
	// A call in flight might be refused in place of the probe, and a late probe might count in the
	// next period.
	late := w.end(now).Add(-w.known.period / 10)
	probe = free <= 0 && w.inFlight == 0 && now.Before(late) && w.probing.allows()
	return probe, probe
}

// reserve a call, which was admitted.
func (w *window) reserve(probe bool) *call {
	w.inFlight++
	w.used++
	if probe {
		w.probing.begin()
	}
	return &call{probe: probe}
}

// release a call that was reserved and will not be sent.
func (w *window) release(c *call) {
	w.inFlight--
	w.used = max(0, w.used-1)
	if c.probe {
		w.probing.cancel()
	}
}

// send a call that was reserved.
func (w *window) send(c *call, now time.Time) {
	c.sent = now
	w.calls = append(w.calls, c)
}

// answered updates the window by a call that was not refused.
func (w *window) answered(c *call, now time.Time) {
	c.done = now
	w.inFlight--
	mine := !c.sent.Before(w.opened)
	if w.start.IsZero() || (w.carried && mine) {
		w.start, w.carried = now, !mine
	}
	if c.sent.After(w.refused) {
		w.guesses = 0
	}
	if c.probe {
		w.known.calls++
		w.probing.succeed()
	}
}

// pass counts a call whose reply says nothing about the limit.
func (w *window) pass(c *call, now time.Time) {
	if c.probe {
		w.probing.drop(now)
	}
	c.done = now
	w.inFlight--
	if w.start.IsZero() {
		w.start, w.carried = now, c.sent.Before(w.opened)
	}
}

// refuse updates the window by a refused call. until is when the route opens again, as OpenAI's reply
// says; zero if it does not.
func (w *window) refuse(c *call, until, now time.Time) {
	w.inFlight--
	w.used = max(0, w.used-1)
	if i := slices.Index(w.calls, c); i >= 0 {
		w.calls = slices.Delete(w.calls, i, i+1)
	}
	reported := !until.IsZero()
	if !w.refused.IsZero() && !c.sent.After(w.refused) {
		// It was in flight when the route was closed.
		if reported && until.Add(margin).After(w.until) {
			w.until = until.Add(margin)
			w.observed.until = w.until
		}
		if c.probe {
			w.probing.cancel()
		}
		w.learn()
		return
	}
	if reported {
		until = until.Add(margin)
		w.guesses = 0
	} else {
		until = w.guess(now)
	}
	w.before, w.observed = w.known, w.observe(c, until, now, reported)
	w.refused, w.until = now, until
	if c.probe {
		w.probing.fail(now, w.known.period)
	} else {
		w.probing.reset(now, w.known.period)
	}
	w.learn()
}

// guess when the route opens again.
func (w *window) guess(now time.Time) time.Time {
	wait := min(minBackoff<<min(w.guesses, 10), maxBackoff)
	wait += w.random.upTo(wait / 10)
	w.guesses++
	until := now.Add(wait)
	if w.known.calls > 0 && !w.start.IsZero() && w.end(now).After(until) {
		return w.end(now)
	}
	return until
}

// observe returns what a refusal shows about the limit.
func (w *window) observe(c *call, until, now time.Time, reported bool) limitSample {
	l := limitSample{previous: w.previous, refused: now, until: until, reported: reported, probe: c.probe}
	since := w.opened
	// Earlier calls cannot have counted.
	if earliest := until.Add(-usualPeriod - rounding); reported && until.Sub(now) < usualPeriod && since.Before(earliest) {
		since = earliest
	}
	for _, c := range w.calls {
		if !c.sent.Before(since) {
			l.first = c.sent
			break
		}
	}
	// The period before counts only if the refusal may be due to it: a wrong guess then lengthens
	// the period.
	if l.previous.IsZero() || now.Sub(l.previous) > max(w.known.period, usualPeriod) {
		l.previous = time.Time{}
	}
	return l
}

// learn updates the estimate by the last 429, and again when calls that were in flight get one too.
func (w *window) learn() {
	l := &w.observed
	l.calls, l.recent = 0, 0
	recent := l.refused.Add(-w.before.period)
	if l.reported {
		recent = l.until.Add(-w.before.period)
	}
	for _, c := range w.calls {
		if c.sent.After(l.refused) {
			break
		}
		if !l.first.IsZero() && !c.sent.Before(l.first) {
			l.calls++
		}
		if c.done.IsZero() || c.done.After(recent) {
			l.recent++
		}
	}
	w.known = w.before.after(*l)
}

// nextSlot estimates when a caller can send its call that has so many callers ahead of it.
func (w *window) nextSlot(ahead int, now time.Time) time.Time {
	each := w.known.calls + w.probing.room()
	if w.known.calls == 0 {
		return later(w.until, now).Add(time.Duration(ahead) * maxSpacing)
	}
	spacing := min(maxSpacing, w.known.period/time.Duration(20*each))
	jitter := w.random.upTo(spacing)
	if w.known.sliding {
		return w.slidingSlot(ahead, each, now).Add(jitter)
	}
	base := w.until
	if !w.closed(now) {
		ahead -= max(0, w.free(now))
		base = w.end(now)
		if ahead < 0 || w.guesses > 0 {
			base, ahead = now.Add(spacing), max(0, ahead)
		}
	}
	full := w.known.period + margin
	return base.Add(time.Duration(ahead/each)*full + time.Duration(ahead%each)*spacing + jitter)
}

// boundWait bounds the wait until a slot, so that callers far behind notice when the limit proves
// higher.
func (w *window) boundWait(slot, now time.Time) time.Time {
	if slot.Sub(now) < maxSlotWait {
		return slot
	}
	return now.Add(maxSlotWait/2 + w.random.upTo(maxSlotWait/2))
}

// slidingSlot is when a sliding limit no longer counts enough of the calls.
func (w *window) slidingSlot(ahead, each int, now time.Time) time.Time {
	counted := w.counted(now)
	full := w.known.period + margin
	ahead -= max(0, w.free(now))
	if ahead < 0 {
		return later(w.until, now)
	}
	slot := now.Add(full)
	if place := ahead % each; place < len(counted) && !counted[place].done.IsZero() {
		slot = counted[place].done.Add(full)
	}
	return later(w.until, slot).Add(time.Duration(ahead/each) * full)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
