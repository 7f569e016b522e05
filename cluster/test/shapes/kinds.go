// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import "github.com/crossplane-contrib/provider-openai/internal/controller"

// Kinds of every shape.
var Kinds = []controller.Kind{
	spendLimit, dataRetention, rateLimit, spendAlert, group, groupUser, userRole, person, identityProvider, federationRule,
}
