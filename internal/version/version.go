// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package version has the version of the provider.
package version

// Version of the provider, such as v0.1.0. Builds set it with the linker.
var Version = "v0.0.0-dev"
