// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

// Cached returns what is cached of a parent's items, without any call: the last fetch with the
// provider's own writes, or these writes alone if there was no fetch yet.
func (col *Collection[C, O]) Cached(c C, parent string) *Listing[O] {
	if c.Inventory().Disabled {
		return &Listing[O]{items: newItemTree[O]()}
	}
	return col.of(c, parent).cached()
}

func (l *list[O]) cached() *Listing[O] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.items != nil {
		return l.listing()
	}
	written := newItemTree[O]()
	for id, w := range l.writes {
		written.ReplaceOrInsert(item[O]{id: id, o: w.o})
	}
	return &Listing[O]{items: written}
}
