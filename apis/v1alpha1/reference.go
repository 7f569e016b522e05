// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A Reference is a field that holds the ID of what another object manages, and the
// two fields beside it that can name that object.
//
// +kubebuilder:object:generate=false
type Reference struct {
	// Field below spec.forProvider that holds the ID, such as projectID. The others are
	// called after it: projectIDRef and projectIDSelector.
	Field string

	// ID, Ref and Selector are the fields. Selector may be nil, the others may point to
	// nil.
	ID       **string
	Ref      **xpv2.NamespacedReference
	Selector *NamespacedSelector

	// Observed is the ID as of the last observation; empty: there was none. It is what
	// the object goes on with when its manifest was written anew.
	Observed string

	// Kind of the object that is referred to, with an empty object and an empty list.
	Kind string
	To   client.Object
	List client.ObjectList

	// Follow reports whether the ID changes with the object's: what refers to a service
	// account goes on with the one that was made anew. Otherwise the difference is
	// reported, since what was made in one project cannot move to another.
	Follow bool
}
