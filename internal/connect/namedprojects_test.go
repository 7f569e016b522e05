// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"encoding/json"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// anySpec is a managed resource of a kind with whatever below spec.forProvider.
type anySpec struct {
	v1alpha1.Project
	Spec struct {
		ForProvider any `json:"forProvider"`
	} `json:"spec"`
}

func withSpec(t *testing.T, forProvider string) *anySpec {
	t.Helper()
	mg := &anySpec{Project: *ofCluster("p")}
	if err := json.Unmarshal([]byte(forProvider), &mg.Spec.ForProvider); err != nil {
		t.Fatalf("cannot read %s: %v", forProvider, err)
	}
	return mg
}

func TestProjectsThatASpecNames(t *testing.T) {
	cases := map[string]struct {
		reason       string
		forProvider  string
		externalName string
		want         []string
	}{
		"None":              {"Most fields are of something else.", `{"role": "member", "scopes": ["api.all.read"], "readOnly": true, "limit": 3}`, "", nil},
		"AProjectID":        {"As kinds of a project have it.", `{"projectID": "proj_1"}`, "", []string{"proj_1"}},
		"OfAnotherForm":     {"The name of the field is enough.", `{"projectId": "default", "defaultProjectID": "other"}`, "", []string{"default", "other"}},
		"AListOfIDs":        {"As rules have it.", `{"projectIDs": ["proj_2", "proj_1"], "allowedProjects": ["x"]}`, "", []string{"proj_1", "proj_2", "x"}},
		"InABody":           {"As invites have it.", `{"projects": [{"id": "a", "role": "owner"}, {"id": "proj_2", "role": "member"}]}`, "", []string{"a", "proj_2"}},
		"IDsInABody":        {"As above.", `{"storage": {"project": {"ids": ["a", "b"]}}}`, "", []string{"a", "b"}},
		"OneProject":        {"A text below project is no name.", `{"project": "a"}`, "", []string{"a"}},
		"OtherIDsInABody":   {"Only the project's own ID counts.", `{"projects": [{"id": "a", "role": {"id": "role-1"}, "groups": ["group-1"]}]}`, "", []string{"a"}},
		"ByItsForm":         {"The name of the field may be anything.", `{"targets": [{"resource": "proj_1"}], "PROJ": "PROJ_2"}`, "", []string{"PROJ_2", "proj_1"}},
		"AsAKey":            {"A map may be keyed by projects.", `{"roles": {"proj_1": "member"}}`, "", []string{"proj_1"}},
		"InsideOfAnID":      {"Roles of projects have such IDs.", `{"roleID": "role-api-project-viewer__proj_1", "path": "projects/proj_2/keys"}`, "", []string{"proj_1", "proj_2"}},
		"InBlanks":          {"OpenAI might drop them.", `{"target": " proj_1\n"}`, "", []string{"proj_1"}},
		"AReference":        {"It is looked up, and its ID is beside it.", `{"projectIDRef": {"name": "proj_1"}, "projectRefs": [{"name": "checkout"}], "projectIDSelector": {"matchLabels": {"project": "proj_2"}}}`, "", nil},
		"ATextCalledRef":    {"It refers to no object.", `{"projectRef": "proj_1", "targetRefs": ["proj_2"]}`, "", []string{"proj_1", "proj_2"}},
		"NamesAndTexts":     {"Names are chosen by users.", `{"name": "proj_checkout", "displayName": "proj_x", "description": "once proj_1", "rotation": {"trigger": "proj_1"}, "project": {"name": "proj_y"}}`, "", nil},
		"MapsOfTexts":       {"Somebody else gives them a meaning.", `{"metadata": {"projectID": "proj_1", "proj_2": "x"}, "claims": {"project": "group/app"}}`, "", nil},
		"OthersProjects":    {"They are not OpenAI's.", `{"gcpProjectID": "my-project", "gitlabProject": "group/app", "claim": "project_id"}`, "", nil},
		"FormOfOthers":      {"An ID of another kind begins otherwise.", `{"a": "project_1", "b": "my-proj_1", "c": "proj_", "d": "sk-proj-fake"}`, "", nil},
		"AnExternalName":    {"The kind checks that of a project.", `{}`, "proj_1", nil},
		"APartOfIt":         {"What is in the project is reached by it.", `{}`, "proj_1/role-2", []string{"proj_1"}},
		"NothingInTheField": {"Nothing is named.", `{"projectID": "", "projects": [], "project": null}`, "", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			mg := withSpec(t, tc.forProvider)
			if tc.externalName != "" {
				meta.SetExternalName(mg, tc.externalName)
			}
			got, err := namedProjects(mg)
			if err != nil {
				t.Fatalf("namedProjects: %v", err)
			}
			if diff := cmp.Diff(tc.want, got, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("\n%s\nprojects: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
