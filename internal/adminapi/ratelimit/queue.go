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

// A queue holds the entries of callers that wait for the same limit, in the order of their arrival.
// It blocks nobody: a caller learns its slot and comes back then, or loses its place.
type queue struct{ entries []*queueEntry }

// find the entry of a caller. A caller whose object is unknown takes over the first such entry
// whose slot has come.
func (q *queue) find(object string, p priority, now time.Time) *queueEntry {
	q.entries = slices.DeleteFunc(q.entries, func(e *queueEntry) bool { return now.After(e.notBefore.Add(queueGrace)) })
	for _, e := range q.entries {
		if e.object == object && e.priority == p && (object != "" || !e.notBefore.After(now)) {
			return e
		}
	}
	return nil
}

// ahead counts the callers before the holder of an entry, or before a new caller if that is nil: all
// of a higher priority, and those of the same priority that came earlier.
func (q *queue) ahead(e *queueEntry, p priority) (higher, same int) {
	behind := false
	for _, other := range q.entries {
		behind = behind || other == e
		switch {
		case other.priority < p:
			higher++
		case other.priority == p && !behind:
			same++
		}
	}
	return higher, same
}

// join sets the slot of an entry, and adds one if that is nil.
func (q *queue) join(e *queueEntry, object string, p priority, slot time.Time) {
	if e == nil {
		e = &queueEntry{object: object, priority: p}
		q.entries = append(q.entries, e)
	}
	e.notBefore = slot
}

// rejoin puts a caller first whose call was sent and refused.
func (q *queue) rejoin(object string, p priority, slot time.Time) {
	q.entries = slices.Insert(q.entries, 0, &queueEntry{object: object, priority: p, notBefore: slot})
}

// leave removes an entry, which may be nil.
func (q *queue) leave(e *queueEntry) {
	if e == nil {
		return
	}
	if i := slices.Index(q.entries, e); i >= 0 {
		q.entries = slices.Delete(q.entries, i, i+1)
	}
}

// due reports whether the slot of any caller of a priority has come.
func (q *queue) due(p priority, now time.Time) bool {
	return slices.ContainsFunc(q.entries, func(e *queueEntry) bool { return e.priority == p && !e.notBefore.After(now) })
}

// waiting reports whether any caller of a priority waits.
func (q *queue) waiting(p priority) bool {
	return slices.ContainsFunc(q.entries, func(e *queueEntry) bool { return e.priority == p })
}
