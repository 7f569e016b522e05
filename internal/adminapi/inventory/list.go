// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// A list is what is known of a parent's things: the last complete fetch, and our
// own writes that it may not show.
type list[O any] struct {
	name   string
	parent string
	id     func(o *O) string
	slim   func(o *O) int

	used atomic.Int64 // in Unix nanoseconds

	mu sync.Mutex

	// things are those of the last complete fetch, with our own writes; nil as long as
	// there was none. The fetch began at asOf.
	things *things[O]
	asOf   time.Time

	// shown is the listing of things; nil once they changed.
	shown *Listing[O]

	// writes that a fetch may contradict, because it began earlier or OpenAI's lists
	// lag behind.
	writes map[string]write[O]

	// doubted is when a thing was forgotten last: only a later fetch answers.
	doubted time.Time

	// running is the fetch under way, or nil. It alone uses partial, which is what
	// the last one left.
	running *fetch
	partial *partial[O]

	// removed counts those of things that we removed.
	removed int

	// barred from being fetched, after it proved too large.
	barred bar
}

// A write is a change of our own.
type write[O any] struct {
	// o is the thing after the write; nil if it was removed.
	o  *O
	at time.Time
}

// outdoes tells whether a write holds whatever a fetch shows that began at a time.
func (w write[O]) outdoes(began time.Time) bool {
	return began.Before(w.at.Add(ListLag))
}

func (l *list[O]) use(at time.Time) { l.used.Store(at.UnixNano()) }

func (l *list[O]) idle(at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running == nil && at.Sub(time.Unix(0, l.used.Load())) > idleAfter
}

// stock tells how much is known, and as of when; zero if nothing is.
func (l *list[O]) stock() (collection string, asOf time.Time, items int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.things == nil {
		return l.name, time.Time{}, 0
	}
	return l.name, l.asOf, l.things.Len() - l.removed
}

// show the things that are known. The caller holds the lock.
func (l *list[O]) show() *Listing[O] {
	if l.shown == nil {
		l.shown = &Listing[O]{things: l.things.Clone(), asOf: l.asOf}
	}
	return l.shown
}

// put a thing as it is after our write; nil for one that we removed.
func (l *list[O]) put(id string, o *O) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writes == nil {
		l.writes = map[string]write[O]{}
	}
	l.prune()
	l.writes[id] = write[O]{o: o, at: time.Now()}
	if l.things != nil {
		l.insert(l.things, thing[O]{id: id, o: o})
		l.shown = nil
	}
	if l.things != nil && l.things.Len() > mostThings {
		// Whoever asks is answered by a new fetch.
		l.things, l.removed = nil, 0
	}
}

// insert a thing, or that there is none any more.
func (l *list[O]) insert(into *things[O], t thing[O]) {
	if before, had := into.ReplaceOrInsert(t); had && before.o == nil {
		l.removed--
	}
	if t.o == nil {
		l.removed++
	}
}

// prune writes that no fetch can contradict, neither a later one nor what is left of an
// earlier one, so that they do not pile up where nobody asks for the list.
func (l *list[O]) prune() {
	const often = 64
	if len(l.writes)%often != 0 {
		return
	}
	began := time.Now()
	switch {
	case l.running != nil:
		began = l.running.began
	case l.partial != nil:
		began = l.partial.began
	}
	maps.DeleteFunc(l.writes, func(_ string, w write[O]) bool { return !w.outdoes(began) })
}

func (l *list[O]) forget(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.doubted = time.Now()
	// What we made stays as long as lists may lag: a thing too many is looked at once
	// more, one too few would be lost.
	if w, ok := l.writes[id]; ok && w.o == nil {
		delete(l.writes, id)
	}
}

// publish what a complete fetch found, except where our own writes know better.
func (l *list[O]) publish(p *partial[O]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.removed = 0
	for id, w := range l.writes {
		if w.outdoes(p.began) {
			l.insert(p.things, thing[O]{id: id, o: w.o})
		} else {
			delete(l.writes, id)
		}
	}
	l.things, l.asOf, l.shown = p.things, p.began, nil
}
