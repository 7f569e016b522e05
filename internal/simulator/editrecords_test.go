// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestRecordsAreEditedAndDroppedWithoutACall(t *testing.T) {
	eachFamily(t, get, func(t *testing.T, f fixture, name string, _ familyCase, g given) {
		ids := f.record(t, name, g, 0)
		before := f.must(t, name, get, ids, nil)
		if err := f.Edit(simulator.DefaultOrganizationID, name, func(map[string]any) {}, ids...); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(before, f.must(t, name, get, ids, nil)); diff != "" {
			t.Errorf("after an edit of nothing: -want, +got:\n%s", diff)
		}
		if err := f.Drop(simulator.DefaultOrganizationID, name, ids...); err != nil {
			t.Fatal(err)
		}
		if got := f.refusal(t, name, get, ids, nil); got.Status != http.StatusNotFound {
			t.Errorf("a dropped record: status %d", got.Status)
		}
	})
}

func TestAnEditIsSeen(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	f.edit(t, "projects", body{"name": "edited"}, p)
	if got := f.must(t, "projects", get, []string{p}, nil)["name"]; got != "edited" {
		t.Errorf("name %v", got)
	}
}

func TestEditsOfUnknownRecordsAreRefused(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	nothing := func(map[string]any) {}
	cases := map[string]struct {
		reason string
		org    string
		family string
		edit   func(map[string]any)
		ids    []string
	}{
		"UnknownOrganization": {reason: "The organization must be there.", org: "org-x", family: "projects", edit: nothing, ids: []string{p}},
		"UnknownFamily":       {reason: "The family must be there.", family: "planets", edit: nothing},
		"HandWritten":         {reason: "Calls written by hand keep no records.", family: "models", edit: nothing},
		"TooFewIDs":           {reason: "All IDs of the path are needed.", family: "projects/api_keys", edit: nothing, ids: []string{p}},
		"UnknownRecord":       {reason: "The record must be there.", family: "projects", edit: nothing, ids: []string{"proj_x"}},
		"AnotherType":         {reason: "A field keeps its type.", family: "projects", edit: func(m map[string]any) { m["name"] = 7 }, ids: []string{p}},
		"AnotherID":           {reason: "A record keeps its ID.", family: "projects", edit: func(m map[string]any) { m["id"] = "proj_y" }, ids: []string{p}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			org := tc.org
			if org == "" {
				org = simulator.DefaultOrganizationID
			}
			if err := f.Edit(org, tc.family, tc.edit, tc.ids...); err == nil {
				t.Errorf("\n%s\nthere is no error", tc.reason)
			}
		})
	}
}

func TestFamilyRoutesEqualTheRouteConstants(t *testing.T) {
	cases := map[string]simulator.Operations{
		"projects": {
			List: simulator.RouteListProjects, Get: simulator.RouteGetProject, Create: simulator.RouteCreateProject,
			Update: simulator.RouteUpdateProject, Delete: simulator.RouteArchiveProject,
		},
		"projects/service_accounts": {
			List: simulator.RouteListServiceAccounts, Get: simulator.RouteGetServiceAccount, Create: simulator.RouteCreateServiceAccount,
			Update: simulator.RouteUpdateServiceAccount, Delete: simulator.RouteDeleteServiceAccount,
		},
		"projects/api_keys": {
			List: simulator.RouteListProjectAPIKeys, Get: simulator.RouteGetProjectAPIKey,
			Update: simulator.RouteUpdateProjectAPIKey, Delete: simulator.RouteDeleteProjectAPIKey,
		},
		"projects/service_accounts/api_keys": {Create: simulator.RouteCreateServiceAccountAPIKey},
		"projects/spend_limit": {
			Get:    "GET /v1/organization/projects/{project_id}/spend_limit",
			Create: "POST /v1/organization/projects/{project_id}/spend_limit",
			Update: "POST /v1/organization/projects/{project_id}/spend_limit",
			Delete: "DELETE /v1/organization/projects/{project_id}/spend_limit",
		},
		"projects/data_retention": {
			Get:    "GET /v1/organization/projects/{project_id}/data_retention",
			Update: "POST /v1/organization/projects/{project_id}/data_retention",
		},
		"projects/users/roles": {
			List:   "GET /v1/projects/{project_id}/users/{user_id}/roles",
			Get:    "GET /v1/projects/{project_id}/users/{user_id}/roles/{role_id}",
			Create: "POST /v1/projects/{project_id}/users/{user_id}/roles",
			Delete: "DELETE /v1/projects/{project_id}/users/{user_id}/roles/{role_id}",
		},
	}
	for name, want := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(want, simulator.FamilyRoutes(name)); diff != "" {
				t.Errorf("-want, +got:\n%s", diff)
			}
		})
	}
}

func TestTheRoutesOfAnUnknownFamilyPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("there is no panic: a fault would meet all routes")
		}
	}()
	simulator.FamilyRoutes("planets")
}
