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

func newWaitEvents(limit *rate.Limiter) (w *waitEvents, emitted func() int) {
	r := record.NewFakeRecorder(1000)
	return &waitEvents{record: event.NewAPIRecorder(r), limiter: limit}, func() int {
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

func TestTheEventsOfManyWaitingObjectsAreSpread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const objects = 100
		w, emitted := newWaitEvents(rate.NewLimiter(2, 10))
		round := func() {
			for i := range objects {
				w.emit(waiter(fmt.Sprint(i)), time.Now().Add(time.Minute))
			}
		}

		round()
		total := emitted()
		if total != 10 {
			t.Errorf("at once: want a burst of 10 events, got %d", total)
		}
		for range 100 {
			time.Sleep(time.Second)
			round()
			n := emitted()
			total += n
			if n > 2 {
				t.Errorf("later: want 2 events a second at most, got %d", n)
			}
		}
		if total != objects {
			t.Errorf("in the end: want each of %d objects to have one event, got %d events", objects, total)
		}
	})
}

func TestWaitingEvents(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		wait   func(w *waitEvents)
		want   int
	}{
		"ShortWait": {
			reason: "A wait of a few seconds is not worth an event.",
			wait:   func(w *waitEvents) { w.emit(waiter("a"), time.Now().Add(5*time.Second)) },
			want:   0,
		},
		"ShortWaitsInARow": {
			reason: "Many short waits without a break are a long one.",
			wait: func(w *waitEvents) {
				for range 5 {
					w.emit(waiter("a"), time.Now().Add(2*time.Second))
					time.Sleep(2 * time.Second)
				}
			},
			want: 1,
		},
		"OneWait": {
			reason: "An object has one event for as long as it waits.",
			wait: func(w *waitEvents) {
				w.emit(waiter("a"), time.Now().Add(time.Minute))
				w.emit(waiter("a"), time.Now().Add(2*time.Minute))
			},
			want: 1,
		},
		"TwoWaits": {
			reason: "A wait that ended is not the next one.",
			wait: func(w *waitEvents) {
				w.emit(waiter("a"), time.Now().Add(time.Minute))
				w.forget(client.ObjectKeyFromObject(waiter("a")))
				w.emit(waiter("a"), time.Now().Add(time.Minute))
			},
			want: 2,
		},
		"AnotherObjectOfTheName": {
			reason: "The owner of a new object has not seen the event of the old one.",
			wait: func(w *waitEvents) {
				w.emit(waiter("a"), time.Now().Add(time.Minute))
				o := waiter("a")
				o.UID = "another"
				w.emit(o, time.Now().Add(time.Minute))
			},
			want: 2,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, emitted := newWaitEvents(rate.NewLimiter(rate.Inf, 0))
				tc.wait(w)
				if got := emitted(); got != tc.want {
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
	if len(f.outer.waitEvents.waits) != 1 {
		t.Fatalf("want the object to wait, got %v", f.outer.waitEvents.waits)
	}
	if err := f.kube.Delete(t.Context(), stored(t, f, &v1alpha1.Project{})); err != nil {
		t.Fatalf("cannot delete object: %v", err)
	}
	f.reconcile(t)
	if len(f.outer.waitEvents.waits) != 0 {
		t.Errorf("want nothing kept of an object that is gone, got %v", f.outer.waitEvents.waits)
	}
}
