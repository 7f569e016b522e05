// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// A modelWorker writes books of its own, as a reconcile does the resource of its object's.
type modelWorker struct {
	*rand.Rand

	model *model
	shelf *modelShelf
	own   map[string]*truth
}

func (w *modelWorker) sleep(most time.Duration) { time.Sleep(time.Duration(w.Int64N(int64(most)))) }

func (w *modelWorker) act() {
	switch n := w.IntN(20); {
	case n < 4:
		w.create()
	case n < 7:
		w.update()
	case n < 10:
		w.remove()
	default:
		w.list()
	}
}

func (w *modelWorker) create() {
	w.sleep(time.Second)
	id, b := w.model.add(w.shelf)
	w.sleep(time.Second)
	w.put(id, b, 0)
	w.own[id] = b
}

func (w *modelWorker) put(id string, b *truth, rev int) {
	w.model.books.Put(w.model, w.shelf.name, book{id: id, rev: rev})
	w.model.mu.Lock()
	b.put, b.rev = time.Now(), rev
	w.model.mu.Unlock()
}

func (w *modelWorker) update() {
	id, b := w.any()
	if b == nil {
		return
	}
	w.sleep(time.Second)
	rev, ok := w.model.revise(b)
	w.sleep(time.Second)
	if ok {
		w.put(id, b, rev)
	} else {
		w.removed(id, b)
	}
}

// remove a book; from time to time the reply is lost, and the call perhaps, too.
func (w *modelWorker) remove() {
	id, b := w.any()
	if b == nil {
		return
	}
	w.sleep(time.Second)
	lost := w.IntN(6) == 0
	if !lost || w.IntN(2) == 0 {
		w.model.delete(b)
	}
	w.sleep(time.Second)
	if !lost {
		w.removed(id, b)
		return
	}
	w.model.mu.Lock()
	w.shelf.forgotten++
	w.model.mu.Unlock()
	at := time.Now()
	w.model.books.MarkStale(w.model, w.shelf.name, id)
	w.model.mu.Lock()
	w.shelf.staleSince = at
	w.model.mu.Unlock()
}

func (w *modelWorker) removed(id string, b *truth) {
	w.model.books.Remove(w.model, w.shelf.name, id)
	w.model.mu.Lock()
	b.removed = time.Now()
	w.model.mu.Unlock()
	delete(w.own, id)
}

// any book of the worker's own.
func (w *modelWorker) any() (string, *truth) {
	ids := slices.Sorted(maps.Keys(w.own))
	if len(ids) == 0 {
		return "", nil
	}
	id := ids[w.IntN(len(ids))]
	return id, w.own[id]
}

func (w *modelWorker) list() {
	m, t := w.model, w.model.t
	ctx := t.Context()
	if w.IntN(10) == 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(w.Int64N(int64(2*time.Second))))
		defer cancel()
	}
	var since time.Time
	if w.IntN(4) > 0 {
		since = m.since(w.Rand)
	}
	asked := time.Now()
	m.mu.Lock()
	staleSince := w.shelf.staleSince
	m.mu.Unlock()

	got, err := m.books.List(ctx, m, w.shelf.name, since)
	switch {
	case err == nil:
		if got.AsOf().Before(since) {
			t.Errorf("asked for a list since %s, got one as of %s", since, got.AsOf())
		}
		if got.AsOf().Before(staleSince) {
			t.Errorf("asked after an item was marked stale at %s, got a list as of %s", staleSince, got.AsOf())
		}
		m.check(w.shelf, got, asked, staleSince)
	case ctx.Err() == nil && !apierror.IsInvalid(err) && apierror.ClassOf(err) != apierror.ClassThrottled && apierror.ClassOf(err) != apierror.ClassTransient:
		t.Errorf("List: %v", err)
	}
}
