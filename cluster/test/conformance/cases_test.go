// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"slices"
	"testing"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A Case is a test that every kind has to pass.
type Case struct {
	Name string

	// NA returns the reason why the case does not apply to a kind; nil or empty: it applies.
	NA func(r Row) string

	// Config changes the provider configuration. It may be nil.
	Config func(c *v1alpha1.ClusterProviderConfigSpec)

	// Run the case. Each replaces it by several cases.
	Run  func(e *Env, r Row)
	Each func(r Row) []Case
}

// cases are all cases, grouped by subject.
var cases = slices.Concat(lifecycleCases, lostReplyCases, listCases, identityCases, fromSpecCases, tenancyCases, errorCases)

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, r := range rows {
		t.Run(r.Kind, func(t *testing.T) {
			t.Parallel()
			runAll(t, r, "", slices.Concat(cases, r.Own))
		})
	}
}

// runAll runs cases as subtests below a path.
func runAll(t *testing.T, r Row, path string, all []Case) {
	t.Helper()
	for _, c := range all {
		path := path + c.Name
		why := r.NotApplicable[path]
		if why == "" && c.NA != nil {
			why = c.NA(r)
		}
		if why != "" {
			results.note(r.Kind, path, notApplicable+": "+why)
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			if c.Each != nil {
				runAll(t, r, path+"/", c.Each(r))
				return
			}
			t.Cleanup(func() {
				if t.Failed() {
					results.note(r.Kind, path, failed)
					return
				}
				results.note(r.Kind, path, passed)
			})
			mods := []func(*v1alpha1.ClusterProviderConfigSpec){}
			if c.Config != nil {
				mods = append(mods, c.Config)
			}
			c.Run(newEnv(t, r, mods...), r)
		})
	}
}

// lacks returns a Case.NA for kinds without a route.
func lacks(route func(r Routes) bool, why string) func(r Row) string {
	return func(r Row) string {
		if route(r.Routes) {
			return ""
		}
		return why
	}
}

var (
	needsCreate = lacks(func(r Routes) bool { return r.Create != "" }, "OpenAI has no call to create it")
	needsUpdate = lacks(func(r Routes) bool { return r.Update != "" }, "OpenAI has no call to change it")
	needsDelete = lacks(func(r Routes) bool { return r.Delete != "" }, "OpenAI has no call to end it")
	needsList   = lacks(func(r Routes) bool { return r.List != "" }, "OpenAI has no list of them")
)

// both combines two reasons for Case.NA.
func both(a, b func(r Row) string) func(r Row) string {
	return func(r Row) string {
		if why := a(r); why != "" {
			return why
		}
		return b(r)
	}
}
