// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A state of objects, what the tools make of it, and how it comes about.
type state struct {
	// name in the table, and in the documentation beside it.
	name string
	// reason why the answers are right.
	reason string
	// want is a row of the table. A cell such as "Healthy* (Progressing)" has an answer
	// that is wrong for every Crossplane provider, and in brackets the right one.
	want answers
	// cause brings objects into the state, and awaits that they are in it.
	cause func(tn *tenant) []client.Object
	// later happens when the provider does not run any more. It may be nil.
	later func(tn *tenant, objects []client.Object)
	// beforeProvider tells that the provider does not run yet.
	beforeProvider bool
	// ignoresRequests tells that the provider takes no notice of the wish to look again.
	ignoresRequests bool
}

// Rows that several states have. The first two columns are for tools that look at
// generations and at kstatus's conditions, the others for a check that knows only what
// all Crossplane providers have: Synced and Ready, whichever comes first in the list.
var (
	working    = answers{"met", "Current", "Healthy", "Healthy"}
	onItsWay   = answers{"not met", "InProgress", "Progressing", "Progressing"}
	erring     = answers{"not met", "InProgress", "Degraded", "Degraded"}
	stuck      = answers{"not met", "Failed", "Degraded", "Degraded"}
	overlooked = answers{"not met", "InProgress", "Healthy* (Progressing)", "Healthy* (Progressing)"}
)

// states in the order of the table, which is why they are no map.
func states() []state {
	var all []state
	for _, some := range [][]state{newObjects, readyObjects, changedObjects, unusableObjects, deletedObjects, configurations} {
		all = append(all, some...)
	}
	return all
}
