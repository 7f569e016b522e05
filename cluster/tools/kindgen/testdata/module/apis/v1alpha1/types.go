// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// +openai:kind=Project
// +openai:kind:project=id
// +openai:kind:column=SIZE,.spec.forProvider.size
// +openai:kind:column=ENDS,.status.atProvider.endsAt
// +openai:kind:terraform=example_project
//
// A Project is made of things. It ends.
//
// It has two paragraphs.

// ProjectParameters need nothing.
//
// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="it cannot be changed"
type ProjectParameters struct {
	// +optional
	Size Size `json:"size"`

	OrganizationID *string `json:"organizationID,omitempty"`
}

// A Size is a number.
type Size int32

// ProjectObservation has an ID.
type ProjectObservation struct {
	ID          string       `json:"id,omitempty"`
	EndsAt      *metav1.Time `json:"endsAt,omitempty"`
	CreatedHere bool         `json:"createdHere,omitempty"`
}

// ProjectScoped is what others embed.
type ProjectScoped struct {
	// +openai:reference=Project
	ProjectID         *string                   `json:"projectID,omitempty"`
	ProjectIDRef      *xpv2.NamespacedReference `json:"projectIDRef,omitempty"`
	ProjectIDSelector *NamespacedSelector       `json:"projectIDSelector,omitempty"`
}

// AccessPolicyParameters need nothing, but the spec that is written by hand does.
type AccessPolicyParameters struct {
	ProjectScoped `json:",inline"`

	// +openai:reference=Project,follow
	SourceID         *string                   `json:"sourceID,omitempty"`
	SourceIDRef      *xpv2.NamespacedReference `json:"sourceIDRef,omitempty"`
	SourceIDSelector *NamespacedSelector       `json:"sourceIDSelector,omitempty"`
}

// AccessPolicyObservation has no ID.
type AccessPolicyObservation struct {
	ProjectID string `json:"projectID,omitempty"`
	SourceID  string `json:"sourceID,omitempty"`
}

// AccessPolicySpec is written by hand.
type AccessPolicySpec struct {
	ForProvider AccessPolicyParameters `json:"forProvider"`
}

// ObservedID is written by hand.
func (mg *AccessPolicy) ObservedID() string { return "always" }

// +openai:kind=AccessPolicy
// +openai:kind:plural=accesspolicies
// +openai:kind:controller=accesspolicy
// +openai:kind:terraform=-: nobody thought of it
// +kubebuilder:metadata:labels="passed=through"
//
// An AccessPolicy is a policy.
