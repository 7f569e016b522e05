// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// A book stands for whatever OpenAI lists.
type book struct {
	id    string
	rev   int
	raw   string
	title string
}

// A library lists books as OpenAI would, and is a client with an inventory.
type library struct {
	inventory Inventory
	page      func(ctx context.Context, shelf, after string) ([]book, string, error)
	asked     []string // cursors, in order
}

func (l *library) Inventory() *Inventory { return &l.inventory }

// newBooks is a collection of its own, so that tests do not share metrics.
func newBooks(name string) *Collection[*library, book] {
	return &Collection[*library, book]{
		Name: name,
		ID:   func(b *book) string { return b.id },
		Page: func(ctx context.Context, l *library, shelf, after string) ([]book, string, error) {
			l.asked = append(l.asked, after)
			return l.page(ctx, shelf, after)
		},
		Trim: func(b *book) int {
			b.raw = ""
			return truncate.Texts(&b.title)
		},
	}
}

// listing always the same books, which takes a second.
func listing(ids ...string) *library {
	return &library{page: func(context.Context, string, string) ([]book, string, error) {
		time.Sleep(time.Second)
		return named(ids...), "", nil
	}}
}

func named(ids ...string) []book {
	books := make([]book, 0, len(ids))
	for _, id := range ids {
		books = append(books, book{id: id, raw: "{}"})
	}
	return books
}

// ids of a listing; nil of none.
func ids(l *Listing[book]) []string {
	if l == nil {
		return nil
	}
	out := []string{}
	for b := range l.All() {
		out = append(out, b.id)
	}
	return out
}

const shelf = "shelf"

// must list the books as of a time.
func must(t *testing.T, books *Collection[*library, book], l *library, since time.Time) *Listing[book] {
	t.Helper()
	got, err := books.List(t.Context(), l, shelf, since)
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	return got
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	const age = time.Minute // of the list when it is asked for
	cases := map[string]struct {
		reason string
		since  time.Duration // before now; none: zero time
		none   bool
		want   int // fetches for this question
	}{
		"AnyAgeWillDo":                {reason: "Zero asks for whatever is known.", none: true},
		"OldEnoughQuestion":           {reason: "The fetch began after the time asked for.", since: age + time.Second},
		"QuestionOfTheVeryMoment":     {reason: "What a fetch shows is no older than its beginning.", since: age},
		"LaterSince":                  {reason: "Something may have changed since the fetch began.", since: age - 1, want: 1},
		"QuestionOfNow":               {reason: "Only a new fetch can answer.", since: 0, want: 1},
		"QuestionOfAClockThatIsAhead": {reason: "A fetch that begins after the question is as young as can be: it must not be repeated until the clocks agree.", since: -time.Hour, want: 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				books, l := newBooks("freshness"), listing("a", "b")
				first := must(t, books, l, time.Time{})
				time.Sleep(time.Until(first.AsOf().Add(age)))
				since := time.Now().Add(-tc.since)
				if tc.none {
					since = time.Time{}
				}
				got := must(t, books, l, since)
				if diff := cmp.Diff(tc.want, len(l.asked)-1); diff != "" {
					t.Errorf("\n%s\nfetches: -want, +got:\n%s", tc.reason, diff)
				}
				if diff := cmp.Diff([]string{"a", "b"}, ids(got)); diff != "" {
					t.Errorf("\n%s\nthings: -want, +got:\n%s", tc.reason, diff)
				}
			})
		})
	}
}

// TestWriteThrough shows what counts where our own writes and a list contradict
// each other.
func TestWriteThrough(t *testing.T) {
	t.Parallel()
	type step func(books *Collection[*library, book], l *library)
	var (
		put = func(rev int) step {
			return func(books *Collection[*library, book], l *library) { books.Put(l, shelf, book{id: "x", rev: rev}) }
		}
		remove step = func(books *Collection[*library, book], l *library) { books.Remove(l, shelf, "x") }
		forget step = func(books *Collection[*library, book], l *library) { books.MarkStale(l, shelf, "x") }
	)
	const took = 10 * time.Second // a fetch
	cases := map[string]struct {
		reason  string
		before  []book // as listed before the write
		writes  []step
		at      time.Duration // of the writes, after the beginning of the last fetch
		after   []book        // as listed by the last fetch
		want    []book
		removed bool // by us, and still remembered
		more    int  // fetches, beside the first and the last
	}{
		"CreatedDuringAFetch": {
			reason: "The fetch began before the key existed.",
			writes: []step{put(1)}, at: 1, want: []book{{id: "x", rev: 1}},
		},
		"CreatedJustBeforeAFetch": {
			reason: "Lists lag behind.",
			writes: []step{put(1)}, at: -ListLag + 1, want: []book{{id: "x", rev: 1}},
		},
		"CreatedLongBeforeAFetch": {
			reason: "Somebody else removed it.",
			writes: []step{put(1)}, at: -ListLag,
		},
		"UpdatedDuringAFetch": {
			reason: "The page may be older than the update.",
			before: []book{{id: "x", rev: 1}}, writes: []step{put(2)}, at: 1, after: []book{{id: "x", rev: 1}},
			want: []book{{id: "x", rev: 2}},
		},
		"UpdatedJustBeforeAFetch": {
			reason: "Lists lag behind.",
			before: []book{{id: "x", rev: 1}}, writes: []step{put(2)}, at: -ListLag + 1, after: []book{{id: "x", rev: 1}},
			want: []book{{id: "x", rev: 2}},
		},
		"UpdatedLongBeforeAFetch": {
			reason: "Somebody else changed it later.",
			before: []book{{id: "x", rev: 1}}, writes: []step{put(2)}, at: -ListLag, after: []book{{id: "x", rev: 3}},
			want: []book{{id: "x", rev: 3}},
		},
		"RemovedDuringAFetch": {
			reason: "The page may be older than the deletion.",
			before: []book{{id: "x"}}, writes: []step{remove}, at: 1, after: []book{{id: "x"}}, removed: true,
		},
		"RemovedJustBeforeAFetch": {
			reason: "Lists lag behind.",
			before: []book{{id: "x"}}, writes: []step{remove}, at: -ListLag + 1, after: []book{{id: "x"}}, removed: true,
		},
		"RemovedLongBeforeAFetch": {
			reason: "It was made again, as the member of a project can be.",
			before: []book{{id: "x"}}, writes: []step{remove}, at: -ListLag, after: []book{{id: "x"}}, want: []book{{id: "x"}},
		},
		"RemovedAndMadeAgain": {
			reason: "The last write counts.",
			before: []book{{id: "x"}}, writes: []step{remove, put(2)}, at: -1, after: []book{{id: "x"}}, want: []book{{id: "x", rev: 2}},
		},
		"MadeAndRemoved": {
			reason: "The last write counts.",
			writes: []step{put(1), remove}, at: -1, after: []book{{id: "x", rev: 1}}, removed: true,
		},
		"ForgottenAfterCreationAndNotListed": {
			reason: "A list that lags must not hide what may live.",
			writes: []step{put(1), forget}, at: -1, want: []book{{id: "x", rev: 1}},
		},
		"ForgottenAfterAnUpdate": {
			reason: "A list that lags does not disprove what was certain.",
			before: []book{{id: "x", rev: 1}}, writes: []step{put(2), forget}, at: -1, after: []book{{id: "x", rev: 1}}, want: []book{{id: "x", rev: 2}},
		},
		"ForgottenLongAfterAnUpdate": {
			reason: "The fetch began after the item was marked stale.",
			before: []book{{id: "x", rev: 1}}, writes: []step{put(2), forget}, at: -ListLag, after: []book{{id: "x", rev: 3}}, want: []book{{id: "x", rev: 3}},
		},
		"ForgottenDuringAFetch": {
			reason: "The page may be older than the mark, so that another fetch is needed.",
			before: []book{{id: "x", rev: 1}}, writes: []step{forget}, at: 1, want: nil, more: 1,
		},
		"ForgottenAfterRemovalAndListed": {
			reason: "It may have been made again.",
			writes: []step{remove, forget}, at: -1, after: []book{{id: "x"}}, want: []book{{id: "x"}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				books, listed := newBooks("writes"), tc.before
				l := &library{page: func(context.Context, string, string) ([]book, string, error) {
					found := slices.Clone(listed)
					time.Sleep(took)
					return found, "", nil
				}}
				must(t, books, l, time.Time{})
				time.Sleep(time.Minute)
				began := time.Now().Add(time.Minute)
				write := func() {
					time.Sleep(time.Until(began.Add(tc.at)))
					for _, w := range tc.writes {
						w(books, l)
					}
				}
				if tc.at > 0 {
					go write()
				} else {
					write()
				}
				time.Sleep(time.Until(began))
				listed = tc.after
				must(t, books, l, began)
				got := must(t, books, l, time.Time{})
				if diff := cmp.Diff(2+tc.more, len(l.asked)); diff != "" {
					t.Errorf("\n%s\nfetches: -want, +got:\n%s", tc.reason, diff)
				}
				var items []book
				for b := range got.All() {
					items = append(items, *b)
				}
				if diff := cmp.Diff(tc.want, items, cmp.AllowUnexported(book{}), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("\n%s\nthings: -want, +got:\n%s", tc.reason, diff)
				}
				b, ok := got.Get("x")
				if diff := cmp.Diff(len(tc.want) > 0, ok); diff != "" || (ok && b.rev != tc.want[0].rev) {
					t.Errorf("\n%s\nGet: -want, +got:\n%s%v", tc.reason, diff, b)
				}
				if diff := cmp.Diff(tc.removed, got.Removed("x")); diff != "" {
					t.Errorf("\n%s\nRemoved: -want, +got:\n%s", tc.reason, diff)
				}
			})
		})
	}
}

func TestPutBeforeAnyFetch(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("put first"), listing("a")
		books.Put(l, shelf, book{id: "x"})
		books.Remove(l, shelf, "a")
		got := must(t, books, l, time.Time{})
		if diff := cmp.Diff([]string{"x"}, ids(got)); diff != "" {
			t.Errorf("what was written must not pass for the whole list: -want, +got:\n%s", diff)
		}
		if len(l.asked) != 1 {
			t.Errorf("want one fetch, got %d", len(l.asked))
		}
	})
}

// TestListingsDoNotChange shows that who decides by a listing sees one state.
func TestListingsDoNotChange(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("immutable"), listing("a", "b")
		before := must(t, books, l, time.Time{})
		books.Put(l, shelf, book{id: "c"})
		books.Remove(l, shelf, "a")
		after := must(t, books, l, time.Time{})
		books.Put(l, shelf, book{id: "d"})

		if diff := cmp.Diff([]string{"a", "b"}, ids(before)); diff != "" {
			t.Errorf("listing before the writes: -want, +got:\n%s", diff)
		}
		if diff := cmp.Diff([]string{"b", "c"}, ids(after)); diff != "" {
			t.Errorf("listing after the writes: -want, +got:\n%s", diff)
		}
		if again := must(t, books, l, time.Time{}); again != must(t, books, l, time.Time{}) {
			t.Error("a listing was made again although nothing changed")
		}
	})
}

// TestRemoved shows that only a removal by the provider proves that an item is gone.
func TestRemoved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("removed"), listing("a", "b")
		got := must(t, books, l, time.Time{})
		books.Remove(l, shelf, "b")
		got = must(t, books, l, got.AsOf())
		cases := map[string]struct {
			reason string
			id     string
			want   bool
		}{
			"Listed":      {"It lives.", "a", false},
			"RemovedByUs": {"OpenAI confirmed it, whatever the list shows.", "b", true},
			"LeftOut":     {"A list may be short, late or somebody else's.", "x", false},
		}
		for name, tc := range cases {
			if diff := cmp.Diff(tc.want, got.Removed(tc.id)); diff != "" {
				t.Errorf("%s: %s\nRemoved: -want, +got:\n%s", name, tc.reason, diff)
			}
		}
	})
}

// TestParentsAndCollectionsAreSeparate shows that no list is taken for another.
func TestParentsAndCollectionsAreSeparate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := &library{page: func(_ context.Context, shelf, _ string) ([]book, string, error) { return named(shelf), "", nil }}
		one, other := newBooks("same name"), newBooks("same name")
		one.Put(l, "p1", book{id: "x"})
		for _, tc := range []struct {
			books  *Collection[*library, book]
			parent string
			want   []string
		}{
			{one, "p1", []string{"p1", "x"}}, {one, "p2", []string{"p2"}}, {other, "p1", []string{"p1"}},
		} {
			got, err := tc.books.List(t.Context(), l, tc.parent, time.Time{})
			if err != nil {
				t.Fatalf("List: %v", err)
			}
			if diff := cmp.Diff(tc.want, ids(got)); diff != "" {
				t.Errorf("items of %q: -want, +got:\n%s", tc.parent, diff)
			}
		}
	})
}

// TestTrim shows that neither a fetch nor a write retains what nobody reads.
func TestTrim(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("slim"), listing("a")
		mine := book{id: "b", raw: "{}"}
		books.Put(l, shelf, mine)
		for b := range must(t, books, l, time.Time{}).All() {
			if b.raw != "" {
				t.Errorf("%q was retained untrimmed", b.id)
			}
		}
		if mine.raw == "" {
			t.Error("the caller's own was changed")
		}
	})
}

func TestDisabled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("disabled"), listing("a", "b")
		l.inventory.Disabled = true
		books.Put(l, shelf, book{id: "x"})
		books.Remove(l, shelf, "a")
		books.MarkStale(l, shelf, "b")
		for n := range 3 {
			asked := time.Now()
			got := must(t, books, l, time.Time{})
			if diff := cmp.Diff([]string{"a", "b"}, ids(got)); diff != "" {
				t.Errorf("items as OpenAI lists them: -want, +got:\n%s", diff)
			}
			if !got.AsOf().Equal(asked) || len(l.asked) != n+1 {
				t.Errorf("want each question to be a fetch of its own, got %d fetches for %d", len(l.asked), n+1)
			}
		}
	})
}

// TestIdleListsAreDropped shows that the lists of former projects do not pile up.
func TestIdleListsAreDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("idle"), listing("a")
		use := func(parent string) {
			t.Helper()
			if _, err := books.List(t.Context(), l, parent, time.Time{}); err != nil {
				t.Fatalf("List: %v", err)
			}
		}
		use("former")
		use("current")
		time.Sleep(idleTTL)
		use("current")
		use("new")
		asked := len(l.asked)
		use("current")
		if len(l.asked) != asked {
			t.Error("a list in use was dropped")
		}
		use("former")
		if len(l.asked) != asked+1 {
			t.Error("a list that nobody asked for was kept")
		}
	})
}
