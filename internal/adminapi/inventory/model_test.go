// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/testseed"
)

// The model's bounds, in virtual time.
const (
	modelLasts    = 15 * time.Minute
	modelWorkers  = 12
	modelMark     = 30 * time.Second // between the points in time that questions ask for
	modelPageSize = 5
)

// TestInventoryAgainstModel lets many workers create, update, remove and list
// books at an OpenAI whose lists lag, which throttles and fails, and where others
// write, too. Every listing is compared with what is true.
func TestInventoryAgainstModel(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		since  func(r *rand.Rand) time.Time
		bound  bool // on the fetches
	}{
		"QuestionsOfFixedMoments": {
			reason: "Objects that are polled together ask for the same.",
			since:  func(*rand.Rand) time.Time { return time.Now().Truncate(modelMark) },
			bound:  true,
		},
		"QuestionsOfAnyMoment": {
			reason: "Every object has its own question.",
			since: func(r *rand.Rand) time.Time {
				return time.Now().Add(-time.Duration(r.Int64N(int64(2 * time.Minute))))
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := testseed.Of(t)
			synctest.Test(t, func(t *testing.T) {
				m := newModel(t, seed, tc.since)
				m.run()
				m.settle()
				m.mu.Lock()
				defer m.mu.Unlock()
				for what, n := range m.checked {
					if n == 0 {
						t.Errorf("\n%s\nit never happened that %s", tc.reason, what)
					}
				}
				for _, s := range m.shelves {
					fetches := int(modelLasts/modelMark) + 2 + s.refused + s.forgotten
					if tc.bound && s.firstPages > fetches {
						t.Errorf("\n%s\n%s: want %d fetches at most, got %d", tc.reason, s.name, fetches, s.firstPages)
					}
					if pages := s.firstPages * (s.most/modelPageSize + 1); s.pages > pages {
						t.Errorf("\n%s\n%s: want %d pages at most, got %d", tc.reason, s.name, pages, s.pages)
					}
				}
			})
		})
	}
}

// A model is OpenAI as it truly is, and the client of its workers.
type model struct {
	t         *testing.T
	seed      uint64
	since     func(r *rand.Rand) time.Time
	books     *Collection[*model, book]
	inventory Inventory
	end       time.Time

	mu      sync.Mutex
	random  *rand.Rand
	last    int
	shelves []*modelShelf
	checked map[string]int
}

// What is checked of listings.
const (
	ownIsListed      = "a living book of ours was listed"
	revisionIsListed = "an update of ours was listed"
	othersIsListed   = "a living book of others was listed"
	removedIsGone    = "a book that we removed was gone"
	deletedIsGone    = "a book that others deleted was gone"
	staleIsFetched   = "a listing was of after an item was marked stale"
)

type modelShelf struct {
	name       string
	books      map[string]*truth
	closed     time.Time // until when all is throttled
	busy       bool      // with a page
	staleSince time.Time

	firstPages, pages, refused, forgotten, most int
}

// The truth of a book.
type truth struct {
	made    time.Time
	deleted time.Time // zero: it lives
	revised []time.Time

	// What was reported to the inventory, and when.
	rev     int
	put     time.Time // zero: others made it
	removed time.Time
}

func (b *truth) listedAt(at time.Time) bool {
	return !b.made.After(at) && (b.deleted.IsZero() || b.deleted.After(at))
}

func newModel(t *testing.T, seed uint64, since func(r *rand.Rand) time.Time) *model {
	t.Helper()
	m := &model{
		t: t, seed: seed, since: since, end: time.Now().Add(modelLasts),
		random:  rand.New(rand.NewPCG(seed, 0)),
		shelves: []*modelShelf{{name: "p1"}, {name: "p2"}},
		checked: map[string]int{ownIsListed: 0, revisionIsListed: 0, othersIsListed: 0, removedIsGone: 0, deletedIsGone: 0, staleIsFetched: 0},
		books: &Collection[*model, book]{
			Name: "model", ID: func(b *book) string { return b.id },
			Page: func(ctx context.Context, m *model, parent, after string) ([]book, string, error) {
				return m.page(ctx, m.shelf(parent), after)
			},
		},
	}
	for _, s := range m.shelves {
		s.books = map[string]*truth{}
		for range 4 * modelPageSize {
			m.add(s)
		}
	}
	return m
}

func (m *model) Inventory() *Inventory { return &m.inventory }

func (m *model) shelf(name string) *modelShelf {
	for _, s := range m.shelves {
		if s.name == name {
			return s
		}
	}
	m.t.Errorf("no shelf %q", name)
	return nil
}

// page of a shelf, newest books first, as it was some time ago.
func (m *model) page(ctx context.Context, s *modelShelf, after string) ([]book, string, error) {
	books, next, took, err := m.answer(s, after)
	select {
	case <-time.After(took):
	case <-ctx.Done():
		err = ctx.Err()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s.busy = false
	if err != nil {
		return nil, "", err
	}
	s.pages++
	if after == "" {
		s.firstPages++
	}
	return books, next, nil
}

func (m *model) answer(s *modelShelf, after string) (page []book, next string, took time.Duration, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s.busy {
		m.t.Errorf("%s is fetched twice at a time", s.name)
	}
	s.busy = true
	took = time.Duration(m.random.Int64N(int64(time.Second)))
	now := time.Now()
	trouble := m.random.IntN(30)
	switch {
	case now.Before(s.closed):
		return nil, "", took, &apierror.Error{Class: apierror.ClassThrottled}
	case trouble == 0:
		s.closed = now.Add(time.Duration(m.random.Int64N(int64(30 * time.Second))))
		return nil, "", took, &apierror.Error{Class: apierror.ClassThrottled}
	case trouble == 1:
		return nil, "", took, &apierror.Error{Class: apierror.ClassTransient, Status: 500}
	case after != "" && !s.books[after].listedAt(now) && m.random.IntN(2) == 0:
		s.refused++
		return nil, "", took, &apierror.Error{Class: apierror.ClassInvalid, Message: "unknown cursor"}
	}
	asOf := now.Add(-time.Duration(m.random.Int64N(int64(ListLag))))
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(s.books))) {
		b := s.books[id]
		if (after != "" && id >= after) || !b.listedAt(asOf) {
			continue
		}
		if len(page) == modelPageSize {
			return page, page[len(page)-1].id, took, nil
		}
		rev := 0
		for _, at := range b.revised {
			if !at.After(asOf) {
				rev++
			}
		}
		page = append(page, book{id: id, rev: rev})
	}
	return page, "", took, nil
}

// add a book, as a POST does.
func (m *model) add(s *modelShelf) (id string, b *truth) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last++
	id, b = fmt.Sprintf("book-%06d", m.last), &truth{made: time.Now()}
	s.books[id] = b
	s.most = max(s.most, len(s.books))
	return id, b
}

func (m *model) book(s *modelShelf, id string) *truth {
	m.mu.Lock()
	defer m.mu.Unlock()
	return s.books[id]
}

// delete a book, as a DELETE does.
func (m *model) delete(b *truth) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if b.deleted.IsZero() {
		b.deleted = time.Now()
	}
}

// revise a book, as an update does; false if it is gone.
func (m *model) revise(b *truth) (rev int, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !b.deleted.IsZero() {
		return 0, false
	}
	b.revised = append(b.revised, time.Now())
	return len(b.revised), true
}

// run the workers, and the others, until the end.
func (m *model) run() {
	var wg sync.WaitGroup
	for n := range uint64(modelWorkers) {
		wg.Go(func() {
			w := &modelWorker{model: m, Rand: rand.New(rand.NewPCG(m.seed, n+1)), own: map[string]*truth{}}
			w.shelf = m.shelves[w.IntN(len(m.shelves))]
			for time.Now().Before(m.end) {
				w.sleep(4 * time.Second)
				w.act()
			}
		})
	}
	for n, s := range m.shelves {
		wg.Go(func() { m.others(s, rand.New(rand.NewPCG(m.seed, uint64(n)+1000))) })
	}
	wg.Wait()
}

// others create and delete what they like, without a word to us.
func (m *model) others(s *modelShelf, r *rand.Rand) {
	for time.Now().Before(m.end) {
		time.Sleep(time.Duration(r.Int64N(int64(10 * time.Second))))
		if r.IntN(3) == 0 {
			m.add(s)
			continue
		}
		if ids := m.living(s); len(ids) > 0 {
			m.delete(m.book(s, ids[r.IntN(len(ids))]))
		}
	}
}

// living books' IDs.
func (m *model) living(s *modelShelf) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for id, b := range s.books {
		if b.deleted.IsZero() {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// settle shows that in the end the inventory lists what there is, and retains no
// write for longer than need be.
func (m *model) settle() {
	time.Sleep(ListLag + time.Second)
	since := time.Now()
	for _, s := range m.shelves {
		var (
			got *Listing[book]
			err = errors.New("not asked")
		)
		for range 100 {
			if got, err = m.books.List(m.t.Context(), m, s.name, since); err == nil {
				break
			}
			time.Sleep(time.Minute)
		}
		if err != nil {
			m.t.Errorf("%s was not listed in the end: %v", s.name, err)
			return
		}
		want := m.living(s)
		if diff := cmp.Diff(want, ids(got)); diff != "" {
			m.t.Errorf("%s in the end: -want, +got:\n%s", s.name, diff)
		}
		if n := len(m.books.of(m, s.name).writes); n > 0 {
			m.t.Errorf("%s: %d writes are still remembered", s.name, n)
		}
	}
}

// check a listing that was asked for at a time against the truth.
func (m *model) check(s *modelShelf, got *Listing[book], asked, staleSince time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	count := func(what string, happened bool) {
		if happened {
			m.checked[what]++
		}
	}
	count(staleIsFetched, !staleSince.IsZero())
	for id, b := range s.books {
		listed, ok := got.Get(id)
		reported := !b.put.IsZero() && b.put.Before(asked)
		living := b.deleted.IsZero()
		oldEnough := got.AsOf().After(b.made.Add(ListLag))
		switch {
		case !ok && living && reported:
			m.t.Errorf("%s: our %s of %s is missing as of %s", s.name, id, b.made, got.AsOf())
		case !ok && living && oldEnough:
			m.t.Errorf("%s: the others' %s of %s is missing as of %s", s.name, id, b.made, got.AsOf())
		case ok && reported && living && listed.rev < b.rev:
			m.t.Errorf("%s: %s is listed with revision %d although we put %d at %s", s.name, id, listed.rev, b.rev, b.put)
		case ok && !b.removed.IsZero() && b.removed.Before(asked):
			m.t.Errorf("%s: %s, which we removed at %s, is listed as of %s", s.name, id, b.removed, got.AsOf())
		case ok && !living && got.AsOf().After(latest(b.deleted, b.put).Add(ListLag)):
			m.t.Errorf("%s: %s, deleted at %s, is listed as of %s", s.name, id, b.deleted, got.AsOf())
		}
		if got.Removed(id) && (ok || living) {
			m.t.Errorf("%s: %s, made at %s, is said to be removed as of %s, listed %t, living %t", s.name, id, b.made, got.AsOf(), ok, living)
		}
		count(ownIsListed, ok && living && reported)
		count(revisionIsListed, ok && living && reported && b.rev > 0)
		count(othersIsListed, ok && living && b.put.IsZero() && oldEnough)
		count(removedIsGone, !ok && !b.removed.IsZero())
		count(deletedIsGone, !ok && b.removed.IsZero() && !living)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
