// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var project = register(Row{
	Kind: "Project", Family: "projects",
	Spec: func(_ *Env, name string) Fields { return Fields{"name": name, "externalKeyID": "extkey_before"} },
	Make: func(e *Env) string {
		return got(e.OpenAI.Projects.New(e.Context(), openai.AdminOrganizationProjectNewParams{Name: "somebody's"}))(e).ID
	},
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.Projects.ListAutoPaging(e.Context(), openai.AdminOrganizationProjectListParams{}), func(p openai.Project) string { return p.ID })
	},
	Changes: []Change{
		{Field: "name", Want: "after", At: func(e *Env, id string) any { return got(e.OpenAI.Projects.Get(e.Context(), id))(e).Name }},
		{Field: "externalKeyID", Want: "extkey_after", At: func(e *Env, id string) any { return got(e.OpenAI.Projects.Get(e.Context(), id))(e).ExternalKeyID }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.Update(e.Context(), id, openai.AdminOrganizationProjectUpdateParams{Name: openai.String("drifted")}))
	},
	Remove:       func(e *Env, id string) { e.did(e.OpenAI.Projects.Archive(e.Context(), id)) },
	NotRecreated: "is archived",
})
