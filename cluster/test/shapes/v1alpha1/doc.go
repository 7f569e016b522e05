// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package v1alpha1 has one kind for each shape of the resources of the OpenAI Administration API,
// for tests of what all kinds have in common.
//
// +kubebuilder:object:generate=true
// +groupName=shapes.openai.crossplane.io
// +versionName=v1alpha1
package v1alpha1
