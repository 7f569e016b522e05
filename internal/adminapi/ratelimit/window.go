// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"slices"
	"time"
)

const (
	// shortestBackoff and longestBackoff bound the wait after a refusal that does not
	// tell how long it lasts.
	shortestBackoff = time.Second
	longestBackoff  = 2 * time.Minute

	// margin is added to what OpenAI tells, which is rounded.
	margin = 10 * time.Millisecond

	// overlap is the part of a period by which OpenAI's may be ahead of the provider's.
	overlap = 60

	// mostRemembered bounds the memory that the calls of a route take.
	mostRemembered = 4096

	// longestSleep is about how long a caller stays away at most.
	longestSleep = 10 * time.Minute

	// widestSpacing is the most between the turns of two callers in one period.
	widestSpacing = 50 * time.Millisecond
)

// A call was admitted.
type call struct {
	sent time.Time // zero while it is only reserved
	done time.Time // zero while it is on its way
	// extra: it is beyond what is known to be allowed.
	extra bool
}

// A window is what is known of the limit of one route, and which calls count
// against it now. Its methods take the present time.
type window struct {
	random random
	known  estimate
	calls  []*call // sent and not refused, oldest first
	queue  queue

	inFlight int // calls, with those reserved

	// opened is when the calls of the present period began to be admitted; start is
	// when the first of them was answered, at which time OpenAI had counted it.
	opened, start time.Time
	// carried: start is that of a call from before opened, until a better one is known.
	carried bool
	// previous is the start of the period before.
	previous time.Time
	// used counts the calls of the present period.
	used int

	// refused is when the route was closed by a refusal, and until when.
	refused, until time.Time
	lesson         lesson
	before         estimate // what was known before the lesson
	guesses        int      // refusals in a row that did not tell how long to wait

	growth growth
}

// closed tells whether OpenAI would refuse every call.
func (w *window) closed(now time.Time) bool { return now.Before(w.until) }

// refresh begins a new period if one is over.
func (w *window) refresh(now time.Time) {
	if !w.until.IsZero() && !w.closed(now) && w.opened.Before(w.until) {
		w.open(w.until)
		if w.lesson.calls > 0 {
			w.previous = w.lesson.first
		}
	}
	if w.known.calls > 0 && !w.start.IsZero() && !now.Before(w.end(now)) {
		w.open(w.end(now))
	}
	w.forget(now)
	w.growth.refresh(now, w.known.period)
}

func (w *window) open(at time.Time) {
	if !w.start.IsZero() {
		w.previous = w.start
	}
	w.opened, w.start, w.carried = at, time.Time{}, false
	// OpenAI may count in its new period what is on its way, or was sent so late.
	w.used = w.inFlight
	late := at.Add(-w.known.period / overlap)
	for _, c := range slices.Backward(w.calls) {
		if !c.sent.After(late) {
			break
		}
		if !c.done.IsZero() {
			w.used++
		}
	}
}

// end of the present period, as far as is known.
func (w *window) end(now time.Time) time.Time {
	start := w.start
	if start.IsZero() {
		start = now
	}
	return start.Add(w.known.period + margin)
}

// forget calls that count no more.
func (w *window) forget(now time.Time) {
	horizon := now.Add(-max(w.known.period, usualPeriod) - rounding)
	n := max(0, len(w.calls)-mostRemembered)
	for n < len(w.calls) && !w.calls[n].done.IsZero() && w.calls[n].done.Before(horizon) {
		n++
	}
	w.calls = slices.Delete(w.calls, 0, n)
}

// free is how many calls can be sent now, once it is known that there is a limit.
func (w *window) free(now time.Time) int {
	switch {
	case w.closed(now):
		return 0
	case w.guesses > 0:
		// Whether the guess was right is tried with one call.
		return 1 - w.inFlight
	case w.known.sliding:
		return w.known.calls - len(w.counted(now)) - (w.inFlight - w.onTheWay())
	}
	return w.known.calls - w.used
}

// counted are the calls that a sliding limit counts.
func (w *window) counted(now time.Time) []*call {
	since := now.Add(-w.known.period - margin)
	for i, c := range w.calls {
		if c.done.IsZero() || c.done.After(since) {
			return w.calls[i:]
		}
	}
	return nil
}

func (w *window) onTheWay() int {
	n := 0
	for _, c := range w.calls {
		if c.done.IsZero() {
			n++
		}
	}
	return n
}

// admits tells whether a caller may send a call now, and whether that is one
// beyond what is known to be allowed.
func (w *window) admits(t *ticket, p priority, now time.Time) (ok, extra bool) {
	free := w.free(now)
	if w.closed(now) || (w.guesses > 0 && free <= 0) {
		return false, false
	}
	if w.known.calls == 0 {
		return true, false
	}
	higher, same := w.queue.ahead(t, p)
	if free > higher+same {
		return true, false
	}
	// What is on its way might be refused in its place, and what is late might count in
	// the next period.
	late := w.end(now).Add(-w.known.period / 10)
	extra = free <= 0 && w.inFlight == 0 && now.Before(late) && w.growth.allows()
	return extra, extra
}

// reserve a call, which was admitted.
func (w *window) reserve(extra bool) *call {
	w.inFlight++
	w.used++
	if extra {
		w.growth.begin()
	}
	return &call{extra: extra}
}

// release a call that was reserved and will not be sent.
func (w *window) release(c *call) {
	w.inFlight--
	w.used = max(0, w.used-1)
	if c.extra {
		w.growth.cancel()
	}
}

// send a call that was reserved.
func (w *window) send(c *call, now time.Time) {
	c.sent = now
	w.calls = append(w.calls, c)
}

// answered learns from a call that was not refused.
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
	if c.extra {
		w.known.calls++
		w.growth.succeed()
	}
}

// pass counts a call that got a reply, and learns nothing from it.
func (w *window) pass(c *call, now time.Time) {
	if c.extra {
		w.growth.drop(now)
	}
	c.done = now
	w.inFlight--
	if w.start.IsZero() {
		w.start, w.carried = now, c.sent.Before(w.opened)
	}
}

// refuse learns from a refused call. Until is when the route opens again, as
// OpenAI tells; zero if it does not.
func (w *window) refuse(c *call, until, now time.Time) {
	w.inFlight--
	w.used = max(0, w.used-1)
	if i := slices.Index(w.calls, c); i >= 0 {
		w.calls = slices.Delete(w.calls, i, i+1)
	}
	told := !until.IsZero()
	if !w.refused.IsZero() && !c.sent.After(w.refused) {
		// It was on its way when the route was closed.
		if told && until.Add(margin).After(w.until) {
			w.until = until.Add(margin)
			w.lesson.until = w.until
		}
		if c.extra {
			w.growth.cancel()
		}
		w.learn()
		return
	}
	if told {
		until = until.Add(margin)
		w.guesses = 0
	} else {
		until = w.guess(now)
	}
	w.before, w.lesson = w.known, w.observe(c, until, now, told)
	w.refused, w.until = now, until
	if c.extra {
		w.growth.fail(now, w.known.period)
	} else {
		w.growth.reset(now, w.known.period)
	}
	w.learn()
}

// guess when the route opens again.
func (w *window) guess(now time.Time) time.Time {
	wait := min(shortestBackoff<<min(w.guesses, 10), longestBackoff)
	wait += w.random.upTo(wait / 10)
	w.guesses++
	until := now.Add(wait)
	if w.known.calls > 0 && !w.start.IsZero() && w.end(now).After(until) {
		return w.end(now)
	}
	return until
}

// observe what a refusal tells.
func (w *window) observe(c *call, until, now time.Time, told bool) lesson {
	l := lesson{previous: w.previous, refused: now, until: until, told: told, extra: c.extra}
	since := w.opened
	// Of calls from long ago nothing can be said.
	if earliest := until.Add(-usualPeriod - rounding); told && until.Sub(now) < usualPeriod && since.Before(earliest) {
		since = earliest
	}
	for _, c := range w.calls {
		if !c.sent.Before(since) {
			l.first = c.sent
			break
		}
	}
	// A guess that failed lengthens the period that the calls before it began.
	if l.previous.IsZero() || now.Sub(l.previous) > max(w.known.period, usualPeriod) {
		l.previous = time.Time{}
	}
	return l
}

// learn from the last refusal. It is repeated as those calls are answered that
// were on their way.
func (w *window) learn() {
	l := &w.lesson
	l.calls, l.recent = 0, 0
	recent := l.refused.Add(-w.before.period)
	if l.told {
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

// turn estimates when a caller can send its call that has so many ahead of it.
func (w *window) turn(ahead int, now time.Time) time.Time {
	each := w.known.calls + w.growth.room()
	if w.known.calls == 0 {
		return later(w.until, now).Add(time.Duration(ahead) * widestSpacing)
	}
	spacing := min(widestSpacing, w.known.period/time.Duration(20*each))
	jitter := w.random.upTo(spacing)
	if w.known.sliding {
		return w.slide(ahead, each, now).Add(jitter)
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

// look bounds the wait until a turn, so that those far behind notice when the limit
// turns out to be higher.
func (w *window) look(turn, now time.Time) time.Time {
	if turn.Sub(now) < longestSleep {
		return turn
	}
	return now.Add(longestSleep/2 + w.random.upTo(longestSleep/2))
}

// slide is when a sliding limit has forgotten enough calls.
func (w *window) slide(ahead, each int, now time.Time) time.Time {
	counted := w.counted(now)
	full := w.known.period + margin
	ahead -= max(0, w.free(now))
	if ahead < 0 {
		return later(w.until, now)
	}
	turn := now.Add(full)
	if place := ahead % each; place < len(counted) && !counted[place].done.IsZero() {
		turn = counted[place].done.Add(full)
	}
	return later(w.until, turn).Add(time.Duration(ahead/each) * full)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
