// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package inventory caches OpenAI's lists, so that all managed resources that use the same admin
// key share one fetch of each list instead of polling OpenAI one by one.
//
// A Collection describes what is listed, such as the API keys of a project. An Inventory caches the
// lists of one admin key, by Collection and parent. A cached list is the last complete fetch
// together with the provider's own writes since.
package inventory

import (
	"context"
	"maps"
	"sync"
	"time"
)

// ListLag is the longest time for which OpenAI's lists may not show a change yet. OpenAI documents
// none; the value is an assumption with room to spare.
const ListLag = 15 * time.Second

// idleTTL is how long a list stays cached that nobody reads, such as that of a deleted project.
const idleTTL = time.Hour

// An Inventory caches the lists that OpenAI returns for one admin key. The zero value is empty and
// ready for use. It is safe for concurrent use.
type Inventory struct {
	// Disabled caches nothing: every List is a fetch of its own, and writes are ignored.
	Disabled bool

	mu    sync.RWMutex
	lists map[listKey]anyList
}

// A listKey identifies a list: a *Collection and the parent of what is listed.
type listKey struct {
	collection any
	parent     string
}

// An anyList is a *list of any item type.
type anyList interface {
	// touch notes that the list was used.
	touch(at time.Time)
	// idle reports whether the list was not used for idleTTL.
	idle(at time.Time) bool
	// stats returns what metrics show of the list; a zero asOf: it was not fetched yet.
	stats() (collection string, asOf time.Time, items int)
}

// A Holder is a client that has an Inventory.
type Holder interface {
	Inventory() *Inventory
}

// A Collection is a kind of item that OpenAI lists by parent, such as the API keys of a project. C
// calls the API; O is the type of an item, which needs to hold no more than is used.
//
// Changes by others show in the next fetch. The provider's own show at once, if they are reported
// with Put, Remove or MarkStale.
type Collection[C Holder, O any] struct {
	// Name of the collection in metrics, such as "projects/api_keys".
	Name string

	// ID of an item, unique among those of its parent.
	ID func(o *O) string

	// Single means that a parent has one such item at most, which is read with a GET. Then a
	// reply to a write says as much as a fetch, and a fetch does not lag behind writes as lists do.
	Single bool

	// Page gets the page that follows a cursor, or the first one if the cursor is empty. It returns
	// the cursor of the next page, which is empty if this is the last.
	Page func(ctx context.Context, c C, parent, after string) (page []O, next string, err error)

	// Trim drops from an item what nobody reads, such as its raw JSON, before it is cached. It
	// returns the size of the item's texts in bytes. It may be nil.
	Trim func(o *O) int
}

// List returns all items of a parent as of a time that is not before since, or not before the call
// if since lies in the future. With a zero since any cached list will do.
//
// It waits for calls in flight, but not for the rate limit: in that case it fails with
// apierror.ClassThrottled, and the next List continues the fetch where this one stopped. A caller
// whose list takes longer to fetch than its poll interval can fall back on Cached.
func (col *Collection[C, O]) List(ctx context.Context, c C, parent string, since time.Time) (*Listing[O], error) {
	page := func(ctx context.Context, after string) ([]O, string, error) { return col.Page(ctx, c, parent, after) }
	if c.Inventory().Disabled {
		lookups.WithLabelValues(col.Name, lookupFetch).Inc()
		p := &partialList[O]{name: col.Name, id: col.ID, trim: col.Trim}
		if err := p.complete(ctx, page); err != nil {
			return nil, err
		}
		return &Listing[O]{items: p.items, asOf: p.began}, nil
	}
	l, how, err := col.of(c, parent).get(ctx, since, page)
	lookups.WithLabelValues(col.Name, how).Inc()
	return l, err
}

// Put caches an item as OpenAI's reply to its creation or update shows it.
func (col *Collection[C, O]) Put(c C, parent string, o O) {
	if c.Inventory().Disabled {
		return
	}
	if col.Trim != nil {
		col.Trim(&o)
	}
	col.of(c, parent).put(col.ID(&o), &o)
}

// Remove notes that an item was deleted, as OpenAI's reply to its deletion shows.
func (col *Collection[C, O]) Remove(c C, parent, id string) {
	if !c.Inventory().Disabled {
		col.of(c, parent).put(id, nil)
	}
}

// MarkStale notes that an item may differ from what is cached, because the reply to its update or
// deletion was lost. The next List makes a new fetch.
func (col *Collection[C, O]) MarkStale(c C, parent, id string) {
	if !c.Inventory().Disabled {
		col.of(c, parent).markStale(id)
	}
}

// of returns the list of a parent, which it adds to the inventory if there is none.
func (col *Collection[C, O]) of(c C, parent string) *list[O] {
	i, k, now := c.Inventory(), listKey{collection: col, parent: parent}, time.Now()
	i.mu.RLock()
	cached, ok := i.lists[k]
	if ok {
		// With the lock, so that the list is not dropped as idle meanwhile.
		cached.touch(now)
	}
	i.mu.RUnlock()
	if !ok {
		cached = i.add(k, &list[O]{name: col.Name, parent: parent, id: col.ID, single: col.Single, trim: col.Trim}, now)
	}
	// The key holds the collection, so that the type is always this one.
	l, _ := cached.(*list[O])
	return l
}

// add a list, unless another goroutine was faster. It returns the list that is cached.
func (i *Inventory) add(k listKey, l anyList, now time.Time) anyList {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.lists == nil {
		i.lists = map[listKey]anyList{}
		inventories.watch(i)
	}
	if cached, ok := i.lists[k]; ok {
		l = cached
	} else {
		i.dropIdle(now)
		i.lists[k] = l
	}
	l.touch(now)
	return l
}

// ForgetIdle drops the lists that nobody used for an hour.
func (i *Inventory) ForgetIdle(now time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.dropIdle(now)
}

func (i *Inventory) dropIdle(now time.Time) {
	maps.DeleteFunc(i.lists, func(_ listKey, l anyList) bool { return l.idle(now) })
}
