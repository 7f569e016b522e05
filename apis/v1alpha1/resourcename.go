// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ResourceName is the name of a resource that OpenAI knows by an ID. A kind whose names have other
// rules declares a field of its own.
type ResourceName struct {
	// Name at OpenAI, as it appears in reports. Default: metadata.name when the resource is
	// created; an existing resource keeps its name. Example: checkout.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="self == self.trim()",message="name must not begin or end with a blank: remove the blanks"
	Name *string `json:"name,omitempty"`
}
