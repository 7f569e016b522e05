// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// endless lists items without end, each made from its number, a page at a time.
func endless(pageSize int, newList func(n int) book) *library {
	n := 0
	return &library{page: func(context.Context, string, string) ([]book, string, error) {
		items := make([]book, 0, pageSize)
		for range pageSize {
			items = append(items, newList(n))
			n++
		}
		return items, items[len(items)-1].id, nil
	}}
}

// TestAListWithoutEndIsGivenUp shows that a gateway which makes up items takes no more than some
// memory, and is not asked again for a while.
func TestAListWithoutEndIsGivenUp(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		made   func(n int) book
		calls  int
	}{
		"OfEverNewItems": {"No project has so many.", func(n int) book { return book{id: fmt.Sprintf("book-%d", n)} }, 101},
		"OfLongNames": {"Names count as much as is retained of them.", func(n int) book {
			return book{id: fmt.Sprintf("book-%d", n), title: strings.Repeat("x", 10*truncate.MaxBytes)}
		}, 62},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				books, l := newBooks("endless "+name), endless(1000, tc.made)
				_, err := books.List(t.Context(), l, shelf, time.Time{})
				if apierror.ClassOf(err) != apierror.ClassTransient || !strings.Contains(apitest.Text(err), "more than the provider takes") {
					t.Fatalf("%s\nwant an error about the size of the list, got %v", tc.reason, err)
				}
				calls := len(l.asked)
				if calls > tc.calls {
					t.Errorf("%s\ncalls: want at most %d, got %d", tc.reason, tc.calls, calls)
				}
				for range 3 {
					time.Sleep(partialTTL / 4)
					_, again := books.List(t.Context(), l, shelf, time.Now())
					if diff := cmp.Diff(apitest.Text(err), apitest.Text(again)); diff != "" || len(l.asked) != calls {
						t.Errorf("%s\nwant the same error without a call, got %d calls and -first, +again:\n%s", tc.reason, len(l.asked)-calls, diff)
					}
				}
				time.Sleep(partialTTL / 4)
				l.page = listing("a").page
				if got := must(t, books, l, time.Now()); len(ids(got)) != 1 || l.asked[calls] != "" {
					t.Errorf("%s\nwant it fetched again after %s, got %v", tc.reason, partialTTL, ids(got))
				}
			})
		})
	}
}

// TestPagesThatLeadRoundInACircle shows that a fetch ends whatever the pages are.
func TestPagesThatLeadRoundInACircle(t *testing.T) {
	t.Parallel()
	page := func(next string, ids ...string) reply { return reply{ids: ids, next: next} }
	cases := map[string]struct {
		reason  string
		replies []reply
		want    []string // nil: an error
	}{
		"ThereAndBack":     {"What follows b is a again.", []reply{page("a", "a"), page("b", "b"), page("a", "a")}, nil},
		"WithSomethingNew": {"Each page has something new before a cursor of an earlier one.", []reply{page("a", "a"), page("b", "b"), page("a", "c", "a")}, nil},
		"TheSameItem":      {"It says that more follow, for ever.", []reply{page("a", "a"), page("a", "a")}, nil},
		"NothingMore":      {"An empty page has no cursor.", []reply{page("a", "a"), page("b")}, nil},
		"NothingNew":       {"Each cursor is another, as one that OpenAI makes may be, and each page is the same.", []reply{page("cursor-1", "a"), page("cursor-2", "a")}, nil},
		"TwiceInAPage":     {"It is one item all the same.", []reply{page("b", "a", "a", "b"), page("", "c", "c")}, []string{"a", "b", "c"}},
		"TwiceInTwoPages":  {"Something was made meanwhile, so that a item moved to the next page.", []reply{page("b", "a", "b"), page("c", "b", "c"), page("", "d")}, []string{"a", "b", "c", "d"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				books, l := newBooks("circle "+name), replying(t, tc.replies...)
				got, err := books.List(t.Context(), l, shelf, time.Time{})
				if (err != nil) != (tc.want == nil) || (err != nil && apierror.ClassOf(err) != apierror.ClassTransient) {
					t.Fatalf("%s\nwant an error %t, got %v", tc.reason, tc.want == nil, err)
				}
				if diff := cmp.Diff(tc.want, ids(got)); diff != "" {
					t.Errorf("%s\nthings: -want, +got:\n%s", tc.reason, diff)
				}
			})
		})
	}
}

// TestOneItemListedForEverTakesNoMemory shows that only what is retained counts against the bound.
func TestOneItemListedForEverTakesNoMemory(t *testing.T) {
	t.Parallel()
	p := &partialList[book]{id: func(b *book) string { return b.id }, trim: newBooks("same").Trim, items: newItemTree[book]()}
	for range 1000 {
		p.add([]book{{id: "a", title: strings.Repeat("x", 100)}})
	}
	p.add([]book{{id: "a", title: "short"}})
	if want := int(reflect.TypeFor[book]().Size()) + len("short"); p.bytes != want || p.items.Len() != 1 {
		t.Errorf("want one item of %d bytes, got %d of %d", want, p.items.Len(), p.bytes)
	}
}

// TestWritesOfAListThatNobodyAsksForDoNotPileUp shows that only writes are retained that a fetch
// could contradict.
func TestWritesOfAListThatNobodyAsksForDoNotPileUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("writes pile up"), listing()
		for n := range 10_000 {
			books.Put(l, shelf, book{id: fmt.Sprintf("book-%d", n)})
			books.Remove(l, shelf, fmt.Sprintf("book-%d", n-1))
			time.Sleep(time.Second)
		}
		if n := len(books.of(l, shelf).writes); n > 200 {
			t.Errorf("writes that are retained: want those of the last %s, got %d", ListLag, n)
		}
		if got := must(t, books, l, time.Time{}); len(ids(got)) == 0 || !got.Removed("book-9998") {
			t.Errorf("want the last writes to hold, got %v", ids(got))
		}
	})
}

func TestRemovalsAreNotCounted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("stock"), listing("a", "b")
		must(t, books, l, time.Time{})
		books.Remove(l, shelf, "a")
		books.Remove(l, shelf, "a")
		books.MarkStale(l, shelf, "a")
		if _, _, n := books.of(l, shelf).stats(); n != 1 {
			t.Errorf("items in metrics: want 1, got %d", n)
		}
		books.Put(l, shelf, book{id: "a"})
		if _, _, n := books.of(l, shelf).stats(); n != 2 {
			t.Errorf("items in metrics once it is there again: want 2, got %d", n)
		}
	})
}
