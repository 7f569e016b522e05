// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// A KindInfo describes a kind of managed resource to programs and documentation.
//
// +kubebuilder:object:generate=false
type KindInfo struct {
	// Kind as in manifests, and Plural as in kubectl and CustomResourceDefinitions.
	Kind, Plural string

	// FriendlyName is the name that user interfaces show.
	FriendlyName string

	// Terraform is the name of the resource in Terraform providers for OpenAI; if it is
	// empty, NoTerraform says why there is none.
	Terraform, NoTerraform string

	// Summary says in one sentence what it is.
	Summary string
}
