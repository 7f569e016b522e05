// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var _ = register(Row{
	Kind: "ProjectHostedToolPermissions", Family: "projects/hosted_tool_permissions", FromSpec: true,
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "codeInterpreter": false, "fileSearch": true, "imageGeneration": true, "mcp": false, "webSearch": true}
	},
	Make:  func(e *Env) string { return e.Project() },
	Alive: func(e *Env) []string { return []string{e.Project()} },
	Changes: []Change{
		{Field: "codeInterpreter", Want: true, At: func(e *Env, id string) any { return e.toolsAt(id).CodeInterpreter.Enabled }},
		{Field: "fileSearch", Want: false, At: func(e *Env, id string) any { return e.toolsAt(id).FileSearch.Enabled }},
		{Field: "imageGeneration", Want: false, At: func(e *Env, id string) any { return e.toolsAt(id).ImageGeneration.Enabled }},
		{Field: "mcp", Want: true, At: func(e *Env, id string) any { return e.toolsAt(id).Mcp.Enabled }},
		{Field: "webSearch", Want: false, At: func(e *Env, id string) any { return e.toolsAt(id).WebSearch.Enabled }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.HostedToolPermissions.Update(e.Context(), id, openai.AdminOrganizationProjectHostedToolPermissionUpdateParams{
			Mcp: openai.AdminOrganizationProjectHostedToolPermissionUpdateParamsMcp{Enabled: true},
		}))
	},
	Own: []Case{
		{Name: "empty_reply_to_update", Run: emptyReplyToUpdate},
		{Name: "partial_reply", Run: partialReply(`{"file_search":{"enabled":true}}`, Fields{"mcp": false})},
	},
})

func (e *Env) toolsAt(project string) *openai.ProjectHostedToolPermissions {
	e.Helper()
	return got(e.OpenAI.Projects.HostedToolPermissions.Get(e.Context(), project))(e)
}
