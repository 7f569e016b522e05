// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"errors"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

func TestStatusTellsWhichGenerationItIsAbout(t *testing.T) {
	t.Parallel()
	const before, now = 4, 5
	var (
		passing = errors.New("OpenAI fails for now")
		users   = terminal.Errorf("a policy forbids this")
		others  = terminal.IfLastingErrorf("the namespace is not allowed")
	)
	since := func(c xpv2.Condition, ago time.Duration) xpv2.Condition {
		c.LastTransitionTime = metav1.NewTime(time.Now().Add(-ago))
		return c
	}
	status := func(generation int64, c ...xpv2.Condition) xpv2.ManagedResourceStatus {
		s := xpv2.ManagedResourceStatus{ConditionedStatus: xpv2.ConditionedStatus{Conditions: c}}
		s.ObservedGeneration = generation
		return s
	}
	says := func(typ xpv2.ConditionType, reason xpv2.ConditionReason, err error, generation int64) xpv2.Condition {
		return xpv2.Condition{Type: typ, Status: "True", Reason: reason, Message: err.Error(), ObservedGeneration: generation}
	}
	cases := map[string]struct {
		reason    string
		before    xpv2.ManagedResourceStatus
		found     []xpv2.Condition
		failed    error
		throttled bool
		// postponed is why what is asked for waits.
		postponed string
		want      xpv2.ManagedResourceStatus
	}{
		"Applied": {
			reason: "A generation that was applied is what Ready is about.",
			before: status(before, xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available().WithObservedGeneration(before)),
			found:  []xpv2.Condition{xpv2.Available().WithObservedGeneration(before), xpv2.ReconcileSuccess().WithObservedGeneration(now)},
			want:   status(now, xpv2.ReconcileSuccess().WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(now)),
		},
		"NotAppliedYet": {
			reason: "A Ready of before must not be taken for the new generation, and tools must see that it is worked on.",
			before: status(before, xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available().WithObservedGeneration(before)),
			found:  []xpv2.Condition{xpv2.Available(), xpv2.ReconcileError(passing).WithObservedGeneration(now)},
			failed: passing,
			want: status(now, xpv2.ReconcileError(passing).WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(before),
				says(typeReconciling, reasonProgressingWithRetry, passing, now)),
		},
		"OutageOfWhatIsApplied": {
			reason: "An outage does not undo what was applied.",
			before: status(now, xpv2.ReconcileSuccess().WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(now)),
			found:  []xpv2.Condition{xpv2.Available().WithObservedGeneration(now), xpv2.ReconcileError(passing).WithObservedGeneration(now)},
			failed: passing,
			want:   status(now, xpv2.ReconcileError(passing).WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(now)),
		},
		"FirstErrorPasses": {
			reason: "Without a Ready, tools would take the object for done.",
			before: status(neverApplied),
			found:  []xpv2.Condition{xpv2.ReconcileError(passing).WithObservedGeneration(now)},
			failed: passing,
			want:   status(now, xpv2.ReconcileError(passing).WithObservedGeneration(now), says(typeReconciling, reasonProgressingWithRetry, passing, now)),
		},
		"UsersError": {
			reason: "What only a user can end is marked as such, also while what was applied before is of use.",
			before: status(before, xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available().WithObservedGeneration(before)),
			found:  []xpv2.Condition{xpv2.Available(), xpv2.ReconcileError(users).WithObservedGeneration(now)},
			failed: users,
			want: status(now, xpv2.ReconcileError(users).WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(before),
				says(typeStalled, reasonTerminalError, users, now)),
		},
		"AsksForWhatWaits": {
			reason: "Nothing failed, and yet what the generation asks for is not there.",
			before: status(before, xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available().WithObservedGeneration(before)),
			found:  []xpv2.Condition{xpv2.Available(), xpv2.ReconcileSuccess().WithObservedGeneration(now)},
			want: status(now, xpv2.ReconcileSuccess().WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(before),
				says(typeReconciling, reasonProgressingWithRetry, errors.New("later"), now)),
			postponed: "later",
		},
		"AnotherObjectMayComeYet": {
			reason: "What another object may be about to end is no user's error yet, as when everything is applied at once.",
			before: status(neverApplied),
			found:  []xpv2.Condition{xpv2.ReconcileError(others).WithObservedGeneration(now)},
			failed: others,
			want:   status(now, xpv2.ReconcileError(others).WithObservedGeneration(now), says(typeReconciling, reasonProgressingWithRetry, others, now)),
		},
		"AnotherObjectDidNotCome": {
			reason: "Once it has lasted, only a user can end it.",
			before: status(now, since(xpv2.ReconcileError(others).WithObservedGeneration(now), 2*stalledAfter)),
			found:  []xpv2.Condition{xpv2.ReconcileError(others).WithObservedGeneration(now)},
			failed: others,
			want:   status(now, xpv2.ReconcileError(others).WithObservedGeneration(now), says(typeStalled, reasonTerminalError, others, now)),
		},
		"RestoredReady": {
			reason: "A status that was restored is not ready for generations to come.",
			before: status(now+3, xpv2.Available().WithObservedGeneration(now+3)),
			found:  []xpv2.Condition{xpv2.Available(), xpv2.ReconcileError(passing).WithObservedGeneration(now)},
			failed: passing,
			want: status(now, xpv2.ReconcileError(passing).WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(now-1),
				says(typeReconciling, reasonProgressingWithRetry, passing, now)),
		},
		"Recovered": {
			reason: "The marks go with the error.",
			before: status(now, xpv2.ReconcileError(users).WithObservedGeneration(now), says(typeStalled, reasonTerminalError, users, now)),
			found: []xpv2.Condition{
				xpv2.ReconcileSuccess().WithObservedGeneration(now), says(typeStalled, reasonTerminalError, users, now), xpv2.Available(),
			},
			want: status(now, xpv2.ReconcileSuccess().WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(now)),
		},
		"NeverApplied": {
			reason: "What is there before it was ever changed to what is wanted is ready for no generation.",
			before: status(neverApplied),
			found:  []xpv2.Condition{xpv2.Available(), xpv2.ReconcileError(users).WithObservedGeneration(1)},
			failed: users,
			want: status(1, xpv2.ReconcileError(users).WithObservedGeneration(1), xpv2.Available().WithObservedGeneration(neverApplied),
				says(typeStalled, reasonTerminalError, users, 1)),
		},
		"Paused": {
			reason: "A paused object observes no generation.",
			before: status(before, xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available().WithObservedGeneration(before)),
			found:  []xpv2.Condition{xpv2.Available().WithObservedGeneration(before), xpv2.ReconcilePaused().WithObservedGeneration(now)},
			want:   status(before, xpv2.ReconcilePaused().WithObservedGeneration(now), xpv2.Available().WithObservedGeneration(before)),
		},
		"Waits": {
			reason:    "An object that waits for the rate limit keeps the verdict of before.",
			before:    status(before, xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available().WithObservedGeneration(before)),
			found:     []xpv2.Condition{xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available()},
			failed:    passing,
			throttled: true,
			want:      status(before, xpv2.ReconcileSuccess().WithObservedGeneration(before), xpv2.Available().WithObservedGeneration(before)),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mg := &v1alpha1.Project{}
			mg.Generation = now
			if tc.want.ObservedGeneration == 1 {
				mg.Generation = 1
			}
			mg.Status.ManagedResourceStatus = status(tc.before.ObservedGeneration, tc.found...)
			a := &reconcileState{State: reconcilestate.Of(t.Context()), statusBefore: tc.before, lastError: tc.failed, throttled: tc.throttled, postponed: tc.postponed}
			a.complete(mg)
			if diff := cmp.Diff(tc.want, mg.Status.ManagedResourceStatus, cmpopts.IgnoreTypes(metav1.Time{})); diff != "" {
				t.Errorf("\n%s\nstamp(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
