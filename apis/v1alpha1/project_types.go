// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// +openai:kind=Project
// +openai:kind:project=id
// +openai:kind:terraform=openai_project
//
// A Project is an OpenAI project: the unit that owns service accounts, API keys,
// rate limits and budgets. OpenAI cannot delete projects, so deleting a Project
// archives it, which refuses its API keys for good.

// ProjectParameters are the desired state of a project.
//
// +kubebuilder:validation:XValidation:rule="has(self.residency) == has(oldSelf.residency) && (!has(self.residency) || self.residency == oldSelf.residency)",message="residency cannot be changed after creation: create another Project"
type ProjectParameters struct {
	OrganizationScoped `json:",inline"`
	ResourceName       `json:",inline"`

	// Residency is where the project's data is stored and processed. Default: the
	// organization's own. It cannot be changed after creation, and the organization must
	// have access to data residency. Example: EU_STORAGE_PROCESSING.
	// +optional
	// +kubebuilder:validation:Enum=GLOBAL;US_STORAGE_PROCESSING;EU_STORAGE_PROCESSING;JP_STORAGE;JP_STORAGE_PROCESSING;KR_STORAGE;CA_STORAGE;SG_STORAGE;IN_STORAGE;IN_STORAGE_PROCESSING;AU_STORAGE;AU_STORAGE_PROCESSING;GB_STORAGE;AE_STORAGE;AE_STORAGE_PROCESSING
	Residency *string `json:"residency,omitempty"`

	// ExternalKeyID is the external (customer-managed) encryption key of the project.
	// Default: none when the project is created; an existing project keeps its key.
	// Removing the field detaches a key that this object attached. Example: extkey_abc123.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ExternalKeyID *string `json:"externalKeyID,omitempty"`
}

// ProjectObservation is the state of a project as OpenAI reports it.
type ProjectObservation struct {
	// ID of the project. Example: proj_abc123.
	ID string `json:"id,omitempty"`

	// Name of the project, as it appears in reports. Example: checkout.
	Name string `json:"name,omitempty"`

	// Status of the project: active or archived. Example: active.
	Status string `json:"status,omitempty"`

	// Residency of the project's data. Example: EU_STORAGE_PROCESSING.
	Residency string `json:"residency,omitempty"`

	// ExternalKeyID is the external encryption key of the project, if it has one. Example:
	// extkey_abc123.
	ExternalKeyID string `json:"externalKeyID,omitempty"`

	// AppliedExternalKeyID is the encryption key that this object attached to the project, so
	// that removing it from the spec detaches it. Example: extkey_abc123.
	AppliedExternalKeyID string `json:"appliedExternalKeyID,omitempty"`

	// CreatedAt is when the project was created. Example: "2026-11-22T12:00:00Z".
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`
}
