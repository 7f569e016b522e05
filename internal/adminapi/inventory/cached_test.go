// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestWhatIsKnownCostsNoFetch shows what is known after fetches and writes, of the books
// a to d.
func TestWhatIsKnownCostsNoFetch(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		before func(t *testing.T, books *Collection[*library, book], l *library)
		want   []string
	}{
		"Nothing":      {"Nobody asked yet.", func(*testing.T, *Collection[*library, book], *library) {}, nil},
		"Listed":       {"A list was fetched.", func(t *testing.T, books *Collection[*library, book], l *library) { must(t, books, l, time.Time{}) }, []string{"a", "b"}},
		"WrittenFirst": {"What we made is known without a list.", func(_ *testing.T, books *Collection[*library, book], l *library) { books.Put(l, shelf, book{id: "c"}) }, []string{"c"}},
		"Removed": {"What we removed was there.", func(t *testing.T, books *Collection[*library, book], l *library) {
			must(t, books, l, time.Time{})
			books.Remove(l, shelf, "a")
		}, []string{"a", "b"}},
		"Disabled": {"Nothing is retained.", func(t *testing.T, books *Collection[*library, book], l *library) {
			l.inventory.Disabled = true
			must(t, books, l, time.Time{})
		}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				books, l := newBooks("known"), listing("a", "b")
				tc.before(t, books, l)
				fetches := len(l.asked)
				known := books.Cached(l, shelf)
				var got []string
				for _, id := range []string{"a", "b", "c", "d"} {
					if known.Knows(id) {
						got = append(got, id)
					}
				}
				if diff := cmp.Diff(tc.want, got); diff != "" {
					t.Errorf("\n%s\nknown: -want, +got:\n%s", tc.reason, diff)
				}
				if n := len(l.asked) - fetches; n != 0 {
					t.Errorf("\n%s\n%d fetches, want none", tc.reason, n)
				}
			})
		})
	}
}
