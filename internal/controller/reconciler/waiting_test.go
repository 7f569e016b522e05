// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"golang.org/x/time/rate"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/record"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func newWaiting(limit *rate.Limiter) (w *waiting, told func() int) {
	r := record.NewFakeRecorder(1000)
	return &waiting{record: event.NewAPIRecorder(r), limit: limit}, func() int {
		n := len(r.Events)
		for len(r.Events) > 0 {
			<-r.Events
		}
		return n
	}
}

func waiter(name string) *v1alpha1.Project {
	return &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: name, UID: types.UID("uid-of-" + name)}}
}

func TestAStormOfWaitersIsToldBitByBit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const objects = 100
		w, told := newWaiting(rate.NewLimiter(2, 10))
		round := func() {
			for i := range objects {
				w.note(waiter(fmt.Sprint(i)), time.Now().Add(time.Minute))
			}
		}

		round()
		total := told()
		if total != 10 {
			t.Errorf("at once: want a burst of 10 events, got %d", total)
		}
		for range 100 {
			time.Sleep(time.Second)
			round()
			n := told()
			total += n
			if n > 2 {
				t.Errorf("later: want 2 events a second at most, got %d", n)
			}
		}
		if total != objects {
			t.Errorf("in the end: want each of %d objects told once, got %d events", objects, total)
		}
	})
}

func TestWaitingEvents(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		spells func(w *waiting)
		want   int
	}{
		"ShortWait": {
			reason: "A wait of a few seconds is not worth an event.",
			spells: func(w *waiting) { w.note(waiter("a"), time.Now().Add(5*time.Second)) },
			want:   0,
		},
		"ShortWaitsInARow": {
			reason: "Many short waits without a break are a long one.",
			spells: func(w *waiting) {
				for range 5 {
					w.note(waiter("a"), time.Now().Add(2*time.Second))
					time.Sleep(2 * time.Second)
				}
			},
			want: 1,
		},
		"OneSpell": {
			reason: "An object is told once for as long as it waits.",
			spells: func(w *waiting) {
				w.note(waiter("a"), time.Now().Add(time.Minute))
				w.note(waiter("a"), time.Now().Add(2*time.Minute))
			},
			want: 1,
		},
		"TwoSpells": {
			reason: "A wait that ended is not the next one.",
			spells: func(w *waiting) {
				w.note(waiter("a"), time.Now().Add(time.Minute))
				w.over(client.ObjectKeyFromObject(waiter("a")))
				w.note(waiter("a"), time.Now().Add(time.Minute))
			},
			want: 2,
		},
		"AnotherObjectOfTheName": {
			reason: "The owner of a new object knows nothing of what the old one was told.",
			spells: func(w *waiting) {
				w.note(waiter("a"), time.Now().Add(time.Minute))
				o := waiter("a")
				o.UID = "another"
				w.note(o, time.Now().Add(time.Minute))
			},
			want: 2,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, told := newWaiting(rate.NewLimiter(rate.Inf, 0))
				tc.spells(w)
				if got := told(); got != tc.want {
					t.Errorf("%s\nwant %d events, got %d", tc.reason, tc.want, got)
				}
			})
		})
	}
}

func TestObjectsThatAreGoneAreForgotten(t *testing.T) {
	t.Parallel()
	f := newFixture(t, &v1alpha1.Project{})
	f.observe = heldBack(time.Minute)
	f.reconcile(t)
	if len(f.outer.waiting.spells) != 1 {
		t.Fatalf("want the object to wait, got %v", f.outer.waiting.spells)
	}
	if err := f.kube.Delete(t.Context(), stored(t, f, &v1alpha1.Project{})); err != nil {
		t.Fatalf("cannot delete object: %v", err)
	}
	f.reconcile(t)
	if len(f.outer.waiting.spells) != 0 {
		t.Errorf("want nothing kept of an object that is gone, got %v", f.outer.waiting.spells)
	}
}
