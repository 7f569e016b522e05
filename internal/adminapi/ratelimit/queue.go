// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"slices"
	"time"
)

// patience is how long after its turn a caller that was held back keeps its place.
const patience = 10 * time.Second

// A ticket is the place of a caller that was held back.
type ticket struct {
	who      string // empty for a caller that gave no name
	priority priority
	turn     time.Time
}

// A queue holds the tickets of those who wait for the same thing, in the order in
// which they came. Nobody blocks in it: a caller comes back when its turn has come,
// and one that does not loses its place.
type queue struct{ tickets []*ticket }

// find the ticket of a caller. One without a name takes over the first nameless
// ticket whose turn has come.
func (q *queue) find(who string, p priority, now time.Time) *ticket {
	q.tickets = slices.DeleteFunc(q.tickets, func(t *ticket) bool { return now.After(t.turn.Add(patience)) })
	for _, t := range q.tickets {
		if t.who == who && t.priority == p && (who != "" || !t.turn.After(now)) {
			return t
		}
	}
	return nil
}

// ahead counts who goes before the holder of a ticket, or before a newcomer if
// there is none: those of the same priority who came earlier, and everybody of a
// higher one.
func (q *queue) ahead(t *ticket, p priority) (higher, same int) {
	behind := false
	for _, other := range q.tickets {
		behind = behind || other == t
		switch {
		case other.priority < p:
			higher++
		case other.priority == p && !behind:
			same++
		}
	}
	return higher, same
}

// join keeps the ticket, or adds one, with a new turn.
func (q *queue) join(t *ticket, who string, p priority, turn time.Time) {
	if t == nil {
		t = &ticket{who: who, priority: p}
		q.tickets = append(q.tickets, t)
	}
	t.turn = turn
}

// rejoin puts a caller first that had its turn and was refused.
func (q *queue) rejoin(who string, p priority, turn time.Time) {
	q.tickets = slices.Insert(q.tickets, 0, &ticket{who: who, priority: p, turn: turn})
}

// leave gives up a ticket, if there is one.
func (q *queue) leave(t *ticket) {
	if t == nil {
		return
	}
	if i := slices.Index(q.tickets, t); i >= 0 {
		q.tickets = slices.Delete(q.tickets, i, i+1)
	}
}

// due tells whether the turn of anybody of a priority has come.
func (q *queue) due(p priority, now time.Time) bool {
	return slices.ContainsFunc(q.tickets, func(t *ticket) bool { return t.priority == p && !t.turn.After(now) })
}

// waiting tells whether anybody of a priority waits.
func (q *queue) waiting(p priority) bool {
	return slices.ContainsFunc(q.tickets, func(t *ticket) bool { return t.priority == p })
}
