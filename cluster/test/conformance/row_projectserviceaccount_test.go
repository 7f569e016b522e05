// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var projectServiceAccount = Row{
	Kind: "ProjectServiceAccount",
	Routes: Routes{
		List: simulator.RouteListServiceAccounts, Get: simulator.RouteGetServiceAccount, Create: simulator.RouteCreateServiceAccount,
		Update: simulator.RouteUpdateServiceAccount, Delete: simulator.RouteDeleteServiceAccount,
	},
	New: func(e *Env, name string) resource.ModernManaged {
		o := &v1alpha1.ProjectServiceAccount{}
		o.Spec.ForProvider.ProjectID = new(e.Project())
		o.Spec.ForProvider.Name, o.Spec.ForProvider.Role = &name, "member"
		return o
	},
	Make: func(e *Env) string { return e.newAccount("somebody's") },
	Alive: func(e *Env) []string {
		var ids []string
		pages := e.OpenAI.Projects.ServiceAccounts.ListAutoPaging(e.Context(), e.Project(), openai.AdminOrganizationProjectServiceAccountListParams{})
		for pages.Next() {
			if id := pages.Current().ID; !e.Made(id) {
				ids = append(ids, id)
			}
		}
		e.must(pages.Err())
		return ids
	},
	Changes: []Change{
		{
			Field: "name", Want: "after",
			Set: func(o resource.ModernManaged) {
				o.(*v1alpha1.ProjectServiceAccount).Spec.ForProvider.Name = new("after")
			},
			At: func(e *Env, id string) string { return accountAt(e, id).Name },
		},
		{
			Field: "role", Want: "owner",
			Set: func(o resource.ModernManaged) {
				o.(*v1alpha1.ProjectServiceAccount).Spec.ForProvider.Role = "owner"
			},
			At: func(e *Env, id string) string { return string(accountAt(e, id).Role) },
		},
	},
	Drift: func(e *Env, id string) {
		_, err := e.OpenAI.Projects.ServiceAccounts.Update(e.Context(), e.Project(), id, openai.AdminOrganizationProjectServiceAccountUpdateParams{
			Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleOwner,
		})
		e.must(err)
	},
	Remove: func(e *Env, id string) {
		_, err := e.OpenAI.Projects.ServiceAccounts.Delete(e.Context(), e.Project(), id)
		e.must(err)
	},
}

func accountAt(e *Env, id string) *openai.ProjectServiceAccount {
	e.Helper()
	sa, err := e.OpenAI.Projects.ServiceAccounts.Get(e.Context(), e.Project(), id)
	e.must(err)
	return sa
}
