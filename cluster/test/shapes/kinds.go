// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import "github.com/crossplane-contrib/provider-openai/internal/controller"

// Kinds of the shapes that the kinds of the provider do not have.
var Kinds = []controller.Kind{
	group, groupUser, userRole, person,
}
