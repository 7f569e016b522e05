// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

type observeFn = func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error)

// heldBack for some time, in the midst of Observe.
func heldBack(d time.Duration) observeFn {
	return func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
		mg.SetConditions(xpv2.Available().WithMessage("something that changed"))
		return managed.ExternalObservation{}, holdBack(ctx, d)
	}
}

func TestWhatIsUnavailableShowsWhileItWaits(t *testing.T) {
	cases := map[string]struct {
		reason string
		say    xpv2.Condition
		want   xpv2.Condition
		writes int
	}{
		"StillWorks": {"Nothing changed.", xpv2.Available().WithMessage("it has to wait"), xpv2.Available(), 0},
		"Dead":       {"Consumers must learn of it.", xpv2.Unavailable().WithMessage("it has expired"), xpv2.Unavailable().WithMessage("it has expired"), 1},
		"Gone":       {"As above.", xpv2.Creating(), xpv2.Creating(), 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFixture(t, &v1alpha1.Project{})
				f.reconcile(t)
				f.observe = func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
					mg.SetConditions(tc.say)
					return managed.ExternalObservation{}, holdBack(ctx, time.Minute)
				}
				_, writes, _ := f.reconcile(t)
				if len(writes) != tc.writes {
					t.Errorf("\n%s\nwrites: want %d, got %q", tc.reason, tc.writes, writes)
				}
				ready, synced := stored(t, f, &v1alpha1.Project{}).GetCondition(xpv2.TypeReady), stored(t, f, &v1alpha1.Project{}).GetCondition(xpv2.TypeSynced)
				if !ready.Equal(tc.want) || synced.Status != corev1.ConditionTrue {
					t.Errorf("\n%s\nwant %s %s, and Synced as it was, got %s %s and Synced %s", tc.reason, tc.want.Reason, tc.want.Message, ready.Reason, ready.Message, synced.Status)
				}
				if _, writes, _ := f.reconcile(t); len(writes) > 0 {
					t.Errorf("\n%s\nthe second time: want no write, got %q", tc.reason, writes)
				}
			})
		})
	}
}

func TestAWaitEndsWhenAReconcileIsDue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, &v1alpha1.Project{})
		f.reconcile(t)
		f.observe = func(ctx context.Context, _ resource.Managed) (managed.ExternalObservation, error) {
			reconcilestate.Of(ctx).SetReconcileBy(time.Now().Add(20 * time.Second))
			return managed.ExternalObservation{}, holdBack(ctx, 10*time.Minute)
		}
		res, _, _ := f.reconcile(t)
		if res.RequeueAfter < 20*time.Second || res.RequeueAfter > 22*time.Second {
			t.Errorf("want a reconcile when the key expires, in about 20 s, got one in %s", res.RequeueAfter)
		}
	})
}

func TestWaitingForTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, &v1alpha1.Project{})
		f.reconcile(t)
		f.change(t, func(o *v1alpha1.Project) { meta.SetReconcileRequest(o, "now") })
		before := stored(t, f, &v1alpha1.Project{})

		// Bubbles begin at midnight UTC.
		f.observe = heldBack(30 * time.Second)
		res, writes, events := f.reconcile(t)
		if diff := cmp.Diff([]string{"Normal WaitingForRateLimit Waiting for OpenAI's rate limit until about 00:00:30 UTC"}, events); diff != "" {
			t.Errorf("first wait: -want events, +got events:\n%s", diff)
		}
		if res.RequeueAfter < 30*time.Second || res.RequeueAfter > 31*time.Second {
			t.Errorf("first wait: want a reconcile when the rate limit allows it, in about 30 s, got %+v", res)
		}
		if len(writes) > 0 {
			t.Errorf("first wait: want no write, got %q", writes)
		}

		time.Sleep(res.RequeueAfter)
		if _, writes, events := f.reconcile(t); len(writes)+len(events) > 0 {
			t.Errorf("still waiting: want no write and no other event, got %q and %q", writes, events)
		}
		if diff := cmp.Diff(before, stored(t, f, &v1alpha1.Project{})); diff != "" {
			t.Errorf("still waiting: want the object as it was: -before, +after:\n%s", diff)
		}

		f.observe = upToDate
		_, writes, events = f.reconcile(t)
		if diff := cmp.Diff([]string{"Normal ReconcileRequestHandled Handling reconcile request"}, events); diff != "" {
			t.Errorf("after the wait: -want events, +got events:\n%s", diff)
		}
		if diff := cmp.Diff([]string{"update status"}, writes); diff != "" {
			t.Errorf("after the wait: -want writes, +got writes:\n%s", diff)
		}
		if got := stored(t, f, &v1alpha1.Project{}).GetLastHandledReconcileAt(); got != "now" {
			t.Errorf("after the wait: want the request handled, got %q", got)
		}

		f.observe = heldBack(time.Minute)
		if _, _, events := f.reconcile(t); len(events) != 1 {
			t.Errorf("another wait: want an event, got %q", events)
		}
	})
}

func TestAWaitForAnUnknownTimeBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t, &v1alpha1.Project{})
		f.reconcile(t)
		f.observe = func(ctx context.Context, _ resource.Managed) (managed.ExternalObservation, error) {
			return managed.ExternalObservation{}, holdBackForUnknownTime(ctx)
		}
		res, writes, events := f.reconcile(t)
		if diff := cmp.Diff(reconcile.Result{Requeue: true}, res); diff != "" {
			t.Errorf("-want result, +got result:\n%s", diff)
		}
		if len(writes)+len(events) > 0 {
			t.Errorf("want no write and no event, got %q and %q", writes, events)
		}
		time.Sleep(6 * time.Second)
		_, _, events = f.reconcile(t)
		if diff := cmp.Diff([]string{"Normal WaitingForRateLimit Waiting for OpenAI's rate limit"}, events); diff != "" {
			t.Errorf("after a while: -want events, +got events:\n%s", diff)
		}
	})
}

func TestFailuresStillEmitWarnings(t *testing.T) {
	t.Parallel()
	f := newFixture(t, &v1alpha1.Project{})
	f.observe = func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
		return managed.ExternalObservation{}, errors.New("boom")
	}
	_, _, events := f.reconcile(t)
	if diff := cmp.Diff([]string{"Warning CannotObserveExternalResource boom"}, events); diff != "" {
		t.Errorf("-want events, +got events:\n%s", diff)
	}
	if c := stored(t, f, &v1alpha1.Project{}).GetCondition(xpv2.TypeSynced); c.Status != corev1.ConditionFalse {
		t.Errorf("Synced: want False, got %+v", c)
	}
}

func TestWhatWasDoneBeforeTheWaitIsWritten(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		before func(t *testing.T, f *fixture)
		want   corev1.ConditionStatus
	}{
		"InSync": {
			reason: "Waiting does not put an object out of sync.",
			before: func(t *testing.T, f *fixture) { t.Helper(); f.reconcile(t) },
			want:   corev1.ConditionTrue,
		},
		"OutOfSync": {
			reason: "Waiting does not put right what was wrong.",
			before: func(t *testing.T, f *fixture) {
				t.Helper()
				f.observe = func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
					return managed.ExternalObservation{}, errors.New("boom")
				}
				f.reconcile(t)
			},
			want: corev1.ConditionFalse,
		},
		"New": {
			reason: "The runtime calls a reconcile that got on with its work a success.",
			before: func(*testing.T, *fixture) {},
			want:   corev1.ConditionTrue,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, &v1alpha1.Project{})
			tc.before(t, f)
			f.change(t, func(o *v1alpha1.Project) { meta.SetReconcileRequest(o, "now") })
			message := stored(t, f, &v1alpha1.Project{}).GetCondition(xpv2.TypeSynced).Message

			f.observe = func(context.Context, resource.Managed) (managed.ExternalObservation, error) {
				return managed.ExternalObservation{ResourceExists: true}, nil
			}
			f.update = func(ctx context.Context, mg resource.Managed) (managed.ExternalUpdate, error) {
				reconcilestate.Of(ctx).RecordProgress()
				mg.(*v1alpha1.Project).Status.AtProvider.ID = "proj_done"
				return managed.ExternalUpdate{}, holdBack(ctx, time.Minute)
			}
			res, _, events := f.reconcile(t)
			got := stored(t, f, &v1alpha1.Project{})
			if got.Status.AtProvider.ID != "proj_done" {
				t.Errorf("%s\nwant the status to show what was done, got %+v", tc.reason, got.Status)
			}
			if c := got.GetCondition(xpv2.TypeSynced); c.Status != tc.want || c.Message != message {
				t.Errorf("%s\nSynced: want %s %q, got %+v", tc.reason, tc.want, message, c)
			}
			if got := got.GetLastHandledReconcileAt(); got != "" {
				t.Errorf("want the request unhandled until all is done, got %q", got)
			}
			if len(events) != 1 {
				t.Errorf("want no event but that of waiting, got %q", events)
			}
			if diff := cmp.Diff(reconcile.Result{RequeueAfter: afterProgress}, res); diff != "" {
				t.Errorf("-want result, +got result:\n%s", diff)
			}
		})
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	again := reconcile.Result{Requeue: true}
	cases := map[string]struct {
		reason string
		res    reconcile.Result
		calls  func(ctx context.Context)
		want   reconcile.Result
	}{
		"Done": {
			reason: "What is done need not be repeated.",
			calls:  func(ctx context.Context) { _ = holdBack(ctx, time.Minute) },
		},
		"BackOff": {
			reason: "Without advice the back-off holds.",
			res:    again,
			calls:  func(context.Context) {},
			want:   again,
		},
		"Refused": {
			reason: "A refusal asks for its own wait.",
			res:    again,
			calls:  func(ctx context.Context) { reconcilestate.Of(ctx).RetryAfter(15 * time.Minute) },
			want:   reconcile.Result{RequeueAfter: 15 * time.Minute},
		},
		"WaitIsOver": {
			reason: "Objects whose wait is over must not spin.",
			res:    again,
			calls:  func(ctx context.Context) { _ = holdBack(ctx, -time.Minute) },
			want:   reconcile.Result{RequeueAfter: time.Second},
		},
		"PollIsSooner": {
			reason: "An object that reports success is polled as ever.",
			res:    reconcile.Result{RequeueAfter: time.Minute},
			calls:  func(ctx context.Context) { _ = holdBack(ctx, time.Hour) },
			want:   reconcile.Result{RequeueAfter: time.Minute},
		},
		"WaitIsSooner": {
			reason: "An object that reports success, and yet has a call to make, is reconciled when the rate limit allows that.",
			res:    reconcile.Result{RequeueAfter: time.Hour},
			calls:  func(ctx context.Context) { _ = holdBack(ctx, 0) },
			want:   reconcile.Result{RequeueAfter: time.Second},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, state := reconcilestate.New(t.Context(), "")
			tc.calls(ctx)
			if diff := cmp.Diff(tc.want, requeuer{}.next(tc.res, state)); diff != "" {
				t.Errorf("%s\n-want result, +got result:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestReservedCallsAreGivenBack shows that a call that a reconcile reserved and did not make can be
// made by another.
func TestReservedCallsAreGivenBack(t *testing.T) {
	t.Parallel()
	limiter := ratelimit.NewWithoutMetrics("", func() float64 { return 0 })
	limiter.SetConfigured("ClusterProviderConfig/test", 1) // One call a minute.
	f := newFixture(t, &v1alpha1.Project{})
	var reserved error
	f.observe = func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
		reserved = limiter.Reserve(ctx, ratelimit.CreateProject)
		return upToDate(ctx, mg)
	}
	for n := range 3 {
		f.reconcile(t)
		if reserved != nil {
			t.Errorf("reconcile %d: cannot reserve: %v", n, reserved)
		}
	}
}
