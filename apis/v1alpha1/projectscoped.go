// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
)

// ProjectScoped says which project, of which organization, a resource belongs to. Every
// project-level kind embeds it.
//
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.projectID) || (has(self.projectID) ? self.projectID == oldSelf.projectID : has(self.projectIDRef) || has(self.projectIDSelector))",message="projectID cannot be changed once set: create another object for the other project"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.projectID) || !has(oldSelf.projectIDRef) || !has(self.projectIDRef) || (self.projectIDRef.name == oldSelf.projectIDRef.name && has(self.projectIDRef.__namespace__) == has(oldSelf.projectIDRef.__namespace__) && (!has(self.projectIDRef.__namespace__) || self.projectIDRef.__namespace__ == oldSelf.projectIDRef.__namespace__))",message="projectIDRef cannot be changed once it has led to a projectID: create another object for the other project"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.projectID) || !has(oldSelf.projectIDSelector) || !has(self.projectIDSelector) || (has(self.projectIDSelector.__namespace__) == has(oldSelf.projectIDSelector.__namespace__) && (!has(self.projectIDSelector.__namespace__) || self.projectIDSelector.__namespace__ == oldSelf.projectIDSelector.__namespace__) && has(self.projectIDSelector.matchControllerRef) == has(oldSelf.projectIDSelector.matchControllerRef) && (!has(self.projectIDSelector.matchControllerRef) || self.projectIDSelector.matchControllerRef == oldSelf.projectIDSelector.matchControllerRef) && has(self.projectIDSelector.matchLabels) == has(oldSelf.projectIDSelector.matchLabels) && (!has(self.projectIDSelector.matchLabels) || self.projectIDSelector.matchLabels == oldSelf.projectIDSelector.matchLabels))",message="projectIDSelector cannot be changed once it has led to a projectID: create another object for the other project"
type ProjectScoped struct {
	// OrganizationID is the organization of the project. Default: the one of the provider
	// configuration. Example: org-abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	OrganizationID *string `json:"organizationID,omitempty"`

	// ProjectID is the project that this belongs to. Default: the provider configuration's
	// defaultProjectID. It cannot be changed once set. If it is left out again, as when the
	// original manifest is applied anew, it is taken from the reference or selector as
	// before. Example: proj_abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	// +openai:reference=Project
	ProjectID *string `json:"projectID,omitempty"`

	// ProjectIDRef names the Project that projectID is taken from. A Project of another
	// namespace has to allow that with the annotation
	// openai.crossplane.io/allow-references-from. It cannot name another Project once
	// projectID is set. Default: none. Example: {name: checkout}.
	// +optional
	// +kubebuilder:validation:XValidation:rule="self.name.size() <= 253",message="projectIDRef.name has more than 253 characters, which no object's name has: correct it to the name of a Project",fieldPath=".name"
	// +kubebuilder:validation:XValidation:rule="!has(self.__namespace__) || self.__namespace__.size() <= 63",message="projectIDRef.namespace has more than 63 characters, which no namespace's name has: correct it, or leave it out for the object's own namespace",fieldPath=".namespace"
	ProjectIDRef *xpv2.NamespacedReference `json:"projectIDRef,omitempty"`

	// ProjectIDSelector selects, by label or by common controller, the one Project that
	// projectID is taken from. It cannot be changed once projectID is set. Default: none.
	// Example: {matchLabels: {team: checkout}}.
	// +optional
	ProjectIDSelector *NamespacedSelector `json:"projectIDSelector,omitempty"`
}
