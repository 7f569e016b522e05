// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1

import (
	"example.com/provider/apis/v1alpha1"
)

// +openai:reference=APIGroup,follow,optional
//
// APIGroupID is the group of this. Example: group_abc123.

// +openai:reference=v1alpha1.AccessPolicy
//
// PolicyID is the policy of this. Example: policy_abc123.

// +openai:kind=APIGroup
// +openai:kind:friendly=API group
// +openai:kind:terraform=example_api_group
//
// An APIGroup is a group.

// APIGroupParameters need what a rule says.
//
// +kubebuilder:validation:XValidation:rule="false",message="nothing will do"
type APIGroupParameters struct{}

// APIGroupObservation is empty.
type APIGroupObservation struct{}

// +openai:kind=Settings
// +openai:kind:friendly=Settings
// +openai:kind:terraform=example_settings
//
// A Settings is a kind with a plural for its name.

// SettingsParameters need what they embed.
type SettingsParameters struct {
	v1alpha1.ProjectScoped `json:",inline"`
	APIGroupMember         `json:",inline"`
	AccessPolicyMember     `json:",inline"`

	Name string `json:"name,omitempty"`
}

// SettingsObservation tells where references led to.
type SettingsObservation struct {
	ProjectID  string `json:"projectID,omitempty"`
	APIGroupID string `json:"apiGroupID,omitempty"`
	PolicyID   string `json:"policyID,omitempty"`
}
