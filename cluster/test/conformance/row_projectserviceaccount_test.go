// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var projectServiceAccount = register(Row{
	Kind: "ProjectServiceAccount", Family: "projects/service_accounts",
	Spec: func(e *Env, name string) Fields {
		return Fields{"projectID": e.Project(), "name": name, "role": "member"}
	},
	Make: func(e *Env) string { return e.newAccount("somebody's") },
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.Projects.ServiceAccounts.ListAutoPaging(e.Context(), e.Project(), openai.AdminOrganizationProjectServiceAccountListParams{}),
			func(a openai.ProjectServiceAccount) string { return a.ID })
	},
	Changes: []Change{
		{Field: "name", Want: "after", At: func(e *Env, id string) any { return accountAt(e, id).Name }},
		{Field: "role", Want: "owner", At: func(e *Env, id string) any { return accountAt(e, id).Role }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.ServiceAccounts.Update(e.Context(), e.Project(), id, openai.AdminOrganizationProjectServiceAccountUpdateParams{Role: "owner"}))
	},
	Remove: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.ServiceAccounts.Delete(e.Context(), e.Project(), id))
	},
})

func accountAt(e *Env, id string) *openai.ProjectServiceAccount {
	return got(e.OpenAI.Projects.ServiceAccounts.Get(e.Context(), e.Project(), id))(e)
}
