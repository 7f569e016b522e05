// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// The next reconcile may be a whole poll interval away.
func TestWhatTheFirstLookFindsIsToldAtOnce(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason      string
		observation managed.ExternalObservation
		policies    xpv2.ManagementPolicies
	}{
		"UpToDate": {
			reason:      "A project that exists already needs no change, so that nothing else happens to the object.",
			observation: managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true},
			policies:    xpv2.ManagementPolicies{xpv2.ManagementActionAll},
		},
		"OnlyObserved": {
			reason:      "A difference of a project that is only observed is not made up.",
			observation: managed.ExternalObservation{ResourceExists: true, Diff: "the name"},
			policies:    xpv2.ManagementPolicies{xpv2.ManagementActionObserve},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mg := &v1alpha1.Project{}
			mg.SetManagementPolicies(tc.policies)
			f := newFixture(t, mg, managed.WithManagementPolicies())
			f.observe = func(_ context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
				mg.(*v1alpha1.Project).Status.AtProvider.ID = "proj_1"
				mg.SetConditions(xpv2.Available())
				return tc.observation, nil
			}
			f.reconcile(t)

			got := &v1alpha1.Project{}
			if err := f.kube.Get(t.Context(), client.ObjectKeyFromObject(mg), got); err != nil {
				t.Fatal(err)
			}
			if got.Status.AtProvider.ID != "proj_1" {
				t.Errorf("%s\nwant the ID in the status, got %q", tc.reason, got.Status.AtProvider.ID)
			}
			for _, c := range []xpv2.ConditionType{xpv2.TypeReady, xpv2.TypeSynced} {
				if status := got.GetCondition(c).Status; status != corev1.ConditionTrue {
					t.Errorf("%s\nwant condition %s to be True, got %q", tc.reason, c, status)
				}
			}
			if len(got.GetFinalizers()) != 1 || got.GetFinalizers()[0] != managed.FinalizerName {
				t.Errorf("want the finalizer, got %q", got.GetFinalizers())
			}
		})
	}
}
