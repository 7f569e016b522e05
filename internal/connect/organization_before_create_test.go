// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestTheOrganizationIsRecordedBeforeSomethingOfTheOrganizationIsCreated is a provider that stops right after such a
// create: nothing in a project shows where it was.
func TestTheOrganizationIsRecordedBeforeSomethingOfTheOrganizationIsCreated(t *testing.T) {
	t.Parallel()
	for name, of := range configurations() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if pc, ok := of.(*v1alpha1.ClusterProviderConfig); ok {
				pc.Spec.OrganizationKinds = v1alpha1.OrganizationKindsAllowed
			}
			f := newOrganizationFixture(t, of)
			f.store(keyOfA)
			// Another object was about to be the first, and has made no call yet.
			_, err := f.connect()
			f.must(err)
			a, err := f.c.Connect(t.Context(), f.user("of-organization"), nil)
			f.must(err)
			_, err = a.InOrganization(t.Context())
			f.must(err)
			want := v1alpha1.ObservedOrganization{OrganizationID: "org-a", CredentialFingerprint: f.print(keyOfA)}
			if diff := cmp.Diff(want, f.read()); diff != "" {
				t.Errorf("recorded: -want, +got:\n%s", diff)
			}
			f.made(func(p *v1alpha1.Project) { p.Status.ManagedIDs = []string{"wip_1"} })
			f.restart()
			_, err = f.connect()
			f.must(err)
		})
	}
}
