// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

// Cached lists what is known of a parent's things, without any call; nothing if nothing
// is.
func (col *Collection[C, O]) Cached(c C, parent string) *Listing[O] {
	if c.Inventory().Disabled {
		return &Listing[O]{things: newThings[O]()}
	}
	return col.of(c, parent).known()
}

func (l *list[O]) known() *Listing[O] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.things != nil {
		return l.show()
	}
	written := newThings[O]()
	for id, w := range l.writes {
		written.ReplaceOrInsert(thing[O]{id: id, o: w.o})
	}
	return &Listing[O]{things: written}
}

// Knows reports whether a thing with an ID is known, be it one that we removed.
func (l *Listing[O]) Knows(id string) bool { return l.things.Has(thing[O]{id: id}) }
