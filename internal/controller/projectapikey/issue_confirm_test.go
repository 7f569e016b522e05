// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"errors"
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestTheFirstKeyOfAnObjectThatIsGoneIsRevoked(t *testing.T) {
	gone := func(t *testing.T, f *fixture) {
		t.Helper()
		if err := f.kube.Delete(t.Context(), f.cr.DeepCopy()); err != nil {
			t.Errorf("cannot delete the object: %v", err)
		}
	}
	cases := map[string]struct {
		reason   string
		policies xpv2.ManagementPolicies
		onIssue  func(t *testing.T, f *fixture)
		trouble  func(t *testing.T, f *fixture)
		want     error
		live     int
		events   []string
	}{
		"StillThere": {
			reason:  "The key of an object that is there is kept.",
			onIssue: func(*testing.T, *fixture) {},
			live:    1,
			events:  []string{"Issued"},
		},
		"Gone": {
			reason:  "The API server overlooked a finalizer that was written while it deleted the object.",
			onIssue: gone,
			want:    errObjectDeleted,
			events:  []string{"Issued", "Revoked"},
		},
		"Another": {
			reason: "An object of the same name has nothing to do with the key.",
			onIssue: func(t *testing.T, f *fixture) {
				t.Helper()
				gone(t, f)
				if err := f.kube.Create(t.Context(), newKey("uid-2", f.cr.Name)); err != nil {
					t.Errorf("cannot create another object: %v", err)
				}
			},
			want:   errObjectDeleted,
			events: []string{"Issued", "Revoked"},
		},
		"GoneWhileOpenAIFails": {
			reason:  "There is no later reconcile that could revoke the key, so that it is tried again.",
			onIssue: gone,
			trouble: func(t *testing.T, f *fixture) {
				t.Helper()
				f.fault(t, simulator.Fault{Route: simulator.RouteDeleteProjectAPIKey, Kind: simulator.FaultError, Count: 2})
			},
			want:   errObjectDeleted,
			events: []string{"Issued", "Revoked"},
		},
		"GoneWhileTheAPIServerFails": {
			reason:  "What cannot be read is not gone, and may be.",
			onIssue: gone,
			trouble: func(_ *testing.T, f *fixture) {
				failures := 2
				f.intercept(interceptor.Funcs{Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
					if _, ok := o.(*v1alpha1.ProjectAPIKey); ok && failures > 0 {
						failures--
						return errBoom
					}
					return c.Get(ctx, key, o, opts...)
				}})
			},
			want:   errObjectDeleted,
			events: []string{"Issued", "Revoked"},
		},
		"GoneAndMayNotDelete": {
			reason:   "Such a key outlives its object in any case.",
			policies: xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate},
			onIssue:  gone,
			live:     1,
			events:   []string{"Issued"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Spec.ManagementPolicies = tc.policies
			e := f.external()
			e.observed = f.observe(t)
			e.decision = decide(e.observed)
			if tc.trouble != nil {
				tc.trouble(t, f)
			}
			f.onIssue = func() { tc.onIssue(t, f) }
			_, err := e.Create(t.Context(), f.cr)
			if !errors.Is(err, tc.want) {
				t.Errorf("%s: Create: want error %v, got %v", tc.reason, tc.want, err)
			}
			if got := len(f.live()); got != tc.live {
				t.Errorf("%s: keys that live: want %d, got %d", tc.reason, tc.live, got)
			}
			if diff := cmp.Diff(tc.events, f.events, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s: -want events, +got events:\n%s", tc.reason, diff)
			}
		})
	}
}
