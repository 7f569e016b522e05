// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// An Object is a managed resource of any kind. What keeps tenants apart works on it, so that every
// kind has it.
type Object interface {
	resource.ModernManaged

	// ManagedStatus is the part of the status that crossplane-runtime writes.
	ManagedStatus() *xpv2.ManagedResourceStatus
	// OwnershipStatus is what the object manages. Only the provider writes it.
	OwnershipStatus() *v1alpha1.Ownership
	// ObservedID is the ID at OpenAI of the resource that was observed last; empty: none was.
	ObservedID() string
	// ObservedProjectID is the project of the resource that was observed last, if it has one.
	ObservedProjectID() string
	// References to other objects, with the IDs that may stand in their place.
	References() []v1alpha1.Reference
	// SpecOrganizationID is the organization that the object asks for instead of its
	// configuration's; nil: it asks for none.
	SpecOrganizationID() *string
	// SpecProjectID is the project that the object names; nil: none.
	SpecProjectID() *string
}
