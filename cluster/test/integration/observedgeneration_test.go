// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// isApplied reports whether kubectl wait considers the current generation Ready.
func isApplied(key *v1alpha1.ProjectAPIKey) bool {
	ready := key.GetCondition(xpv2.TypeReady)
	return ready.Status == corev1.ConditionTrue && ready.ObservedGeneration == key.GetGeneration()
}

func TestAChangeThatOpenAIFailsToMakeIsNeverTakenForMade(t *testing.T) {
	t.Parallel()
	for name, ask := range rotatingChanges {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key("unapplied")
			tn.create(key)
			tn.awaitReady(key)
			_, err := sim.AddFault(simulator.Fault{Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: simulator.FaultError, Status: http.StatusServiceUnavailable})
			tn.must(err)
			change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { ask(&cr.Spec.ForProvider) })
			// More reconciles than the rotation limit allows in a burst.
			for range 6 {
				tn.reconcileAgain(1, key)
				if isApplied(key) {
					t.Fatalf("the object is ready for a generation that is not applied: %+v", key.Status.Conditions)
				}
				if c := key.GetCondition("Reconciling"); c.Status != corev1.ConditionTrue || c.Message == "" {
					t.Errorf("tools do not see that the change waits, and why: %+v", key.Status.Conditions)
				}
			}
			tn.workingKey("unapplied")
		})
	}
}

func TestAChangeThatWaitsForTheRateLimitIsNotTakenForMade(t *testing.T) {
	t.Parallel()
	tn := newTenant(t).withAdminKey() // other tests would wait for the 429 too
	key, retiring, _ := tn.rotated("unapplied")
	_, err := sim.AddFault(simulator.Fault{
		Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: simulator.FaultRateLimitHeader, Duration: 15 * time.Second, Count: 1,
	})
	tn.must(err)
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Rotation.Trigger = new("now") })
	tn.annotate(key, annotations{revokeRetiring: retiring})
	tn.await("the end of the leaked key", func() (bool, string) {
		tn.get(key)
		if isApplied(key) && key.Status.AtProvider.Applied.Trigger != "now" {
			t.Fatalf("the object is ready for a generation that is not applied: %+v", key.Status.Conditions)
		}
		return len(tn.liveIDs()) == 1, asJSON(t, tn.liveIDs())
	})
	tn.await("the change", func() (bool, string) {
		tn.get(key)
		made := key.Status.AtProvider.Applied.Trigger == "now"
		if isApplied(key) && !made {
			t.Fatalf("the object is ready for a generation that is not applied: %+v", key.Status.Conditions)
		}
		return made && isApplied(key), asJSON(t, key.Status)
	})
	tn.workingKey("unapplied")
}
