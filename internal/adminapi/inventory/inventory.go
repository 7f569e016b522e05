// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package inventory shares what OpenAI lists between all managed resources that use the same
// admin key.
package inventory

import (
	"context"
	"maps"
	"sync"
	"time"
)

// ListLag is how long OpenAI's lists may not show a change.
const ListLag = 15 * time.Second

// idleAfter is how long a list is kept that nobody asks for, such as that of a
// project that is no more.
const idleAfter = time.Hour

// An Inventory holds what OpenAI lists to one credential, so that everybody who
// asks is served by one fetch. The zero value is empty and ready for use.
type Inventory struct {
	// Disabled makes every question a fetch of its own, and forgets all writes.
	Disabled bool

	mu    sync.RWMutex
	lists map[listKey]keptList
}

// A listKey is a *Collection, and the parent whose things are listed.
type listKey struct {
	collection any
	parent     string
}

// A keptList is a *list of any kind of thing.
type keptList interface {
	use(at time.Time)
	idle(at time.Time) bool
	stock() (collection string, asOf time.Time, items int)
}

// A Caller is a client that has an Inventory.
type Caller interface {
	Inventory() *Inventory
}

// A Collection is a kind of thing that OpenAI lists by parent, such as the API
// keys of a project. C calls the API; O is a thing, of which no more need be kept
// than is used.
//
// Writes by others show in the next fetch. Our own show at once, if they are
// reported with Put, Remove or Forget.
type Collection[C Caller, O any] struct {
	// Name of the collection in metrics, such as "projects/api_keys".
	Name string

	// ID of a thing, which no other of the same parent has.
	ID func(o *O) string

	// Page gets the page that follows a cursor; the first one if that is empty. It
	// returns the cursor of the page that follows, which is empty if none does.
	Page func(ctx context.Context, c C, parent, after string) (page []O, next string, err error)

	// Trim drops what nobody reads of a thing that is kept for long, such as its raw
	// JSON, and returns how many bytes its texts have. It may be nil.
	Trim func(o *O) int
}

// List returns all things of a parent as of a time that is not before since, or
// not before the call where since lies in the future. Zero asks for whatever is
// known, however old.
//
// It waits for calls under way, but not for the rate limit: it then fails with
// ClassThrottled, and a later call goes on where this one had to stop. Whoever
// asks with the clock, such as for a poll, and whose list takes longer to fetch
// than the polls are apart, can fall back on what is known.
func (col *Collection[C, O]) List(ctx context.Context, c C, parent string, since time.Time) (*Listing[O], error) {
	page := func(ctx context.Context, after string) ([]O, string, error) { return col.Page(ctx, c, parent, after) }
	if c.Inventory().Disabled {
		countLookup(col.Name, lookupFetch)
		p := &partial[O]{name: col.Name, id: col.ID, slim: col.Trim}
		if err := p.complete(ctx, page); err != nil {
			return nil, err
		}
		return &Listing[O]{things: p.things, asOf: p.began}, nil
	}
	l, how, err := col.of(c, parent).look(ctx, since, page)
	countLookup(col.Name, how)
	return l, err
}

// Put tells that a thing is as given, by OpenAI's own reply to its creation or
// update.
func (col *Collection[C, O]) Put(c C, parent string, o O) {
	if c.Inventory().Disabled {
		return
	}
	if col.Trim != nil {
		col.Trim(&o)
	}
	col.of(c, parent).put(col.ID(&o), &o)
}

// Remove tells that a thing is no more, by OpenAI's own reply to its deletion.
func (col *Collection[C, O]) Remove(c C, parent, id string) {
	if !c.Inventory().Disabled {
		col.of(c, parent).put(id, nil)
	}
}

// MarkStale tells that a thing may not be as it is known, because the reply to its
// update or deletion was lost: whoever asks from now on is answered by a new fetch.
func (col *Collection[C, O]) MarkStale(c C, parent, id string) {
	if !c.Inventory().Disabled {
		col.of(c, parent).forget(id)
	}
}

// of returns the list of a parent, and makes it if need be.
func (col *Collection[C, O]) of(c C, parent string) *list[O] {
	made := func() keptList { return &list[O]{name: col.Name, parent: parent, id: col.ID, slim: col.Trim} }
	l, _ := c.Inventory().list(listKey{collection: col, parent: parent}, made).(*list[O])
	return l
}

func (i *Inventory) list(k listKey, made func() keptList) keptList {
	now := time.Now()
	i.mu.RLock()
	l, ok := i.lists[k]
	if ok {
		// Still locked, so that it is not dropped as idle.
		l.use(now)
	}
	i.mu.RUnlock()
	if ok {
		return l
	}

	i.mu.Lock()
	defer i.mu.Unlock()
	if i.lists == nil {
		i.lists = map[listKey]keptList{}
		watch(i)
	}
	if l, ok = i.lists[k]; !ok {
		for other, l := range i.lists {
			if l.idle(now) {
				delete(i.lists, other)
			}
		}
		l = made()
		i.lists[k] = l
	}
	l.use(now)
	return l
}

// ForgetIdle lists that nobody asked for of late.
func (i *Inventory) ForgetIdle(now time.Time) {
	i.mu.Lock()
	defer i.mu.Unlock()
	maps.DeleteFunc(i.lists, func(_ listKey, l keptList) bool { return l.idle(now) })
}

// Len is how many lists are kept.
func (i *Inventory) Len() int {
	i.mu.RLock()
	defer i.mu.RUnlock()
	return len(i.lists)
}
