// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inventory

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// A reply of a library to the question for a page.
type reply struct {
	ids  []string
	next string
	err  error
}

// replying in turn, each after a second.
func replying(t *testing.T, replies ...reply) *library {
	t.Helper()
	n := 0
	return &library{page: func(context.Context, string, string) ([]book, string, error) {
		time.Sleep(time.Second)
		if n == len(replies) {
			t.Errorf("asked for more than %d pages", n)
			return nil, "", nil
		}
		r := replies[n]
		n++
		return named(r.ids...), r.next, r.err
	}}
}

func failing(class apierror.Class) reply {
	return reply{err: &apierror.Error{Class: class, Message: "no"}}
}

// TestPaging shows what becomes of a fetch that fails on its way, for callers that
// ask once a minute.
func TestPaging(t *testing.T) {
	t.Parallel()
	type answer struct {
		ids   []string
		class apierror.Class // of the failure
		began int            // the minute of the question whose fetch is shown
	}
	p1, p2, p3 := reply{ids: []string{"a", "b"}, next: "b"}, reply{ids: []string{"c", "d"}, next: "d"}, reply{ids: []string{"e"}}
	all := []string{"a", "b", "c", "d", "e"}
	cases := map[string]struct {
		reason  string
		replies []reply
		asking  []int // how many minutes each question reaches back; -1 for any age
		pause   time.Duration
		cursors []string
		want    []answer
	}{
		"AllPagesAtOnce": {
			reason:  "Nothing interferes.",
			replies: []reply{p1, p2, p3}, asking: []int{-1}, cursors: []string{"", "b", "d"},
			want: []answer{{ids: all}},
		},
		"NothingToList": {
			reason:  "An empty list is complete, too.",
			replies: []reply{{}}, asking: []int{-1}, cursors: []string{""},
			want: []answer{{ids: []string{}}},
		},
		"ThrottledOnTheWay": {
			reason:  "The pages so far are retained, and what they show is as old as the first.",
			replies: []reply{p1, failing(apierror.ClassThrottled), failing(apierror.ClassThrottled), p2, p3}, asking: []int{-1, -1, -1},
			cursors: []string{"", "b", "b", "b", "d"},
			want:    []answer{{class: apierror.ClassThrottled}, {class: apierror.ClassThrottled}, {ids: all}},
		},
		"FailedOnTheWay": {
			reason:  "A failure that passes costs no page either.",
			replies: []reply{p1, p2, failing(apierror.ClassTransient), p3}, asking: []int{-1, -1}, cursors: []string{"", "b", "d", "d"},
			want: []answer{{class: apierror.ClassTransient}, {ids: all}},
		},
		"ThrottledAtTheFirstPage": {
			reason:  "What the list shows is no older than the page that answers.",
			replies: []reply{failing(apierror.ClassThrottled), p3}, asking: []int{-1, -1}, cursors: []string{"", ""},
			want: []answer{{class: apierror.ClassThrottled}, {ids: p3.ids, began: 1}},
		},
		"YoungerQuestionCompletesFirst": {
			reason:  "To begin anew each time would never end; then it asks for what is younger.",
			replies: []reply{p1, failing(apierror.ClassThrottled), p2, p3, p1, p2, p3}, asking: []int{0, 0},
			cursors: []string{"", "b", "b", "d", "", "b", "d"},
			want:    []answer{{class: apierror.ClassThrottled}, {ids: all, began: 1}},
		},
		"MovingQuestionsMakeProgress": {
			reason:  "The first answer serves those who ask for any, though no question of now is answered yet.",
			replies: []reply{p1, failing(apierror.ClassThrottled), p2, failing(apierror.ClassThrottled), p3, failing(apierror.ClassThrottled)}, asking: []int{0, 0, 0, -1},
			cursors: []string{"", "b", "b", "d", "d", ""},
			want:    []answer{{class: apierror.ClassThrottled}, {class: apierror.ClassThrottled}, {class: apierror.ClassThrottled}, {ids: all}},
		},
		"CursorIsGone": {
			reason:  "Somebody deleted the item that the cursor names.",
			replies: []reply{p1, failing(apierror.ClassInvalid), p1, p2, p3}, asking: []int{-1}, cursors: []string{"", "b", "", "b", "d"},
			want: []answer{{ids: all}},
		},
		"CursorIsNotFound": {
			reason:  "Somebody deleted the item that the cursor names.",
			replies: []reply{p1, failing(apierror.ClassThrottled), failing(apierror.ClassNotFound), p3}, asking: []int{-1, -1}, cursors: []string{"", "b", "b", ""},
			want: []answer{{class: apierror.ClassThrottled}, {ids: p3.ids, began: 1}},
		},
		"CursorIsRefusedAgain": {
			reason:  "It was not the cursor, so that the failure is returned.",
			replies: []reply{p1, failing(apierror.ClassInvalid), p1, failing(apierror.ClassInvalid), p3}, asking: []int{-1, -1}, cursors: []string{"", "b", "", "b", ""},
			want: []answer{{class: apierror.ClassInvalid}, {ids: p3.ids, began: 1}},
		},
		"ListIsRefused": {
			reason:  "Without a cursor there is nothing to begin anew with.",
			replies: []reply{failing(apierror.ClassInvalid)}, asking: []int{-1}, cursors: []string{""},
			want: []answer{{class: apierror.ClassInvalid}},
		},
		"AdminKeyIsRefusedOnTheWay": {
			reason:  "Nobody knows when it is replaced, so that nothing is retained.",
			replies: []reply{p1, failing(apierror.ClassUnauthorized), p3}, asking: []int{-1, -1}, cursors: []string{"", "b", ""},
			want: []answer{{class: apierror.ClassUnauthorized}, {ids: p3.ids, began: 1}},
		},
		"NobodyCameForLong": {
			reason:  "Pages that are too old say little, and their cursor may be gone.",
			replies: []reply{p1, failing(apierror.ClassThrottled), p3}, asking: []int{-1, -1}, pause: partialTTL, cursors: []string{"", "b", ""},
			want: []answer{{class: apierror.ClassThrottled}, {ids: p3.ids, began: 1}},
		},
		"SamePageForEver": {
			reason:  "A list that does not advance would never end.",
			replies: []reply{p1, {ids: p1.ids, next: p1.next}, p3}, asking: []int{-1, -1}, cursors: []string{"", "b", ""},
			want: []answer{{class: apierror.ClassTransient}, {ids: p3.ids, began: 1}},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				books, l := newBooks("paging"), replying(t, tc.replies...)
				minute := max(time.Minute, tc.pause+time.Minute)
				start := time.Now()
				for n, back := range tc.asking {
					time.Sleep(time.Until(start.Add(time.Duration(n) * minute)))
					since := time.Now().Add(-time.Duration(back) * minute)
					if back < 0 {
						since = time.Time{}
					}
					got, err := books.List(t.Context(), l, shelf, since)
					have := answer{ids: ids(got)}
					if err != nil {
						have.class = apierror.ClassOf(err)
					} else {
						have.began = int(got.AsOf().Sub(start) / minute)
					}
					if diff := cmp.Diff(tc.want[n], have, cmp.AllowUnexported(answer{})); diff != "" {
						t.Errorf("\n%s\nanswer %d: -want, +got:\n%s", tc.reason, n+1, diff)
					}
				}
				if diff := cmp.Diff(tc.cursors, l.asked); diff != "" {
					t.Errorf("\n%s\npages asked for: -want, +got:\n%s", tc.reason, diff)
				}
			})
		})
	}
}

// TestOneFetchServesAll shows that questions that come together cost one fetch,
// and those that come while it runs one more.
func TestOneFetchServesAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		books, l := newBooks("shared"), listing("a")
		var wg sync.WaitGroup
		ask := func(since time.Time) {
			for range 1000 {
				wg.Go(func() {
					got, err := books.List(t.Context(), l, shelf, since)
					if err != nil || got.AsOf().Before(since) {
						t.Errorf("List since %s: got one as of %s, error %v", since, got.AsOf(), err)
					}
				})
			}
		}
		ask(time.Now())
		time.Sleep(time.Second / 2)
		ask(time.Time{})
		ask(time.Now())
		wg.Wait()
		if len(l.asked) != 2 {
			t.Errorf("want 2 fetches, got %d", len(l.asked))
		}
	})
}

// TestCancelledCaller shows that nobody waits for a fetch longer than they want,
// and that others get it all the same.
func TestCancelledCaller(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		type keyType struct{}
		books, l := newBooks("cancelled"), listing("a")
		inner := l.page
		l.page = func(ctx context.Context, shelf, after string) ([]book, string, error) {
			defer func() {
				if err := ctx.Err(); err != nil || ctx.Value(keyType{}) != "kept" {
					t.Errorf("the fetch runs with error %v and value %v", err, ctx.Value(keyType{}))
				}
				if _, ok := ctx.Deadline(); !ok {
					t.Error("the fetch has no deadline")
				}
			}()
			return inner(ctx, shelf, after)
		}
		first, cancel := context.WithCancel(context.WithValue(t.Context(), keyType{}, "kept"))
		left := make(chan error, 1)
		start := time.Now()
		go func() {
			_, err := books.List(first, l, shelf, time.Time{})
			left <- err
		}()
		time.Sleep(time.Millisecond)
		go func() {
			time.Sleep(time.Millisecond)
			cancel()
		}()
		got := must(t, books, l, time.Time{})
		if diff := cmp.Diff([]string{"a"}, ids(got)); diff != "" {
			t.Errorf("what the other one got: -want, +got:\n%s", diff)
		}
		if err := <-left; !errors.Is(err, context.Canceled) {
			t.Errorf("who cancelled: want %v, got %v", context.Canceled, err)
		}
		if len(l.asked) != 1 || time.Since(start) != time.Second {
			t.Errorf("want one fetch in a second, got %d in %s", len(l.asked), time.Since(start))
		}
	})
}

// TestFailureReachesAllWhoWait shows that all reconciles that wait for a fetch
// learn of its failure, so that all can be put off, and that it is not repeated for
// each of them.
func TestFailureReachesAllWhoWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refusal := &apierror.Error{Class: apierror.ClassForbidden, Message: "disabled"}
		books, l := newBooks("failure"), replying(t, reply{err: fmt.Errorf("cannot list: %w", refusal)})
		var wg sync.WaitGroup
		for n := range 10 {
			// Some ask for a later list than the fetch in flight can return.
			time.Sleep(time.Duration(n) * time.Millisecond)
			wg.Go(func() {
				ctx, state := reconcilestate.New(t.Context(), "")
				got, err := books.List(ctx, l, shelf, time.Now())
				if diff := cmp.Diff(refusal, err, cmpopts.EquateErrors()); diff != "" || got != nil {
					t.Errorf("List: -want error, +got error:\n%s", diff)
				}
				if state.Wait() == 0 {
					t.Error("a reconcile that waited was not put off")
				}
			})
		}
		wg.Wait()
	})
}

// TestListWaitsAsOne shows that a list has one place among those who wait for the
// rate limit, whoever asks for it.
func TestListWaitsAsOne(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		places := map[string]int{}
		books := newBooks("place")
		l := &library{page: func(ctx context.Context, _, _ string) ([]book, string, error) {
			places[reconcilestate.Of(ctx).Object()]++
			return nil, "", &apierror.Error{Class: apierror.ClassThrottled}
		}}
		for _, object := range []string{"object 1", "object 2"} {
			for _, parent := range []string{"p1", "p2"} {
				ctx, state := reconcilestate.New(t.Context(), object)
				if _, err := books.List(ctx, l, parent, time.Time{}); apierror.ClassOf(err) != apierror.ClassThrottled {
					t.Errorf("List: want %s, got %v", apierror.ClassThrottled, err)
				}
				if _, ok := state.Throttled(); !ok {
					t.Errorf("%s does not know that it waits for the rate limit", object)
				}
			}
		}
		if diff := cmp.Diff(map[string]int{"list of place p1": 2, "list of place p2": 2}, places); diff != "" {
			t.Errorf("places: -want, +got:\n%s", diff)
		}
	})
}
