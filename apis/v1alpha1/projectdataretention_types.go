// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ProjectDataRetentionParameters are the desired state of a project's data retention.
type ProjectDataRetentionParameters struct {
	ProjectScoped `json:",inline"`

	// RetentionType is what OpenAI retains of the project's traffic. OpenAI has to approve the
	// organization for other values than organization_default and none. Required, unless
	// managementPolicies only observe. Example: zero_data_retention.
	// +optional
	// +kubebuilder:validation:Enum=organization_default;none;zero_data_retention;modified_abuse_monitoring;enhanced_zero_data_retention;enhanced_modified_abuse_monitoring
	RetentionType *string `json:"retentionType,omitempty"`
}

// ProjectDataRetentionObservation is the state of a project's data retention as OpenAI reports
// it.
type ProjectDataRetentionObservation struct {
	// RetentionType is what OpenAI retains of the project's traffic. Example:
	// organization_default.
	RetentionType string `json:"retentionType,omitempty"`

	// ProjectID is the project of the setting. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=ProjectDataRetention
// +openai:kind:column=RETENTION,.status.atProvider.retentionType
// +openai:kind:terraform=openai_project_data_retention
//
// A ProjectDataRetention is what OpenAI retains of a project's traffic. Every project has it:
// deleting the object leaves it as it is, so that no accident lets OpenAI retain more. To undo
// it, set organization_default before.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider) && has(self.spec.forProvider.retentionType))",message="spec.forProvider.retentionType is required: set it, such as to organization_default, or set managementPolicies to [Observe]"
