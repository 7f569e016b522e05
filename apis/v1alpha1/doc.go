// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package v1alpha1 is the Kubernetes API of provider-openai: the provider's
// configuration and kinds for resources of the OpenAI Administration API.
//
// +kubebuilder:object:generate=true
// +groupName=openai.crossplane.io
// +versionName=v1alpha1
package v1alpha1
