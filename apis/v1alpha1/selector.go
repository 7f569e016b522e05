// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
)

// A NamespacedSelector selects an object that is referred to. It is Crossplane's, with
// a limit without which the API server could not compare selectors.
type NamespacedSelector struct {
	// MatchLabels selects objects that have all of these labels. Default: whatever their
	// labels. Example: {team: checkout}.
	// +optional
	// +kubebuilder:validation:MaxProperties=16
	MatchLabels map[string]string `json:"matchLabels,omitempty"`

	// MatchControllerRef selects objects that have the same controller as this one, such
	// as the same composite resource. Default: false. Example: true.
	// +optional
	MatchControllerRef *bool `json:"matchControllerRef,omitempty"`

	// Policy of the selection: whether it may be left unresolved. Default: it may not.
	// Example: {resolution: Optional}.
	// +optional
	Policy *xpv2.Policy `json:"policy,omitempty"`

	// Namespace to select in. Default: the object's own. Example: platform.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace,omitempty"`
}
