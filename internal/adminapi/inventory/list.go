// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"maps"
	"sync"
	"sync/atomic"
	"time"
)

// A list caches a parent's items: the last complete fetch, and the provider's own writes that a
// fetch may not show yet.
type list[O any] struct {
	name   string
	parent string
	id     func(o *O) string
	single bool
	trim   func(o *O) int

	used atomic.Int64 // last, in Unix nanoseconds

	mu sync.Mutex

	// items of the last complete fetch, which began at asOf, with the writes since; nil if there
	// was none.
	items *itemTree[O]
	asOf  time.Time

	// snapshot of the items for callers; nil once the items changed.
	snapshot *Listing[O]

	// writes that a fetch may not show, because it began earlier or OpenAI's lists lag.
	writes map[string]write[O]

	// staleSince is when an item was last marked stale: only a later fetch will do.
	staleSince time.Time

	// running is the fetch in flight, or nil. Only it uses partial, which an interrupted fetch left.
	running *fetch
	partial *partialList[O]

	// removed counts the items that mark a removal.
	removed int

	// cooldown after the list proved too large.
	cooldown cooldown
}

// A write is the creation, update or deletion of an item by the provider.
type write[O any] struct {
	// o is the item after the write; nil if it was removed.
	o  *O
	at time.Time
}

// supersedes reports whether a write counts rather than what a fetch shows that began at a time.
func (l *list[O]) supersedes(w write[O], began time.Time) bool {
	lag := ListLag
	if l.single && w.o != nil {
		// A GET shows at once what others wrote since. A removal is kept, so that it is not repeated.
		lag = 0
	}
	return began.Before(w.at.Add(lag))
}

func (l *list[O]) touch(at time.Time) { l.used.Store(at.UnixNano()) }

func (l *list[O]) idle(at time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running == nil && at.Sub(time.Unix(0, l.used.Load())) > idleTTL
}

func (l *list[O]) stats() (collection string, asOf time.Time, items int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.items == nil {
		return l.name, time.Time{}, 0
	}
	return l.name, l.asOf, l.items.Len() - l.removed
}

// listing returns the current snapshot of items. The caller holds the lock, and items are not nil.
func (l *list[O]) listing() *Listing[O] {
	if l.snapshot == nil {
		l.snapshot = &Listing[O]{items: l.items.Clone(), asOf: l.asOf}
	}
	return l.snapshot
}

// put the item as it is after a write by the provider; nil: it was removed.
func (l *list[O]) put(id string, o *O) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.writes == nil {
		l.writes = map[string]write[O]{}
	}
	l.prune()
	now := time.Now()
	l.writes[id] = write[O]{o: o, at: now}
	if l.single {
		// There is nothing else to fetch.
		l.items, l.asOf, l.removed = newItemTree[O](), now, 0
	}
	if l.items != nil {
		l.insert(l.items, item[O]{id: id, o: o})
		l.snapshot = nil
	}
	if l.items != nil && l.items.Len() > maxItems {
		// The next caller makes a new fetch, which fails if the list is really that large.
		l.items, l.removed = nil, 0
	}
}

// insert an item, or the mark of its removal.
func (l *list[O]) insert(into *itemTree[O], t item[O]) {
	if before, had := into.ReplaceOrInsert(t); had && before.o == nil {
		l.removed--
	}
	if t.o == nil {
		l.removed++
	}
}

// prune the writes that every fetch shows, even one that is in flight or interrupted. Otherwise they
// would pile up where nobody lists. It does so once in a while only, as it visits all writes.
func (l *list[O]) prune() {
	const interval = 64
	if len(l.writes)%interval != 0 {
		return
	}
	began := time.Now()
	switch {
	case l.running != nil:
		began = l.running.began
	case l.partial != nil:
		began = l.partial.began
	}
	maps.DeleteFunc(l.writes, func(_ string, w write[O]) bool { return !l.supersedes(w, began) })
}

// markStale makes the next caller fetch the list, and drops a removal of the item.
func (l *list[O]) markStale(id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.staleSince = time.Now()
	// A created item stays listed for as long as lists may lag: one too many is only read once more,
	// one too few would be lost.
	if w, ok := l.writes[id]; ok && w.o == nil {
		delete(l.writes, id)
	}
}

// publish the result of a complete fetch, except where writes supersede it.
func (l *list[O]) publish(p *partialList[O]) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.removed = 0
	for id, w := range l.writes {
		if l.supersedes(w, p.began) {
			l.insert(p.items, item[O]{id: id, o: w.o})
		} else {
			delete(l.writes, id)
		}
	}
	l.items, l.asOf, l.snapshot = p.items, p.began, nil
}
