// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"testing"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// TestNobodyWhoMayNotUseAConfigurationStopsItForOthers shows that an object which somebody points
// at a configuration that is not for them tells nothing of its organization: what it manages was
// made with another one.
func TestNobodyWhoMayNotUseAConfigurationStopsItForOthers(t *testing.T) {
	cases := map[string]struct {
		reason string
		first  bool
	}{
		"ItIsFirst":   {reason: "Nothing was recorded yet.", first: true},
		"ItIsTracked": {reason: "Its usage is seen by those who are first."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newOrganizationFixture(t, clusterConfig(func(c *v1alpha1.ClusterProviderConfigSpec) {
				c.AllowedNamespaces = &v1alpha1.NamespaceSelector{MatchLabels: map[string]string{"openai": "allowed"}}
			}))
			f.store(keyOfA)
			for _, ns := range []string{"team-a", "team-b"} {
				labels := map[string]string{}
				if ns == "team-a" {
					labels["openai"] = "allowed"
				}
				f.must(f.kube.Create(t.Context(), namespace(ns, labels)))
			}
			other := project("team-b", "of-another-organization", f.ref.Kind, f.ref.Name)
			other.Status.AtProvider.ID = f.DefaultProjectID("org-b")
			other.Status.ManagedIDs = []string{f.DefaultProjectID("org-b")}
			other.Annotations = map[string]string{"crossplane.io/external-name": f.DefaultProjectID("org-b")}
			f.must(f.kube.Create(t.Context(), other))
			if tc.first {
				ctx, _ := reconcilestate.New(t.Context(), "")
				if a, err := f.c.Connect(ctx, other, nil); err == nil {
					_, _ = a.OfProject(ctx, f.DefaultProjectID("org-b"))
				}
			} else {
				f.must(f.c.usages.Track(t.Context(), other, *other.GetProviderConfigReference()))
			}
			if _, err := f.connect(); err != nil {
				t.Errorf("\n%s\nan object that may use the configuration: %v", tc.reason, err)
			}
		})
	}
}
