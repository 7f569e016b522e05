// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestEveryKindHasARow(t *testing.T) {
	var want, got []string
	for _, k := range kinds {
		want = append(want, nameOf(k))
	}
	for _, r := range rows {
		got = append(got, r.Kind)
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds with a row: -want, +got:\n%s", diff)
	}
}

func TestEveryRowIsWhole(t *testing.T) {
	served := simulator.New().Routes()
	for _, r := range rows {
		if got := r.defects(served); len(got) != 0 {
			t.Errorf("the row of %s:\n%s", r.Kind, strings.Join(got, "\n"))
		}
	}
}

func TestARowThatProvesLessThanItSeemsIsReported(t *testing.T) {
	served := simulator.New().Routes()
	cases := map[string]struct {
		reason string
		mod    func(r *Row)
		want   []string
	}{
		"Whole":      {"The row of today.", func(*Row) {}, nil},
		"NoAlive":    {"Nothing would show that too many live.", func(r *Row) { r.Alive = nil }, []string{"Alive is missing"}},
		"NoRead":     {"Nothing could be observed.", func(r *Row) { r.Routes.List, r.Routes.Get = "", "" }, []string{"Routes has neither List nor Get"}},
		"AnOldRoute": {"No call would be intercepted.", func(r *Row) { r.Routes.Get = "GET /v1/nothing" }, []string{`the simulator does not serve "GET /v1/nothing"`}},
		"NoChanges":  {"Updates would not be tried.", func(r *Row) { r.Changes, r.Drift = nil, nil }, []string{"Update has no Changes", "Drift is missing: NotApplicable has to say why"}},
		"NoDrift":    {"Nobody would know why.", func(r *Row) { r.Drift = nil }, []string{"Drift is missing: NotApplicable has to say why"}},
		"NoUpdate":   {"Nothing changes, and nothing drifts.", func(r *Row) { r.Routes.Update, r.Changes, r.Drift = "", nil, nil }, nil},
		"NoField":    {"A typing error.", func(r *Row) { r.Changes = []Change{{Field: "nane", Want: "after"}} }, []string{`the kind has no field "nane" for after`}},
		"NoCase":     {"A typing error.", func(r *Row) { r.NotApplicable = map[string]string{"drift": "so"} }, []string{`NotApplicable names "drift", which is no case`}},
		"Variant":    {"One of several of a sort.", func(r *Row) { r.NotApplicable = map[string]string{"list_broken/404": "so"} }, nil},
		"NoCreate":   {"What ends cannot be created again.", func(r *Row) { r.Routes.Create = "" }, []string{"NotRecreated is missing although nothing can create another"}},
		"NoEnd":      {"It can be deleted, and so somebody else can.", func(r *Row) { r.Remove = nil }, []string{"Remove is missing although there is a Delete"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := projectServiceAccount
			tc.mod(&r)
			if diff := cmp.Diff(tc.want, r.defects(served)); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestRoutesShowWhatAKindBelongsTo(t *testing.T) {
	cases := map[string]struct {
		reason                    string
		routes                    Routes
		inProject, ofOrganization bool
	}{
		"Project":       {"It is governed by allowedProjectIDs, and in no other project.", project.Routes, false, false},
		"PartOfProject": {"It ends with its project.", projectAPIKey.Routes, true, false},
		"Singleton":     {"It has no list.", Routes{Get: "GET /v1/organization/projects/{project_id}/spend_limit"}, true, false},
		"ProjectRole":   {"Its path does not begin as others do.", Routes{List: "GET /v1/projects/{project_id}/roles"}, true, false},
		"Group":         {"It reaches every project.", Routes{List: "GET /v1/organization/groups", Delete: "DELETE /v1/organization/groups/{group_id}"}, false, true},
		"GroupUser":     {"It is the child of something else.", Routes{List: "GET /v1/organization/groups/{group_id}/users"}, false, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r := Row{Routes: tc.routes}
			if r.inProject() != tc.inProject || r.ofOrganization() != tc.ofOrganization {
				t.Errorf("%s\nin a project: %t, of the organization: %t; want %t and %t", tc.reason, r.inProject(), r.ofOrganization(), tc.inProject, tc.ofOrganization)
			}
		})
	}
}

// defects of a row with which its cases would prove less than they seem to.
func (r Row) defects(served []simulator.Route) []string {
	var all []string
	defect := func(is bool, format string, args ...any) {
		if is {
			all = append(all, fmt.Sprintf(format, args...))
		}
	}
	defect(r.Spec == nil, "Spec is missing")
	defect(r.Make == nil, "Make is missing")
	defect(r.Alive == nil, "Alive is missing")
	defect(r.Routes.read() == "", "Routes has neither List nor Get")
	for _, route := range r.Routes.all() {
		defect(!slices.Contains(served, route), "the simulator does not serve %q", route)
	}
	defect(r.Routes.Update != "" && len(r.Changes) == 0, "Update has no Changes")
	defect(r.Routes.Update != "" && r.Drift == nil && r.NotApplicable["drift_put_right"] == "", "Drift is missing: NotApplicable has to say why")
	defect(r.Routes.Delete != "" && r.Remove == nil, "Remove is missing although there is a Delete")
	defect(r.Routes.Create == "" && r.Remove != nil && r.NotRecreated == "", "NotRecreated is missing although nothing can create another")
	for _, c := range r.Changes {
		o := r.empty()
		defect(o == nil || (Fields{c.Field: c.Want}).into(o) != nil, "the kind has no field %q for %v", c.Field, c.Want)
	}
	known := map[string]bool{}
	for _, path := range paths(r, "", slices.Concat(cases, r.Own)) {
		known[path] = true
	}
	for _, path := range slices.Sorted(maps.Keys(r.NotApplicable)) {
		defect(!known[path], "NotApplicable names %q, which is no case", path)
	}
	return all
}

// paths of cases below a path.
func paths(r Row, path string, all []Case) []string {
	var out []string
	for _, c := range all {
		out = append(out, path+c.Name)
		if c.Each != nil {
			out = append(out, paths(r, path+c.Name+"/", c.Each(r))...)
		}
	}
	return out
}
