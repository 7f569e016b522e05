// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// hostedTools exist as soon as their project does. Replies do not name their type.
type hostedTools struct {
	head
	CodeInterpreter hostedTool `json:"code_interpreter"`
	FileSearch      hostedTool `json:"file_search"`
	ImageGeneration hostedTool `json:"image_generation"`
	MCP             hostedTool `json:"mcp"`
	WebSearch       hostedTool `json:"web_search"`
}

type hostedTool struct {
	Enabled bool `json:"enabled"`
}

var _ = register(&family[hostedTools]{
	path: "organization/projects/{project_id}/hosted_tool_permissions",
	noun: "Hosted tool permissions", parent: activeProject, noDelete: true,

	seed: func(*organization, []string) []hostedTools {
		on := hostedTool{Enabled: true}
		return []hostedTools{{CodeInterpreter: on, FileSearch: on, ImageGeneration: on, MCP: on, WebSearch: on}}
	},
	// A tool that is left out or null keeps its state.
	update: func(r *request, t hostedTools) (hostedTools, *apiError) {
		type tool = field[struct {
			Enabled field[bool] `json:"enabled"`
		}]
		in, aerr := decode[struct {
			CodeInterpreter tool `json:"code_interpreter"`
			FileSearch      tool `json:"file_search"`
			ImageGeneration tool `json:"image_generation"`
			MCP             tool `json:"mcp"`
			WebSearch       tool `json:"web_search"`
		}](r)
		for _, change := range []struct {
			name string
			in   tool
			to   *hostedTool
		}{
			{"code_interpreter", in.CodeInterpreter, &t.CodeInterpreter}, {"file_search", in.FileSearch, &t.FileSearch},
			{"image_generation", in.ImageGeneration, &t.ImageGeneration}, {"mcp", in.MCP, &t.MCP}, {"web_search", in.WebSearch, &t.WebSearch},
		} {
			if change.in.given() {
				aerr = firstRefusal(aerr, required(change.name+".enabled", change.in.value.Enabled))
				change.in.value.Enabled.into(&change.to.Enabled)
			}
		}
		return t, aerr
	},
})
