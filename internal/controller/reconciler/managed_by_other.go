// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
)

// A ManagedByOtherError says that another object manages the resource that an object names.
type ManagedByOtherError struct {
	// ID of the resource.
	ID string
	// By is the other object, by name only if both are in one namespace.
	By string
	// Has is the ID that the object had before; empty: none.
	Has string
	// Observable reports that the object may observe the resource.
	Observable bool
	// FromSpec reports that the spec names the resource, and not the external name. The message
	// leaves the ID out then, as it may have been looked up.
	FromSpec bool
}

// managedByOther is the error for an object that names what another one manages.
func (idx *Ownership) managedByOther(by, mg Object, ext externalID) *ManagedByOtherError {
	kind, _ := idx.kindOf(ext.kind)
	e := &ManagedByOtherError{ID: ext.id, By: "another object", Observable: allows(by, mg.GetNamespace()), FromSpec: kind.idFromSpec}
	if by.GetNamespace() == mg.GetNamespace() {
		e.By += fmt.Sprintf(", %q", by.GetName())
	}
	if has := mg.OwnershipStatus().ManagedIDs; len(has) > 0 && has[0] != ext.id {
		e.Has = has[0]
	}
	return e
}

// Error names the remedy.
func (e *ManagedByOtherError) Error() string {
	if e.FromSpec {
		return fmt.Sprintf("what the spec names is managed by %s: name something else in a new object, or delete the other object first", e.By)
	}
	remedy := "create this object anew without the annotation " + meta.AnnotationKeyExternalName
	if e.Observable {
		remedy += ", set managementPolicies: [Observe] to only watch it,"
	}
	if e.Has != "" {
		remedy = fmt.Sprintf("set the annotation %s back to %q,", meta.AnnotationKeyExternalName, e.Has)
	}
	return fmt.Sprintf("%q is managed by %s: %s or delete the other object first", e.ID, e.By, remedy)
}

// TerminalIfLasting reports that only the user can end this, unless the other object is being
// deleted.
func (e *ManagedByOtherError) TerminalIfLasting() bool { return true }
