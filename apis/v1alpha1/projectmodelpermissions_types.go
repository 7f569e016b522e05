// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ProjectModelPermissionsParameters are the desired state of a project's model permissions.
type ProjectModelPermissionsParameters struct {
	ProjectScoped `json:",inline"`

	// Mode is allow_list, so that the project may use only the models in modelIDs, or deny_list,
	// so that it may use all others. Required, unless managementPolicies only observe. Example:
	// allow_list.
	// +optional
	// +kubebuilder:validation:Enum=allow_list;deny_list
	Mode *string `json:"mode,omitempty"`

	// ModelIDs are the models that are allowed or denied, by the IDs that GET /v1/models shows
	// to the organization. An empty list allows or denies no model. Required, unless
	// managementPolicies only observe. Example: [gpt-5, gpt-5-mini].
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=500
	// +kubebuilder:validation:items:MaxLength=256
	// +kubebuilder:validation:items:XValidation:rule="self.matches('^[A-Za-z0-9._:/-]+$')",message="this is no model ID: it has other characters than letters, digits and . _ : / -"
	ModelIDs []string `json:"modelIDs,omitzero"`
}

// ProjectModelPermissionsObservation is the state of a project's model permissions as OpenAI
// reports it.
type ProjectModelPermissionsObservation struct {
	// Mode is allow_list or deny_list. Example: allow_list.
	Mode string `json:"mode,omitempty"`

	// ModelIDs are the models that are allowed or denied, sorted. Example: [gpt-5, gpt-5-mini].
	ModelIDs []string `json:"modelIDs,omitempty"`

	// ProjectID is the project of the permissions. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=ProjectModelPermissions
// +openai:kind:plural=projectmodelpermissions
// +openai:kind:column=MODE,.status.atProvider.mode
// +openai:kind:terraform=openai_project_model_permissions
//
// A ProjectModelPermissions says which models a project may use. Deleting the object removes the
// restriction, so that the project may use every model of the organization.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider) && has(self.spec.forProvider.mode) && has(self.spec.forProvider.modelIDs))",message="spec.forProvider.mode and spec.forProvider.modelIDs are required: set both, modelIDs to [] for no model, or set managementPolicies to [Observe]"
