// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type hostedTools = v1alpha1.ProjectHostedToolPermissionsObservation

func observedHostedTools(project string, o *openai.ProjectHostedToolPermissions) *hostedTools {
	return &hostedTools{
		CodeInterpreter: ifReplied(o.CodeInterpreter.JSON.Enabled, o.CodeInterpreter.Enabled),
		FileSearch:      ifReplied(o.FileSearch.JSON.Enabled, o.FileSearch.Enabled),
		ImageGeneration: ifReplied(o.ImageGeneration.JSON.Enabled, o.ImageGeneration.Enabled),
		MCP:             ifReplied(o.Mcp.JSON.Enabled, o.Mcp.Enabled),
		WebSearch:       ifReplied(o.WebSearch.JSON.Enabled, o.WebSearch.Enabled),
		ProjectID:       project,
	}
}

var hostedToolsOfProjects = adminapi.NewSingleton("projects/hosted_tool_permissions", observedHostedTools, func(o *hostedTools) string { return o.ProjectID },
	func(ctx context.Context, c *adminapi.Connection, project string) (*openai.ProjectHostedToolPermissions, error) {
		return c.Organization.Projects.HostedToolPermissions.Get(ctx, project)
	})

// A hostedTool has its field of the spec, and its parameter.
type hostedTool struct {
	field, parameter  string
	desired, observed *bool
}

func toolsOf(cr *v1alpha1.ProjectHostedToolPermissions, o *hostedTools) []hostedTool {
	p := cr.Spec.ForProvider
	return []hostedTool{
		{"codeInterpreter", "code_interpreter", p.CodeInterpreter, o.CodeInterpreter},
		{"fileSearch", "file_search", p.FileSearch, o.FileSearch},
		{"imageGeneration", "image_generation", p.ImageGeneration, o.ImageGeneration},
		{"mcp", "mcp", p.MCP, o.MCP},
		{"webSearch", "web_search", p.WebSearch, o.WebSearch},
	}
}

// ProjectHostedToolPermissions always exist.
var ProjectHostedToolPermissions = crud.Kind[*v1alpha1.ProjectHostedToolPermissions, hostedTools]{
	Scope:  crud.InProject[*v1alpha1.ProjectHostedToolPermissions](),
	Status: func(cr *v1alpha1.ProjectHostedToolPermissions) *hostedTools { return &cr.Status.AtProvider },
	ID:     ofProject[*v1alpha1.ProjectHostedToolPermissions],
	List:   &hostedToolsOfProjects,
	Diff: func(cr *v1alpha1.ProjectHostedToolPermissions, o *hostedTools) []reconciler.Change {
		var all []*reconciler.Change
		for _, t := range toolsOf(cr, o) {
			all = append(all, differenceIfReplied(t.field, t.desired, t.observed))
		}
		return crud.Differences(all...)
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectHostedToolPermissions, _ string, diff []reconciler.Change) (*hostedTools, error) {
		var tools []option.RequestOption
		for _, t := range toolsOf(cr, &hostedTools{}) {
			if to := crud.Changed(diff, t.field); to.Valid() {
				// The SDK (v3.98.0) leaves out a tool that is to be disabled.
				tools = append(tools, option.WithJSONSet(t.parameter+".enabled", *t.desired))
			}
		}
		return settingOf(c, observedHostedTools)(c.Organization.Projects.HostedToolPermissions.Update(ctx, c.Project, openai.AdminOrganizationProjectHostedToolPermissionUpdateParams{}, tools...))
	},
}
