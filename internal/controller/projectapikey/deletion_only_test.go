// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"errors"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// revokeAccess from an object that manages some keys.
func (f *fixture) revokeAccess(managed ...string) {
	conn := *f.keyClient.conn
	conn.DeletionOnly = errors.New("not allowed any more")
	f.keyClient.conn = &conn
	f.cr.OwnershipStatus().ManagedIDs = managed
	f.ResetCalls()
}

func TestAnObjectThatMayOnlyDeleteRevokesWhatRetires(t *testing.T) {
	cases := map[string]struct {
		reason string
		mod    func(t *testing.T, f *fixture, retiring string)
		ends   bool
	}{
		"NotDue": {"Consumers still may use it.", func(*testing.T, *fixture, string) {}, false},
		"Due":    {"Its overlap is over.", func(_ *testing.T, f *fixture, _ string) { f.Advance(24 * time.Hour) }, true},
		"AskedFor": {"The annotation names it.", func(_ *testing.T, f *fixture, id string) {
			meta.AddAnnotations(f.cr, map[string]string{annotationRevokeRetiring: id})
		}, true},
		"AllOfThem": {"The annotation asks for all.", func(_ *testing.T, f *fixture, _ string) {
			meta.AddAnnotations(f.cr, map[string]string{annotationRevokeRetiring: "all"})
		}, true},
		"WithoutKey": {"It is asked for, although there is no successor.", func(t *testing.T, f *fixture, id string) {
			t.Helper()
			f.change(t, func(s *corev1.Secret) { s.Data[dataAPIKey] = []byte("overwritten") })
			meta.AddAnnotations(f.cr, map[string]string{annotationRevokeRetiring: id})
		}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f, first := newRotated(t)
			held := meta.GetExternalName(f.cr)
			f.revokeAccess(held, first)
			f.cr.Spec.ForProvider.Rotation.Trigger = new("third")
			tc.mod(t, f, first)
			f.mustReconcile(t)
			want := []string{first, held}
			if tc.ends {
				want = want[1:]
			}
			if diff := cmp.Diff(want, f.live()); diff != "" {
				t.Errorf("\n%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
			for _, r := range []simulator.Route{simulator.RouteCreateServiceAccountAPIKey, simulator.RouteUpdateProjectAPIKey} {
				if n := f.CountCalls(r); n != 0 {
					t.Errorf("\n%s\n%s: want no call, got %d", tc.reason, r, n)
				}
			}
		})
	}
}

func TestAnObjectThatMayOnlyDeleteReportsWhatItHas(t *testing.T) {
	f, first := newRotated(t)
	held := meta.GetExternalName(f.cr)
	f.revokeAccess(held, first)
	f.mustReconcile(t)
	if c := f.cr.GetCondition(xpv2.TypeReady); c.Status != corev1.ConditionTrue || f.cr.Status.AtProvider.ID != held {
		t.Errorf("want the key in use to be Ready, got %+v of %q", c, f.cr.Status.AtProvider.ID)
	}
	f.remove(t)
	f.mustReconcile(t)
	if c := f.cr.GetCondition(xpv2.TypeReady); c.Status != corev1.ConditionFalse {
		t.Errorf("want it to be said that there is no Secret, got %+v", c)
	}
	if f.secret(t) != nil {
		t.Error("the Secret was created again")
	}
}

// TestAnObjectThatMayOnlyDeleteEndsAllThatItManages shows that its end does not depend on its Secret,
// or on annotations.
func TestAnObjectThatMayOnlyDeleteEndsAllThatItManages(t *testing.T) {
	f := newFixture(t)
	held := f.mustIssue(t)
	f.mustReconcile(t)
	adopted, _ := f.issueBehindItsBack(t, "adopted-once")
	f.revokeAccess(held, adopted)
	f.remove(t)
	if !f.deleted(t, 2) {
		t.Error("it does not go")
	}
	if diff := cmp.Diff([]string{}, f.live()); diff != "" {
		t.Errorf("live keys after its deletion: -want, +got:\n%s", diff)
	}
}

// TestAnObjectThatMayOnlyDeleteEndsItsOwnKeysOnly shows that its Secret cannot name another key of
// its service account to be revoked.
func TestAnObjectThatMayOnlyDeleteEndsItsOwnKeysOnly(t *testing.T) {
	f := newFixture(t)
	held := f.mustIssue(t)
	f.mustReconcile(t)
	other, _ := f.issueBehindItsBack(t, "of-somebody-else")
	f.change(t, func(s *corev1.Secret) {
		s.Annotations[annotationRetiringKeys] = `{"` + other + `":{"revokeAt":"2020-01-01T00:00:00Z"}}`
	})
	f.revokeAccess(held)
	f.mustReconcile(t)
	if diff := cmp.Diff([]string{held, other}, f.live()); diff != "" {
		t.Errorf("live keys of an object that may only delete: -want, +got:\n%s", diff)
	}
	if !f.deleted(t, 2) {
		t.Error("it does not go")
	}
	if diff := cmp.Diff([]string{other}, f.live()); diff != "" {
		t.Errorf("live keys after its deletion: -want, +got:\n%s", diff)
	}
}
