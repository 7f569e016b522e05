// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"iter"
	"time"

	"k8s.io/utils/third_party/forked/golang/btree"
)

// A Listing is what was known of a parent's things at one moment. It never
// changes. The things are shared: they must not be changed either.
type Listing[O any] struct {
	things *things[O]
	asOf   time.Time
}

// AsOf is when the fetch began that the listing shows. It shows later writes of
// our own as well.
func (l *Listing[O]) AsOf() time.Time { return l.asOf }

// All things, in the order of their IDs.
func (l *Listing[O]) All() iter.Seq[*O] {
	return func(yield func(*O) bool) {
		l.things.Ascend(func(t thing[O]) bool { return t.o == nil || yield(t.o) })
	}
}

// Get the thing with an ID.
func (l *Listing[O]) Get(id string) (*O, bool) {
	t, _ := l.things.Get(thing[O]{id: id})
	return t.o, t.o != nil
}

// Removed reports whether OpenAI confirmed our own removal of a thing. That a list
// leaves a thing out proves nothing.
func (l *Listing[O]) Removed(id string) bool {
	t, known := l.things.Get(thing[O]{id: id})
	return known && t.o == nil
}

// A thing with its ID; nil marks one that we removed.
type thing[O any] struct {
	id string
	o  *O
}

// things in the order of their IDs. A clone costs nothing, and a change to it no
// more than the path to what changes.
type things[O any] = btree.BTree[thing[O]]

func newThings[O any]() *things[O] {
	const degree = 16
	return btree.New(degree, func(a, b thing[O]) bool { return a.id < b.id })
}
