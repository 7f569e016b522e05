// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestProjectState(t *testing.T) {
	at := openai.Project{Name: "checkout", ExternalKeyID: "extkey_1", Residency: "EU_STORAGE_PROCESSING"}
	cases := map[string]struct {
		reason string
		p      v1alpha1.ProjectParameters
		same   bool
	}{
		"AsWanted":              {"The default name is the object's own.", v1alpha1.ProjectParameters{ExternalKeyID: new("extkey_1")}, true},
		"ExternalKeyLeftOut":    {"What the user left out is not taken away.", v1alpha1.ProjectParameters{}, true},
		"AnotherName":           {"It can be changed.", v1alpha1.ProjectParameters{Name: new("other")}, false},
		"AnotherExternalKey":    {"It can be changed.", v1alpha1.ProjectParameters{ExternalKeyID: new("extkey_2")}, false},
		"ResidencyIsNoQuestion": {"It cannot be changed, so that a difference would never go.", v1alpha1.ProjectParameters{Residency: new("GLOBAL")}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.Project{}
			cr.Name = "checkout"
			cr.Spec.ForProvider = tc.p
			want, have := Project.State(cr, &at)
			if got := cmp.Equal(want, have); got != tc.same {
				t.Errorf("\n%s\nState: want equal %t, got %+v and %+v", tc.reason, tc.same, want, have)
			}
		})
	}
}

func TestProjectServiceAccountState(t *testing.T) {
	at := openai.ProjectServiceAccount{Name: "robot", Role: "member"}
	cases := map[string]struct {
		reason string
		p      v1alpha1.ProjectServiceAccountParameters
		same   bool
	}{
		"AsWanted":    {"The default name is the object's own.", v1alpha1.ProjectServiceAccountParameters{Role: "member"}, true},
		"AnotherRole": {"It can be changed.", v1alpha1.ProjectServiceAccountParameters{Role: "owner"}, false},
		"AnotherName": {"It can be changed.", v1alpha1.ProjectServiceAccountParameters{Role: "member", Name: new("other")}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.ProjectServiceAccount{}
			cr.Name = "robot"
			cr.Spec.ForProvider = tc.p
			want, have := ProjectServiceAccount.State(cr, &at)
			if got := cmp.Equal(want, have); got != tc.same {
				t.Errorf("\n%s\nState: want equal %t, got %+v and %+v", tc.reason, tc.same, want, have)
			}
		})
	}
}
