// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// OrganizationScoped says which organization a resource belongs to. Every
// organization-level kind embeds it.
type OrganizationScoped struct {
	// OrganizationID is the organization that this belongs to. Default: the one of the
	// provider configuration. Example: org-abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	OrganizationID *string `json:"organizationID,omitempty"`
}
