// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ProjectServiceAccountParameters are the wanted state of a service account.
type ProjectServiceAccountParameters struct {
	ProjectMember `json:",inline"`

	// Name of the service account. Default: metadata.name when it is created; an account
	// that exists keeps its name unless one is given. Example: checkout-backend.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="self == self.trim()",message="name must not begin or end with a blank: remove the blanks"
	Name *string `json:"name,omitempty"`

	// Role of the service account in the project: member, which may use the API, or
	// owner, which may also manage the project. Default: member when it is created; an
	// account that exists keeps its role unless one is given. Example: owner.
	// +optional
	// +kubebuilder:validation:Enum=member;owner
	Role string `json:"role,omitempty"`
}

// ProjectServiceAccountObservation is the state of a service account that OpenAI
// reports.
type ProjectServiceAccountObservation struct {
	// ID of the service account. Example: user-abc123.
	ID string `json:"id,omitempty"`

	// Name of the service account.
	Name string `json:"name,omitempty"`

	// Role of the service account in the project: owner, member or none.
	Role string `json:"role,omitempty"`

	// ProjectID is the project of the service account.
	ProjectID string `json:"projectID,omitempty"`

	// CreatedAt is when the service account was created.
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`

	// CreatedHere is true if this object created the service account. One that it did not
	// create is not made anew when somebody deletes it.
	CreatedHere bool `json:"createdHere,omitempty"`
}

// A ProjectServiceAccountSpec is the wanted state of a ProjectServiceAccount.
type ProjectServiceAccountSpec struct {
	xpv2.ManagedResourceSpec `json:",inline"`
	SpecBounds               `json:",inline"`

	// ForProvider is what OpenAI should know about the service account.
	// +optional
	// +kubebuilder:default={}
	ForProvider ProjectServiceAccountParameters `json:"forProvider"`
}

// A ProjectServiceAccountStatus is the observed state of a ProjectServiceAccount.
type ProjectServiceAccountStatus struct {
	xpv2.ManagedResourceStatus `json:",inline"`
	Ownership                  `json:",inline"`

	// AtProvider is what OpenAI reports about the service account.
	AtProvider ProjectServiceAccountObservation `json:"atProvider,omitempty"`
}

// A ProjectServiceAccount is an OpenAI service account: the bot user of a project
// that owns API keys. It is created without a key of its own: give it keys with
// ProjectAPIKey.
//
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:printcolumn:name="READY",type="string",JSONPath=".status.conditions[?(@.type=='Ready')].status"
// +kubebuilder:printcolumn:name="SYNCED",type="string",JSONPath=".status.conditions[?(@.type=='Synced')].status"
// +kubebuilder:printcolumn:name="ROLE",type="string",JSONPath=".status.atProvider.role"
// +kubebuilder:printcolumn:name="EXTERNAL-NAME",type="string",JSONPath=".metadata.annotations.crossplane\\.io/external-name"
// +kubebuilder:printcolumn:name="AGE",type="date",JSONPath=".metadata.creationTimestamp"
// +kubebuilder:resource:scope=Namespaced,categories={crossplane,managed,openai}
type ProjectServiceAccount struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	// +optional
	// +kubebuilder:default={}
	Spec ProjectServiceAccountSpec `json:"spec"`
	// +optional
	// +kubebuilder:default={"observedGeneration":-1}
	Status ProjectServiceAccountStatus `json:"status,omitempty"`
}

// +kubebuilder:object:root=true

// ProjectServiceAccountList is a list of ProjectServiceAccounts.
type ProjectServiceAccountList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []ProjectServiceAccount `json:"items"`
}

// ObservedCreated reports whether the object created what was observed last.
func (mg *ProjectServiceAccount) ObservedCreated() bool { return mg.Status.AtProvider.CreatedHere }

// ObservedID is the ID at OpenAI of what was observed last; empty before that. Unlike
// the external name, users do not overwrite it.
func (mg *ProjectServiceAccount) ObservedID() string { return mg.Status.AtProvider.ID }

// ManagedStatus is the part of the status that all kinds have.
func (mg *ProjectServiceAccount) ManagedStatus() *xpv2.ManagedResourceStatus {
	return &mg.Status.ManagedResourceStatus
}

// GetLastHandledReconcileAt tells which reconcile request was handled last.
func (mg *ProjectServiceAccount) GetLastHandledReconcileAt() string {
	return mg.Status.GetLastHandledReconcileAt()
}

// SetLastHandledReconcileAt notes the reconcile request that was handled last.
func (mg *ProjectServiceAccount) SetLastHandledReconcileAt(token string) {
	mg.Status.SetLastHandledReconcileAt(token)
}
