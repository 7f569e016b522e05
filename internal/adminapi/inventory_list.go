// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
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
	slim   func(o *O)

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
	items = l.things.Len()
	for _, w := range l.writes {
		if w.o == nil {
			items--
		}
	}
	return l.name, l.asOf, items
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
	l.writes[id] = write[O]{o: o, at: time.Now()}
	if l.things != nil {
		l.things.ReplaceOrInsert(thing[O]{id: id, o: o})
		l.shown = nil
	}
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
	for id, w := range l.writes {
		if w.outdoes(p.began) {
			p.things.ReplaceOrInsert(thing[O]{id: id, o: w.o})
		} else {
			delete(l.writes, id)
		}
	}
	l.things, l.asOf, l.shown = p.things, p.began, nil
}
