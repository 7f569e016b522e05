// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"maps"
	"net/http"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// restored is an object that adopted a key and was restored from a backup, without its
// status, with its Secret.
func restored(t *testing.T) (f *fixture, id string) {
	t.Helper()
	f = newFixture(t)
	id, value := f.issueBehindItsBack(t, "made by hand")
	f.importing(t, value)
	f.mustReconcile(t)
	f.mustReconcile(t)
	f.keyClient.ownership.Release(kindName, f.cr, id)
	f.cr.Status = v1alpha1.ProjectAPIKeyStatus{}
	f.ResetCalls()
	return f, id
}

// deleted does what the managed reconciler does with an object that is being deleted, until
// it goes, and reports whether it goes.
func (f *fixture) deleted(t *testing.T, times int) (gone bool) {
	t.Helper()
	if !meta.WasDeleted(f.cr) {
		now := metav1.NewTime(f.Now())
		f.cr.SetDeletionTimestamp(&now)
	}
	for range times {
		e := f.external()
		out, err := e.Observe(t.Context(), f.cr)
		noValue(t, text(err))
		if err != nil {
			continue
		}
		if !out.ResourceExists {
			return true
		}
		_, err = e.Delete(t.Context(), f.cr)
		noValue(t, text(err))
	}
	return false
}

// TestOneBadReplyLeavesNoKeyAlive: an edge in front of OpenAI answers one call with its own
// page, as they do when what is behind them restarts.
func TestOneBadReplyLeavesNoKeyAlive(t *testing.T) {
	cases := map[string]simulator.Fault{
		"HTML502": {Kind: simulator.FaultError, Status: http.StatusBadGateway, RawBody: "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"},
		"HTML503": {Kind: simulator.FaultError, Status: http.StatusServiceUnavailable, RawBody: "<html>upstream connect error</html>"},
		"HTML429": {Kind: simulator.FaultError, Status: http.StatusTooManyRequests, RawBody: "<html>slow down</html>"},
		"JSON503": {Kind: simulator.FaultError, Status: http.StatusServiceUnavailable},
		"Reset":   {Kind: simulator.FaultResetBefore},
		"429":     {Kind: simulator.FaultRateLimitHeader, Duration: time.Second},
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			f, id := restored(t)
			fault.Route, fault.Count = simulator.RouteListModels, 1
			if fault.Kind == simulator.FaultResetBefore {
				fault.Count = 2
			}
			f.fault(t, fault)
			gone := f.deleted(t, 5)
			if !gone {
				t.Error("it does not go")
			}
			if diff := cmp.Diff([]string{}, f.live()); diff != "" {
				t.Errorf("key %s, whose value the Secret holds, lives on after its object went: -want, +got:\n%s\nevents: %v", id, diff, f.events)
			}
		})
	}
}

// TestADeletionEndsAlthoughADataPlaneIsBroken for good, as behind a gateway that knows only
// the Administration API.
func TestADeletionEndsAlthoughADataPlaneIsBroken(t *testing.T) {
	cases := map[string]simulator.Fault{
		"HTML404": {Kind: simulator.FaultError, Status: http.StatusNotFound, RawBody: "<html>404</html>"},
		"JSON503": {Kind: simulator.FaultError, Status: http.StatusServiceUnavailable},
		"JSON500": {Kind: simulator.FaultError, Status: http.StatusInternalServerError},
		"Reset":   {Kind: simulator.FaultResetBefore},
		"JSON403": {Kind: simulator.FaultError, Status: http.StatusForbidden},
	}
	for name, fault := range cases {
		t.Run(name, func(t *testing.T) {
			f, _ := restored(t)
			fault.Route = simulator.RouteListModels
			f.fault(t, fault)
			gone := false
			for range 24 {
				if gone = f.deleted(t, 1); gone {
					break
				}
				f.Advance(time.Hour)
			}
			if !gone {
				t.Error("after a day it is still there")
			}
		})
	}
}

// TestAReplacedKeyThatAnotherObjectTookHoldsUpNoDeletion: the provider died before it recorded that
// the object had replaced a key, and another object manages that by now.
func TestAReplacedKeyThatAnotherObjectTookHoldsUpNoDeletion(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(24 * time.Hour), Trigger: new("replace")}
	old, _ := f.issueBehindItsBack(t, "made by hand")
	meta.SetExternalName(f.cr, old)
	held := issuedOver(t, f)
	other := newKey("uid-2", "other")
	if err := f.kube.Create(t.Context(), other); err != nil {
		t.Fatal(err)
	}
	if err := f.keyClient.ownership.SetManager(t.Context(), kindName, other, old); err != nil {
		t.Fatal(err)
	}
	if err := f.reconcile(t); err != nil {
		t.Errorf("the object's own key %s is not looked after: %v", held, err)
	}
	if !f.deleted(t, 3) {
		t.Error("the object does not go")
	}
	if diff := cmp.Diff([]string{old}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
}

// issuedOver is the ID of the key that was issued in place of another, before anything is recorded
// in the object.
func issuedOver(t *testing.T, f *fixture) string {
	t.Helper()
	f.apply(t)
	e := f.external()
	out, err := e.Observe(t.Context(), f.cr)
	if err != nil || out.ResourceExists {
		t.Fatalf("Observe: %+v, %v", out, err)
	}
	id, err := e.issueKey(t.Context(), f.cr, e.observed, decide(e.observed))
	if err != nil {
		t.Fatal(err)
	}
	f.keyClient.ownership.Release(kindName, f.cr, e.observed.replacesID)
	return id
}

// adoptedAndRotated is an object whose adopted key has a successor, and retires for a day.
func adoptedAndRotated(t *testing.T) (f *fixture, adopted, held string) {
	t.Helper()
	f = newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(24 * time.Hour), Trigger: new("first")}
	adopted, value := f.issueBehindItsBack(t, "made by hand")
	f.importing(t, value)
	f.mustReconcile(t)
	f.mustReconcile(t)
	f.Advance(time.Minute)
	f.cr.Spec.ForProvider.Rotation.Trigger = new("second")
	f.mustReconcile(t)
	f.mustReconcile(t)
	held = meta.GetExternalName(f.cr)
	if held == adopted {
		t.Fatal("it was not replaced")
	}
	return f, adopted, held
}

// TestAPauseByPoliciesForgetsNoRetiringKey: whoever sets managementPolicies to Observe for a
// while, as for maintenance, still wants the replaced key to end.
func TestAPauseByPoliciesForgetsNoRetiringKey(t *testing.T) {
	f, adopted, held := adoptedAndRotated(t)
	f.cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
	f.mustReconcile(t)
	f.keyClient.ownership.Release(kindName, f.cr, adopted) // As settle does.
	f.keyClient.ownership.Release(kindName, f.cr, held)
	f.cr.Spec.ManagementPolicies = nil
	f.mustReconcile(t)
	f.cr.SetAnnotations(merged(f.cr.GetAnnotations(), annotationRevokeRetiring, adopted))
	f.mustReconcile(t)
	f.mustReconcile(t)
	if diff := cmp.Diff([]string{held}, f.live()); diff != "" {
		t.Errorf("live keys after the retiring one was to be revoked at once: -want, +got:\n%s", diff)
	}
	f.Advance(25 * time.Hour)
	f.mustReconcile(t)
	if diff := cmp.Diff([]string{held}, f.live()); diff != "" {
		t.Errorf("live keys after the overlap: -want, +got:\n%s", diff)
	}
}

// TestAnAdoptedKeyThatMayOnlyBeDeletedGoesWithItsObject: Observe and Delete are a valid pair of
// management policies.
func TestAnAdoptedKeyThatMayOnlyBeDeletedGoesWithItsObject(t *testing.T) {
	f := newFixture(t)
	_, value := f.issueBehindItsBack(t, "made by hand")
	f.importing(t, value)
	f.mustReconcile(t)
	f.mustReconcile(t)
	f.cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionDelete}
	f.mustReconcile(t)
	if !f.deleted(t, 3) {
		t.Error("it does not go")
	}
	if diff := cmp.Diff([]string{}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s\nevents: %v", diff, f.events)
	}
}

func merged(m map[string]string, k, v string) map[string]string {
	out := maps.Clone(m)
	out[k] = v
	return out
}
