// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// Named gives a name to what OpenAI knows by an ID. Kinds whose name has other rules declare a
// field of their own.
type Named struct {
	// Name of it at OpenAI, as it appears in reports. Default: metadata.name when it is created;
	// what exists keeps its name unless one is given. Example: checkout.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	// +kubebuilder:validation:XValidation:rule="self == self.trim()",message="name must not begin or end with a blank: remove the blanks"
	Name *string `json:"name,omitempty"`
}
