// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

func TestDifferencesOfAProject(t *testing.T) {
	at := project{Name: "checkout", ExternalKeyID: "extkey_1", Residency: "EU_STORAGE_PROCESSING"}
	cases := map[string]struct {
		reason string
		p      v1alpha1.ProjectParameters
		want   string
	}{
		"AsDesired":             {"Nothing is to be done.", v1alpha1.ProjectParameters{ResourceName: v1alpha1.ResourceName{Name: new("checkout")}, ExternalKeyID: new("extkey_1")}, ""},
		"EverythingLeftOut":     {"What the user left out is not touched, and the default name counts at creation only.", v1alpha1.ProjectParameters{}, ""},
		"AnotherName":           {"It can be changed.", v1alpha1.ProjectParameters{ResourceName: v1alpha1.ResourceName{Name: new("other")}}, `name "checkout" -> "other"`},
		"AnotherExternalKey":    {"It can be changed.", v1alpha1.ProjectParameters{ExternalKeyID: new("extkey_2")}, `externalKeyID "extkey_1" -> "extkey_2"`},
		"ResidencyCannotChange": {"It cannot be changed, so that a difference would never go.", v1alpha1.ProjectParameters{Residency: new("GLOBAL")}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.Project{}
			cr.Name = "metadata-name"
			cr.Spec.ForProvider = tc.p
			if diff := cmp.Diff(tc.want, reconciler.Describe(Project.Diff(cr, &at))); diff != "" {
				t.Errorf("\n%s\nDiff: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAnExternalKeyIsDetachedOnlyIfTheObjectGaveIt shows what becomes of the encryption key of a project,
// depending on the spec and on what the object applied before.
func TestAnExternalKeyIsDetachedOnlyIfTheObjectGaveIt(t *testing.T) {
	cases := map[string]struct {
		reason   string
		desired  *string
		applied  string
		observed string
		want     string
		applies  string
	}{
		"Given":            {"It is the object's from now on.", new("extkey_1"), "", "extkey_1", "", "extkey_1"},
		"NotGivenYet":      {"The project has none.", new("extkey_1"), "", "", `externalKeyID "" -> "extkey_1"`, ""},
		"Exchanged":        {"Until the project has it, it has the former one.", new("extkey_2"), "extkey_1", "extkey_1", `externalKeyID "extkey_1" -> "extkey_2"`, "extkey_1"},
		"Removed":          {"It was the object's.", nil, "extkey_1", "extkey_1", `externalKeyID "extkey_1" -> ""`, "extkey_1"},
		"Detached":         {"Nothing is left to do.", nil, "extkey_1", "", "", ""},
		"NeverDesired":     {"What the user left out is not touched.", nil, "", "extkey_1", "", ""},
		"ChangedMeanwhile": {"Somebody gave the project another one.", nil, "extkey_1", "extkey_2", "", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.Project{}
			cr.Spec.ForProvider.ExternalKeyID = tc.desired
			cr.Status.AtProvider.AppliedExternalKeyID = tc.applied
			at := project{ID: "proj_1", ExternalKeyID: tc.observed}
			Project.SetLocal(cr, &at)
			if diff := cmp.Diff(tc.applies, at.AppliedExternalKeyID); diff != "" {
				t.Errorf("\n%s\nappliedExternalKeyID: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, reconciler.Describe(Project.Diff(cr, &at))); diff != "" {
				t.Errorf("\n%s\nDiff: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestDifferencesOfAServiceAccount(t *testing.T) {
	cases := map[string]struct {
		reason  string
		p       v1alpha1.ProjectServiceAccountParameters
		role    string
		created bool
		want    string
	}{
		"AsDesired":         {"Nothing is to be done.", v1alpha1.ProjectServiceAccountParameters{Role: "member", ResourceName: v1alpha1.ResourceName{Name: new("robot")}}, "member", true, ""},
		"EverythingLeftOut": {"What the user left out is not touched.", v1alpha1.ProjectServiceAccountParameters{}, "owner", true, ""},
		"JustCreated":       {"OpenAI creates it without a role: the default is given once.", v1alpha1.ProjectServiceAccountParameters{}, "none", true, `role "none" -> "member"`},
		"ImportedWithout":   {"Somebody else's account is not given a role that no spec says.", v1alpha1.ProjectServiceAccountParameters{}, "none", false, ""},
		"AnotherRole":       {"It can be changed.", v1alpha1.ProjectServiceAccountParameters{Role: "owner"}, "member", false, `role "member" -> "owner"`},
		"BothChanged":       {"One update changes both.", v1alpha1.ProjectServiceAccountParameters{Role: "owner", ResourceName: v1alpha1.ResourceName{Name: new("other")}}, "member", true, `name "robot" -> "other", role "member" -> "owner"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.ProjectServiceAccount{}
			cr.Name = "metadata-name"
			cr.Spec.ForProvider = tc.p
			at := account{Name: "robot", Role: tc.role, CreatedHere: tc.created}
			if diff := cmp.Diff(tc.want, reconciler.Describe(ProjectServiceAccount.Diff(cr, &at))); diff != "" {
				t.Errorf("\n%s\nDiff: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
