// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
)

// ProjectMember says which project, of which organisation, a resource belongs
// to. Every project-level kind embeds it.
//
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.projectID) || (has(self.projectID) && self.projectID == oldSelf.projectID)",message="projectID cannot be changed once set: create another object for the other project"
type ProjectMember struct {
	// OrganizationID is the organisation of the project, when it is not the one of
	// the provider configuration. Example: org-abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	OrganizationID *string `json:"organizationID,omitempty"`

	// ProjectID is the project that this belongs to. Default: the provider
	// configuration's defaultProjectID. It cannot be changed once set. Example:
	// proj_abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	// +crossplane:generate:reference:type=Project
	ProjectID *string `json:"projectID,omitempty"`

	// ProjectIDRef names the Project that projectID is taken from. Example: {name: checkout}.
	// +optional
	ProjectIDRef *xpv2.NamespacedReference `json:"projectIDRef,omitempty"`

	// ProjectIDSelector selects, by label or by common controller, the Project that
	// projectID is taken from. Example: {matchLabels: {team: checkout}}.
	// +optional
	ProjectIDSelector *xpv2.NamespacedSelector `json:"projectIDSelector,omitempty"`
}
