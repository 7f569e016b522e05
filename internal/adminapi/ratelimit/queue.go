// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"slices"
	"time"
)

// queueGrace is how long after its slot a throttled caller keeps its place in the queue.
const queueGrace = 10 * time.Second

// A queueEntry is the place of a throttled caller in a queue.
type queueEntry struct {
	object    string // that the caller reconciles; empty if unknown
	priority  priority
	notBefore time.Time
}

// A queue holds the tickets of callers that wait for the same limit, in the order of their arrival.
// It blocks nobody: a caller learns its slot and comes back then, or loses its place.
type queue struct{ entries []*queueEntry }

// find the ticket of a caller. A caller whose object is unknown takes over the first such ticket
// whose slot has come.
func (q *queue) find(object string, p priority, now time.Time) *queueEntry {
	q.entries = slices.DeleteFunc(q.entries, func(t *queueEntry) bool { return now.After(t.notBefore.Add(queueGrace)) })
	for _, t := range q.entries {
		if t.object == object && t.priority == p && (object != "" || !t.notBefore.After(now)) {
			return t
		}
	}
	return nil
}

// ahead counts the callers before the holder of a ticket, or before a new caller if that is nil: all
// of a higher priority, and those of the same priority that came earlier.
func (q *queue) ahead(t *queueEntry, p priority) (higher, same int) {
	behind := false
	for _, other := range q.entries {
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
func (q *queue) join(t *queueEntry, object string, p priority, slot time.Time) {
	if t == nil {
		t = &queueEntry{object: object, priority: p}
		q.entries = append(q.entries, t)
	}
	t.notBefore = slot
}

// rejoin puts a caller first whose call was sent and refused.
func (q *queue) rejoin(object string, p priority, slot time.Time) {
	q.entries = slices.Insert(q.entries, 0, &queueEntry{object: object, priority: p, notBefore: slot})
}

// leave removes a ticket, which may be nil.
func (q *queue) leave(t *queueEntry) {
	if t == nil {
		return
	}
	if i := slices.Index(q.entries, t); i >= 0 {
		q.entries = slices.Delete(q.entries, i, i+1)
	}
}

// due reports whether the slot of any caller of a priority has come.
func (q *queue) due(p priority, now time.Time) bool {
	return slices.ContainsFunc(q.entries, func(t *queueEntry) bool { return t.priority == p && !t.notBefore.After(now) })
}

// waiting reports whether any caller of a priority waits.
func (q *queue) waiting(p priority) bool {
	return slices.ContainsFunc(q.entries, func(t *queueEntry) bool { return t.priority == p })
}
