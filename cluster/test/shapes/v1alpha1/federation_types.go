// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// +openai:kind=IdentityProvider
// +openai:kind:friendly=Identity provider
// +openai:kind:terraform=-: it is for tests
//
// An IdentityProvider is a thing of the organization with required fields, which others are made
// below.

// IdentityProviderParameters are the desired state of an identity provider.
type IdentityProviderParameters struct {
	v1alpha1.OrganizationScoped `json:",inline"`

	// Name of the identity provider. Default: metadata.name when it is created. Example: cluster.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Name *string `json:"name,omitempty"`

	// Issuer of the tokens. Example: https://issuer.example.com.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=2048
	Issuer string `json:"issuer"`

	// Audience of the tokens. Example: openai.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Audience string `json:"audience"`
}

// IdentityProviderObservation is the state of an identity provider that OpenAI reports.
type IdentityProviderObservation struct {
	// ID of the identity provider. Example: idp_abc123.
	ID string `json:"id,omitempty"`

	// Name of the identity provider.
	Name string `json:"name,omitempty"`

	// Issuer of the tokens.
	Issuer string `json:"issuer,omitempty"`

	// Audience of the tokens.
	Audience string `json:"audience,omitempty"`

	// CreatedAt is when the identity provider was created.
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`
}

// +openai:reference=IdentityProvider
//
// IdentityProviderID is the identity provider that this belongs to. It cannot be changed once set.
// Example: idp_abc123.

// +openai:kind=FederationRule
// +openai:kind:friendly=Federation rule
// +openai:kind:terraform=-: it is for tests
//
// A FederationRule is a child of a child: it is made below an identity provider, and belongs to a
// project.

// FederationRuleParameters are the desired state of a federation rule.
type FederationRuleParameters struct {
	v1alpha1.ProjectScoped `json:",inline"`
	IdentityProviderMember `json:",inline"`

	// ServiceAccountID is the service account that tokens are exchanged for. Example: user-abc123.
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	ServiceAccountID string `json:"serviceAccountID"`

	// Name of the rule. Default: metadata.name when it is created. Example: checkout.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	Name *string `json:"name,omitempty"`
}

// FederationRuleObservation is the state of a federation rule that OpenAI reports.
type FederationRuleObservation struct {
	// ID of the rule. Example: rule_abc123.
	ID string `json:"id,omitempty"`

	// Name of the rule.
	Name string `json:"name,omitempty"`

	// IdentityProviderID is the identity provider of the rule.
	IdentityProviderID string `json:"identityProviderID,omitempty"`

	// ServiceAccountID is the service account that tokens are exchanged for.
	ServiceAccountID string `json:"serviceAccountID,omitempty"`

	// ProjectID is the project of the rule.
	ProjectID string `json:"projectID,omitempty"`

	// CreatedAt is when the rule was created.
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`
}
