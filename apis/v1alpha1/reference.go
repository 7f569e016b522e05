// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A Reference is a field for the ID of what another object manages, with the two fields
// beside it that can name or select that object.
//
// +kubebuilder:object:generate=false
type Reference struct {
	// Field below spec.forProvider that holds the ID, such as projectID. The others are
	// named after it: projectIDRef and projectIDSelector.
	Field string

	// ID, Ref and Selector are the fields. Selector may be nil, and the others may point to
	// nil.
	ID       **string
	Ref      **xpv2.NamespacedReference
	Selector *NamespacedSelector

	// Observed is the ID at the last observation; empty: there was none. The object keeps
	// it when its manifest is applied again without the ID.
	Observed string

	// Kind of the object that is referred to, with an empty object and an empty list of it.
	Kind string
	To   client.Object
	List client.ObjectList

	// Follow reports whether the ID changes when the other object gets another one: a
	// reference to a service account follows its replacement. Otherwise the change is an
	// error, because a resource cannot move to another project.
	Follow bool
}
