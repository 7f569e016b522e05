// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A state of objects, how to cause it, and how the tools must interpret it.
type state struct {
	// name in the table, and in the documentation beside it.
	name string
	// reason why the answers are right.
	reason string
	// want is a row of the table. A cell such as "Healthy* (Progressing)" has an answer that is
	// wrong for every Crossplane provider, and the right one in parentheses.
	want answers
	// cause brings objects into the state, and waits for it.
	cause func(tn *tenant) []client.Object
	// later runs after the provider was stopped. It may be nil.
	later func(tn *tenant, objects []client.Object)
	// beforeProvider reports that the provider is not started yet.
	beforeProvider bool
	// ignoresRequests reports that the provider ignores requests for a reconcile.
	ignoresRequests bool
}

// Rows that several states share. The first two columns are tools that evaluate generations and
// kstatus's conditions; the others are a check that knows only the conditions Synced and Ready of
// all Crossplane providers, whichever comes first in the list.
var (
	working    = answers{"met", "Current", "Healthy", "Healthy"}
	onItsWay   = answers{"not met", "InProgress", "Progressing", "Progressing"}
	erring     = answers{"not met", "InProgress", "Degraded", "Degraded"}
	stuck      = answers{"not met", "Failed", "Degraded", "Degraded"}
	overlooked = answers{"not met", "InProgress", "Healthy* (Progressing)", "Healthy* (Progressing)"}
)

// states in the order of the table.
func states() []state {
	var all []state
	for _, some := range [][]state{newObjects, readyObjects, changedObjects, unusableObjects, deletedObjects, configurations} {
		all = append(all, some...)
	}
	return all
}
