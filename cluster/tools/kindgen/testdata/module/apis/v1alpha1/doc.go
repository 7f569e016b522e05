// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package v1alpha1 is an API.
//
// +groupName=example.com
package v1alpha1
