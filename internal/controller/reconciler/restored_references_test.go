// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestAResourceIsDeletedWhereItWasCreated shows that nobody can have a deletion delete what is
// another's by changing what an object belongs to: its references are not resolved by then.
func TestAResourceIsDeletedWhereItWasCreated(t *testing.T) {
	t.Parallel()
	const made = "proj_made"
	cases := map[string]struct {
		reason   string
		spec     *string
		observed string
		want     string
	}{
		"Same":        {reason: "That is where it is.", spec: new(made), observed: made, want: made},
		"Changed":     {reason: "What it manages cannot move.", spec: new("proj_others"), observed: made, want: made},
		"LeftOut":     {reason: "Its manifest was written anew right before.", observed: made, want: made},
		"NotObserved": {reason: "Nothing else shows where it is.", spec: new(made), want: made},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{DeletionTimestamp: new(metav1.Now())}}
			sa.Spec.ForProvider.ProjectID = tc.spec
			sa.Spec.ForProvider.ProjectIDRef = &xpv2.NamespacedReference{Name: "checkout"}
			sa.Status.AtProvider.ProjectID = tc.observed
			sa.Status.ManagedIDs = []string{"sa_1"}
			got := ""
			c := connector{ExternalConnector: managed.ExternalConnectorFn(func(_ context.Context, mg resource.Managed) (managed.ExternalClient, error) {
				got = valueOf(mg.(*v1alpha1.ProjectServiceAccount).Spec.ForProvider.ProjectID)
				return &managed.NopClient{}, nil
			})}
			if _, err := c.Connect(t.Context(), sa); err != nil {
				t.Fatalf("Connect: %v", err)
			}
			if got != tc.want {
				t.Errorf("\n%s\nproject: want %q, got %q", tc.reason, tc.want, got)
			}
		})
	}
}
