// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ProjectParameters are the wanted state of a project.
//
// +kubebuilder:validation:XValidation:rule="has(self.residency) == has(oldSelf.residency) && (!has(self.residency) || self.residency == oldSelf.residency)",message="residency cannot be changed after creation: create another Project"
type ProjectParameters struct {
	// OrganizationID is the organisation of this project, when it is not the one of
	// the provider configuration. Example: org-abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	OrganizationID *string `json:"organizationID,omitempty"`

	// Name of the project, as it appears in reports. Default: metadata.name when it is
	// created; a project that exists keeps its name unless one is given. Example:
	// checkout.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="self == self.trim()",message="name must not begin or end with a blank: remove the blanks"
	Name *string `json:"name,omitempty"`

	// Residency is where the project's data is stored and processed. Default: the
	// organisation's own. It cannot be changed after creation, and the organisation must
	// have access to data residency. Example: EU_STORAGE_PROCESSING.
	// +optional
	// +kubebuilder:validation:Enum=GLOBAL;US_STORAGE_PROCESSING;EU_STORAGE_PROCESSING;JP_STORAGE;JP_STORAGE_PROCESSING;KR_STORAGE;CA_STORAGE;SG_STORAGE;IN_STORAGE;IN_STORAGE_PROCESSING;AU_STORAGE;AU_STORAGE_PROCESSING;GB_STORAGE;AE_STORAGE;AE_STORAGE_PROCESSING
	Residency *string `json:"residency,omitempty"`

	// ExternalKeyID is the external (customer-managed) encryption key of the project.
	// Default: none when it is created; a project that exists keeps its key unless one is
	// given. To remove it from the spec detaches the key that the spec gave. Example:
	// extkey_abc123.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	ExternalKeyID *string `json:"externalKeyID,omitempty"`
}

// ProjectObservation is the state of a project that OpenAI reports.
type ProjectObservation struct {
	// ID of the project. Example: proj_abc123.
	ID string `json:"id,omitempty"`

	// Name of the project, as it appears in reports.
	Name string `json:"name,omitempty"`

	// Status of the project: active or archived.
	Status string `json:"status,omitempty"`

	// Residency of the project's data.
	Residency string `json:"residency,omitempty"`

	// ExternalKeyID is the external encryption key of the project, if it has one.
	ExternalKeyID string `json:"externalKeyID,omitempty"`

	// AppliedExternalKeyID is the external key that this object gave the project, so that
	// removing it from the spec detaches it.
	AppliedExternalKeyID string `json:"appliedExternalKeyID,omitempty"`

	// CreatedAt is when the project was created.
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`
}

// A ProjectSpec is the wanted state of a Project.
type ProjectSpec struct {
	xpv2.ManagedResourceSpec `json:",inline"`
	SpecBounds               `json:",inline"`

	// ForProvider is what OpenAI should know about the project.
	// +optional
	// +kubebuilder:default={}
	ForProvider ProjectParameters `json:"forProvider"`
}

// A ProjectStatus is the observed state of a Project.
type ProjectStatus struct {
	xpv2.ManagedResourceStatus `json:",inline"`
	Ownership                  `json:",inline"`

	// AtProvider is what OpenAI reports about the project.
	AtProvider ProjectObservation `json:"atProvider,omitempty"`
}

// A Project is an OpenAI project: the unit that owns service accounts, API keys,
// rate limits and budgets. OpenAI cannot delete projects, so deleting a Project
// archives it, which refuses its API keys for good.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:printcolumn:name="READY",type="string",JSONPath=".status.conditions[?(@.type=='Ready')].status"
// +kubebuilder:printcolumn:name="SYNCED",type="string",JSONPath=".status.conditions[?(@.type=='Synced')].status"
// +kubebuilder:printcolumn:name="EXTERNAL-NAME",type="string",JSONPath=".metadata.annotations.crossplane\\.io/external-name"
// +kubebuilder:printcolumn:name="AGE",type="date",JSONPath=".metadata.creationTimestamp"
// +kubebuilder:resource:scope=Namespaced,categories={crossplane,managed,openai}
type Project struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// +optional
	// +kubebuilder:default={}
	Spec ProjectSpec `json:"spec"`
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status ProjectStatus `json:"status,omitempty"`
}

// +kubebuilder:object:root=true

// ProjectList is a list of Projects.
type ProjectList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Project `json:"items"`
}

// ObservedID is the ID at OpenAI of what was observed last; empty before that. Unlike
// the external name, users do not overwrite it.
func (mg *Project) ObservedID() string { return mg.Status.AtProvider.ID }

// ManagedStatus is the part of the status that all kinds have.
func (mg *Project) ManagedStatus() *xpv2.ManagedResourceStatus {
	return &mg.Status.ManagedResourceStatus
}

// GetLastHandledReconcileAt tells which reconcile request was handled last.
func (mg *Project) GetLastHandledReconcileAt() string { return mg.Status.GetLastHandledReconcileAt() }

// SetLastHandledReconcileAt notes the reconcile request that was handled last.
func (mg *Project) SetLastHandledReconcileAt(token string) {
	mg.Status.SetLastHandledReconcileAt(token)
}
