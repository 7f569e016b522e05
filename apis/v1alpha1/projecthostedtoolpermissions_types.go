// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ProjectHostedToolPermissionsParameters are the desired state of a project's hosted tool
// permissions.
type ProjectHostedToolPermissionsParameters struct {
	ProjectScoped `json:",inline"`

	// CodeInterpreter is whether the project may use the code interpreter. Default: as it is.
	// Example: false.
	// +optional
	CodeInterpreter *bool `json:"codeInterpreter,omitempty"`

	// FileSearch is whether the project may use file search. Default: as it is. Example: true.
	// +optional
	FileSearch *bool `json:"fileSearch,omitempty"`

	// ImageGeneration is whether the project may use image generation. Default: as it is.
	// Example: false.
	// +optional
	ImageGeneration *bool `json:"imageGeneration,omitempty"`

	// MCP is whether the project may use remote MCP servers. Default: as it is. Example: false.
	// +optional
	MCP *bool `json:"mcp,omitempty"`

	// WebSearch is whether the project may use web search. Default: as it is. Example: false.
	// +optional
	WebSearch *bool `json:"webSearch,omitempty"`
}

// ProjectHostedToolPermissionsObservation is the state of a project's hosted tool permissions as
// OpenAI reports it.
type ProjectHostedToolPermissionsObservation struct {
	// CodeInterpreter is whether the project may use the code interpreter. Example: true.
	CodeInterpreter *bool `json:"codeInterpreter,omitempty"`

	// FileSearch is whether the project may use file search. Example: true.
	FileSearch *bool `json:"fileSearch,omitempty"`

	// ImageGeneration is whether the project may use image generation. Example: true.
	ImageGeneration *bool `json:"imageGeneration,omitempty"`

	// MCP is whether the project may use remote MCP servers. Example: false.
	MCP *bool `json:"mcp,omitempty"`

	// WebSearch is whether the project may use web search. Example: false.
	WebSearch *bool `json:"webSearch,omitempty"`

	// ProjectID is the project of the permissions. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=ProjectHostedToolPermissions
// +openai:kind:plural=projecthostedtoolpermissions
// +openai:kind:terraform=openai_project_hosted_tool_permissions
//
// A ProjectHostedToolPermissions says which of the tools that OpenAI hosts a project may use.
// Every project has these settings: deleting the object leaves them as they are.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider) && (has(self.spec.forProvider.codeInterpreter) || has(self.spec.forProvider.fileSearch) || has(self.spec.forProvider.imageGeneration) || has(self.spec.forProvider.mcp) || has(self.spec.forProvider.webSearch)))",message="spec.forProvider names no tool: set codeInterpreter, fileSearch, imageGeneration, mcp or webSearch to true or false, or set managementPolicies to [Observe]"
