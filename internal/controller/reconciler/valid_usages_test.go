// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A deletion that orphans takes the owner references of usages away, and the runtime lets a
// configuration go that has no other usages.
func TestAConfigurationThatIsGoingHasUsersWhoseUsagesLostTheirOwner(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		uid    string
		want   int
	}{
		"ItsObjectExists": {"It needs the configuration to end what it has.", "uid-of-x", 1},
		"OfNoObject":      {"Somebody forged it.", "forged", 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t, &v1alpha1.Project{})
			f.reconcile(t)
			config := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: "default", Finalizers: []string{"in-use.crossplane.io"}}}
			usage := &v1alpha1.ProviderConfigUsage{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: tc.uid, Labels: map[string]string{
				xpv2.LabelKeyProviderName: "default", xpv2.LabelKeyProviderKind: v1alpha1.ClusterProviderConfigKind,
			}}}
			usage.ProviderConfigReference = xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: "default"}
			usage.ResourceReference = xpv2.TypedReference{APIVersion: v1alpha1.SchemeGroupVersion.String(), Kind: "Project", Name: "x"}
			if err := f.kube.DeleteAllOf(t.Context(), &v1alpha1.ProviderConfigUsage{}, client.InNamespace("team-a")); err != nil {
				t.Fatal(err)
			}
			for _, o := range []client.Object{config, usage} {
				if err := f.kube.Create(t.Context(), o); err != nil {
					t.Fatal(err)
				}
			}
			if err := f.kube.Delete(t.Context(), config); err != nil {
				t.Fatal(err)
			}
			l := &v1alpha1.ProviderConfigUsageList{}
			if err := (runtimeClient{f.kube}).List(t.Context(), l, client.MatchingLabels(usage.Labels)); err != nil {
				t.Fatal(err)
			}
			got := 0
			for i := range l.Items {
				if metav1.GetControllerOf(&l.Items[i]) != nil {
					got++
				}
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nusers: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
