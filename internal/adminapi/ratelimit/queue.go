// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"slices"
	"time"
)

// ticketGrace is how long after its slot a throttled caller keeps its place in the queue.
const ticketGrace = 10 * time.Second

// A ticket is the place of a throttled caller in a queue.
type ticket struct {
	object   string // that the caller reconciles; empty if unknown
	priority priority
	slot     time.Time
}

// A queue holds the tickets of callers that wait for the same limit, in the order of their arrival.
// It blocks nobody: a caller learns its slot and comes back then, or loses its place.
type queue struct{ tickets []*ticket }

// find the ticket of a caller. A caller whose object is unknown takes over the first such ticket
// whose slot has come.
func (q *queue) find(object string, p priority, now time.Time) *ticket {
	q.tickets = slices.DeleteFunc(q.tickets, func(t *ticket) bool { return now.After(t.slot.Add(ticketGrace)) })
	for _, t := range q.tickets {
		if t.object == object && t.priority == p && (object != "" || !t.slot.After(now)) {
			return t
		}
	}
	return nil
}

// ahead counts the callers before the holder of a ticket, or before a new caller if that is nil: all
// of a higher priority, and those of the same priority that came earlier.
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

// join sets the slot of a ticket, and adds one if that is nil.
func (q *queue) join(t *ticket, object string, p priority, slot time.Time) {
	if t == nil {
		t = &ticket{object: object, priority: p}
		q.tickets = append(q.tickets, t)
	}
	t.slot = slot
}

// rejoin puts a caller first whose call was sent and refused.
func (q *queue) rejoin(object string, p priority, slot time.Time) {
	q.tickets = slices.Insert(q.tickets, 0, &ticket{object: object, priority: p, slot: slot})
}

// leave removes a ticket, which may be nil.
func (q *queue) leave(t *ticket) {
	if t == nil {
		return
	}
	if i := slices.Index(q.tickets, t); i >= 0 {
		q.tickets = slices.Delete(q.tickets, i, i+1)
	}
}

// due reports whether the slot of any caller of a priority has come.
func (q *queue) due(p priority, now time.Time) bool {
	return slices.ContainsFunc(q.tickets, func(t *ticket) bool { return t.priority == p && !t.slot.After(now) })
}

// waiting reports whether any caller of a priority waits.
func (q *queue) waiting(p priority) bool {
	return slices.ContainsFunc(q.tickets, func(t *ticket) bool { return t.priority == p })
}
