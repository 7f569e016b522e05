// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"slices"

	"github.com/openai/openai-go/v3"
)

var _ = register(Row{
	Kind: "ProjectModelPermissions", Family: "projects/model_permissions", FromSpec: true,
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "mode": "allow_list", "modelIDs": []string{"gpt-5"}}
	},
	Make: func(e *Env) string { e.permitModels("gpt-image-1"); return e.Project() },
	Alive: func(e *Env) []string {
		return e.one(e.Project(), func() (any, error) {
			return e.OpenAI.Projects.ModelPermissions.Get(e.Context(), e.Project())
		})
	},
	Changes: []Change{
		{Field: "mode", Want: "deny_list", At: func(e *Env, id string) any { return e.modelsAt(id).Mode }},
		{Field: "modelIDs", Want: []string{"gpt-5", "gpt-5-mini"}, At: func(e *Env, id string) any { return slices.Sorted(slices.Values(e.modelsAt(id).ModelIDs)) }},
	},
	Drift:  func(e *Env, _ string) { e.permitModels("gpt-5", "gpt-image-1") },
	Remove: func(e *Env, id string) { e.did(e.OpenAI.Projects.ModelPermissions.Delete(e.Context(), id)) },
	Own: append(limitCases("every model"), Case{Name: "no_model", Run: noModel}, Case{Name: "empty_list_applied", Run: appliedEmptyList},
		Case{Name: "partial_reply", Run: partialReply(`{"object":"project.model_permissions","mode":"allow_list"}`, Fields{"modelIDs": []string{}})}),
})

func (e *Env) modelsAt(project string) *openai.ProjectModelPermissions {
	e.Helper()
	return got(e.OpenAI.Projects.ModelPermissions.Get(e.Context(), project))(e)
}

func (e *Env) permitModels(ids ...string) {
	e.Helper()
	e.did(e.OpenAI.Projects.ModelPermissions.Update(e.Context(), e.Project(), openai.AdminOrganizationProjectModelPermissionUpdateParams{Mode: "allow_list", ModelIDs: ids}))
}

// noModel is an empty allow list, which is another thing than none.
func noModel(e *Env, r Row) {
	o, id := e.ready(r)
	e.change(o, Change{Field: "modelIDs", Want: []string{}})
	e.healed(o)
	if got := e.modelsAt(id).ModelIDs; len(got) != 0 {
		e.Errorf("OpenAI allows %q, want no model", got)
	}
	e.awaitReconciles(o, 1)
	if n := e.count(r.Routes.Update); n != 2 {
		e.Errorf("%d calls to set the models, want 2: an empty list is no difference to an empty list", n)
	}
}
