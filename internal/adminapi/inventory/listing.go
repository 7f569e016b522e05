// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"iter"
	"time"

	"k8s.io/utils/third_party/forked/golang/btree"
)

// A Listing is a snapshot of a parent's items. It never changes. Its items are shared with other
// callers, which must not change them either.
type Listing[O any] struct {
	items *itemTree[O]
	asOf  time.Time
}

// AsOf is when the fetch began that the listing shows. Later writes by the provider show as well.
// It is zero if there was no fetch.
func (l *Listing[O]) AsOf() time.Time { return l.asOf }

// All items, in the order of their IDs.
func (l *Listing[O]) All() iter.Seq[*O] {
	return func(yield func(*O) bool) {
		l.items.Ascend(func(t item[O]) bool { return t.o == nil || yield(t.o) })
	}
}

// Get returns the item with an ID, and reports whether it is listed.
func (l *Listing[O]) Get(id string) (*O, bool) {
	t, _ := l.items.Get(item[O]{id: id})
	return t.o, t.o != nil
}

// Removed reports whether the provider removed the item with an ID and OpenAI confirmed that. That
// an item is merely not listed does not prove that it was deleted.
func (l *Listing[O]) Removed(id string) bool {
	t, known := l.items.Get(item[O]{id: id})
	return known && t.o == nil
}

// Knows reports whether the item with an ID is listed, or was removed by the provider.
func (l *Listing[O]) Knows(id string) bool { return l.items.Has(item[O]{id: id}) }

// An item with its ID; a nil o marks an item that the provider removed.
type item[O any] struct {
	id string
	o  *O
}

// An itemTree holds items in the order of their IDs. Clones share nodes until one of them changes,
// so that a snapshot costs nothing and a write copies only the path to its item.
type itemTree[O any] = btree.BTree[item[O]]

func newItemTree[O any]() *itemTree[O] {
	const degree = 16
	return btree.New(degree, func(a, b item[O]) bool { return a.id < b.id })
}
