// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
)

// Allows reports whether an object's management policies allow any of the actions. No policies are
// all of them.
func Allows(mg resource.Managed, actions ...xpv2.ManagementAction) bool {
	policies := mg.GetManagementPolicies()
	return len(policies) == 0 || slices.Contains(policies, xpv2.ManagementActionAll) ||
		slices.ContainsFunc(actions, func(a xpv2.ManagementAction) bool { return slices.Contains(policies, a) })
}

// IsReadOnly reports whether an object's management policies allow no change at OpenAI: neither to
// create, nor to update, nor to delete.
func IsReadOnly(mg resource.Managed) bool {
	return !Allows(mg, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate, xpv2.ManagementActionDelete)
}
