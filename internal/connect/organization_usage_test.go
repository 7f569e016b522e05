// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestWhatWasCreatedAMomentAgoTellsItsProject shows that a provider which ended between its
// first create and the note of the organization finds out by itself where that was.
func TestWhatWasCreatedAMomentAgoTellsItsProject(t *testing.T) {
	t.Parallel()
	created := func(spec *string, observed string) *v1alpha1.ProjectServiceAccount {
		sa := &v1alpha1.ProjectServiceAccount{}
		sa.Spec.ForProvider.ProjectID = spec
		sa.Status.AtProvider.ProjectID = observed
		sa.Status.ManagedIDs = []string{"user-1"}
		return sa
	}
	project := &v1alpha1.Project{}
	project.Status.ManagedIDs = []string{"proj_1"}
	nothing := created(new("proj_1"), "")
	nothing.Status.ManagedIDs = nil
	cases := map[string]struct {
		reason string
		got    evidence
		want   evidence
	}{
		"Observed":    {"It stays where it was made.", createdBy(created(new("proj_2"), "proj_1")), evidence{exists: true, project: "proj_1"}},
		"NotObserved": {"The spec led to the project.", createdBy(created(new("proj_1"), "")), evidence{exists: true, project: "proj_1"}},
		"AProject":    {"It is the project.", createdBy(project), evidence{exists: true, project: "proj_1"}},
		"InTheDefault": {
			"Only the configuration names it.", createdBy(created(nil, "")), evidence{exists: true},
		},
		"Nothing": {"A spec by itself proves nothing.", createdBy(nothing), evidence{}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, tc.got, cmp.AllowUnexported(evidence{})); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
