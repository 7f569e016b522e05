// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// +openai:kind=Group
// +openai:kind:friendly=Group
// +openai:kind:terraform=-: it is for tests
//
// A Group is a thing of the organization, which others are made below.

// GroupParameters are the desired state of a group.
type GroupParameters struct {
	v1alpha1.OrganizationScoped `json:",inline"`

	// Name of the group. Default: metadata.name when it is created. Example: checkout.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Name *string `json:"name,omitempty"`
}

// GroupObservation is the state of a group that OpenAI reports.
type GroupObservation struct {
	// ID of the group. Example: group_abc123.
	ID string `json:"id,omitempty"`

	// Name of the group.
	Name string `json:"name,omitempty"`

	// CreatedAt is when the group was created.
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`
}

// +openai:reference=Group
//
// GroupID is the group that this belongs to. It cannot be changed once set. Example:
// group_abc123.

// +openai:kind=GroupUser
// +openai:kind:friendly=Group user
// +openai:kind:column=USER,.status.atProvider.name
// +openai:kind:terraform=-: it is for tests
//
// A GroupUser is an assignment: it has no ID, but two that it is made of.

// GroupUserParameters are the desired state of a user in a group.
type GroupUserParameters struct {
	v1alpha1.OrganizationScoped `json:",inline"`
	GroupMember                 `json:",inline"`

	// UserID is the user that is in the group. It cannot be changed. Example: user-abc123.
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="userID cannot be changed: create another GroupUser"
	UserID string `json:"userID"`
}

// GroupUserObservation is the state of a user in a group that OpenAI reports.
type GroupUserObservation struct {
	// GroupID is the group that the user is in.
	GroupID string `json:"groupID,omitempty"`

	// UserID is the user that is in the group.
	UserID string `json:"userID,omitempty"`

	// Name of the user.
	Name string `json:"name,omitempty"`
}
