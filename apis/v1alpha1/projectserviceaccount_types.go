// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// +openai:kind=ProjectServiceAccount
// +openai:kind:column=ROLE,.status.atProvider.role
// +openai:kind:terraform=openai_project_service_account
//
// A ProjectServiceAccount is an OpenAI service account: the bot user of a project
// that owns API keys. It is created without a key of its own: give it keys with
// ProjectAPIKey.

// ProjectServiceAccountParameters are the desired state of a service account.
type ProjectServiceAccountParameters struct {
	ProjectScoped `json:",inline"`
	ResourceName  `json:",inline"`

	// Role of the service account in the project: member, which may use the API, or owner,
	// which may also manage the project. Default: member when the account is created; an
	// existing account keeps its role. Example: owner.
	// +optional
	// +kubebuilder:validation:Enum=member;owner
	Role string `json:"role,omitempty"`
}

// ProjectServiceAccountObservation is the state of a service account as OpenAI reports it.
type ProjectServiceAccountObservation struct {
	// ID of the service account. Example: user-abc123.
	ID string `json:"id,omitempty"`

	// Name of the service account. Example: checkout-backend.
	Name string `json:"name,omitempty"`

	// Role of the service account in the project: owner, member or none. Example: member.
	Role string `json:"role,omitempty"`

	// ProjectID is the project of the service account. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`

	// CreatedAt is when the service account was created. Example: "2026-11-22T12:00:00Z".
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`

	// CreatedHere is true if this object created the service account. An account that it
	// did not create is not replaced when somebody deletes it. Example: true.
	CreatedHere bool `json:"createdHere,omitempty"`
}
