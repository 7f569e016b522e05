// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"slices"
	"time"
)

const (
	// evidence is how many calls must have been accepted for one more to be on its way
	// at a time, while nothing is known of the limit.
	evidence = 100

	// longestInLine is how long a caller waits for calls on their way to be answered.
	longestInLine = 10 * time.Second
)

// A line is who has a reservation and waits, first come first served, for a call on
// its way to be answered. As long as nothing is known of a limit, any call may be
// one too many, and so would be all that are on their way with it.
type line struct{ waiting []*inLine }

type inLine struct {
	call *call
	// done is closed when the call was sent, or can be tried again.
	done chan struct{}
}

func (l *line) join(c *call) *inLine {
	p := &inLine{call: c, done: make(chan struct{})}
	l.waiting = append(l.waiting, p)
	return p
}

func (l *line) leave(p *inLine) {
	if i := slices.Index(l.waiting, p); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	}
}

// pop the first.
func (l *line) pop() *inLine {
	p := l.waiting[0]
	l.waiting = slices.Delete(l.waiting, 0, 1)
	close(p.done)
	return p
}

// crowded tells whether a call that is admitted has to wait for another's answer.
func (w *window) crowded() bool {
	return w.known.calls == 0 && w.onTheWay > w.proven/evidence
}

// advance sends the calls that need not wait any longer, or has all of them tried
// again once the route is closed or its limit known.
func (w *window) advance(now time.Time) {
	known := w.closed(now) || w.known.calls > 0
	for len(w.line.waiting) > 0 && (known || !w.crowded()) {
		if p := w.line.pop(); !known {
			w.send(p.call, now)
		}
	}
}

// await the turn of a call, with the budget locked. The call was sent, or can be
// tried again; if not, the caller must come back later.
func (g *grant) await(ctx context.Context) (ok bool) {
	p := g.window.line.join(g.call)
	g.budget.mu.Unlock()
	longest := time.NewTimer(longestInLine)
	defer longest.Stop()
	select {
	case <-p.done:
		ok = true
	case <-longest.C:
	case <-ctx.Done():
	}
	g.budget.mu.Lock()
	g.window.line.leave(p)
	return ok || !g.call.sent.IsZero()
}
