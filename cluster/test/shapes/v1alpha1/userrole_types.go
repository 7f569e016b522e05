// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// +openai:kind=UserRole
// +openai:kind:friendly=User role
// +openai:kind:terraform=-: it is for tests
//
// A UserRole is an assignment that a user can also have inherited, and that then stays when it is
// deleted.

// UserRoleParameters are the desired state of the role of a user.
type UserRoleParameters struct {
	v1alpha1.ProjectScoped `json:",inline"`

	// UserID is the user that has the role. It cannot be changed. Example: user-abc123.
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="userID cannot be changed: create another UserRole"
	UserID string `json:"userID"`

	// RoleID is the role that the user has. It cannot be changed. Example: role_abc123.
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="roleID cannot be changed: create another UserRole"
	RoleID string `json:"roleID"`
}

// UserRoleObservation is the state of the role of a user that OpenAI reports.
type UserRoleObservation struct {
	// UserID is the user that has the role.
	UserID string `json:"userID,omitempty"`

	// RoleID is the role that the user has.
	RoleID string `json:"roleID,omitempty"`

	// Name of the role.
	Name string `json:"name,omitempty"`

	// Sources are what the user has the role from.
	Sources []string `json:"sources,omitempty"`

	// ProjectID is the project of the role.
	ProjectID string `json:"projectID,omitempty"`
}
