// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// A KindInfo says of a kind of managed resource what documents and tools need.
//
// +kubebuilder:object:generate=false
type KindInfo struct {
	// Kind as manifests have it, and Plural as kubectl and CustomResourceDefinitions have it.
	Kind, Plural string

	// FriendlyName is the name that user interfaces show.
	FriendlyName string

	// Terraform is what the Terraform providers for OpenAI call the same; empty if none
	// has it, for the reason NoTerraform.
	Terraform, NoTerraform string

	// Summary is one sentence on what it is.
	Summary string
}
