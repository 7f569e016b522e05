// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var project = Row{
	Kind: "Project",
	Routes: Routes{
		List: simulator.RouteListProjects, Get: simulator.RouteGetProject, Create: simulator.RouteCreateProject,
		Update: simulator.RouteUpdateProject, Delete: simulator.RouteArchiveProject,
	},
	New: func(_ *Env, name string) resource.ModernManaged {
		o := &v1alpha1.Project{}
		o.Spec.ForProvider.Name, o.Spec.ForProvider.ExternalKeyID = &name, new("extkey_before")
		return o
	},
	Make: func(e *Env) string {
		p, err := e.OpenAI.Projects.New(e.Context(), openai.AdminOrganizationProjectNewParams{Name: "somebody's"})
		e.must(err)
		return p.ID
	},
	Alive: func(e *Env) []string {
		var ids []string
		pages := e.OpenAI.Projects.ListAutoPaging(e.Context(), openai.AdminOrganizationProjectListParams{})
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
			Set: func(o resource.ModernManaged) { o.(*v1alpha1.Project).Spec.ForProvider.Name = new("after") },
			At:  func(e *Env, id string) string { return projectAt(e, id).Name },
		},
		{
			Field: "externalKeyID", Want: "extkey_after",
			Set: func(o resource.ModernManaged) {
				o.(*v1alpha1.Project).Spec.ForProvider.ExternalKeyID = new("extkey_after")
			},
			At: func(e *Env, id string) string { return projectAt(e, id).ExternalKeyID },
		},
	},
	Drift: func(e *Env, id string) {
		_, err := e.OpenAI.Projects.Update(e.Context(), id, openai.AdminOrganizationProjectUpdateParams{Name: openai.String("drifted")})
		e.must(err)
	},
	Remove: func(e *Env, id string) {
		_, err := e.OpenAI.Projects.Archive(e.Context(), id)
		e.must(err)
	},
	NotRecreated: "is archived",
}

func projectAt(e *Env, id string) *openai.Project {
	e.Helper()
	p, err := e.OpenAI.Projects.Get(e.Context(), id)
	e.must(err)
	return p
}
