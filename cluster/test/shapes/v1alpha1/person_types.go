// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// PersonParameters are the desired state of a person.
//
// +kubebuilder:validation:XValidation:rule="has(self.userID) != has(self.email)",message="say which person: set one of userID and email"
type PersonParameters struct {
	v1alpha1.OrganizationScoped `json:",inline"`

	// UserID is the ID of the person. Default: that of who has the email. Example: user-abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	UserID *string `json:"userID,omitempty"`

	// Email is the e-mail address that the person is known by. Default: userID says who it is.
	// Example: ada@example.com.
	// +optional
	// +kubebuilder:validation:MinLength=3
	// +kubebuilder:validation:MaxLength=320
	Email *string `json:"email,omitempty"`

	// Role of the person in the organization. Default: as it is. Example: reader.
	// +optional
	// +kubebuilder:validation:Enum=owner;reader
	Role *string `json:"role,omitempty"`
}

// PersonObservation is the state of a person that OpenAI reports.
type PersonObservation struct {
	// ID of the person. Example: user-abc123.
	ID string `json:"id,omitempty"`

	// Email is the e-mail address of the person.
	Email string `json:"email,omitempty"`

	// Role of the person in the organization.
	Role string `json:"role,omitempty"`

	// FoundBy is the forProvider.email that the person was found by, who may have another one
	// since.
	FoundBy string `json:"foundBy,omitempty"`
}

// +openai:kind=Person
// +openai:kind:plural=people
// +openai:kind:friendly=Person
// +openai:kind:column=EMAIL,.status.atProvider.email
// +openai:kind:terraform=-: it is for tests
//
// A Person is a thing that users know by another name than its ID, by which it is looked up.
