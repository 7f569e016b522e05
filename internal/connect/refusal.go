// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"errors"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// A RefusalError says that a managed resource may not do what it asks for, by its provider
// configuration or for want of consent, and manages nothing that it may end in spite of that.
type RefusalError struct{ err error }

// Error says who refuses what.
func (e *RefusalError) Error() string { return e.err.Error() }

// Unwrap returns the refusal.
func (e *RefusalError) Unwrap() error { return e.err }

// IsRefusal reports whether an error is such a refusal, and not that something is wrong with a
// configuration.
func IsRefusal(err error) bool {
	var e *RefusalError
	return errors.As(err, &e)
}

// asRefusal marks an error that may be nil, if it is a refusal and not that something cannot be
// told for now.
func asRefusal(err error) error {
	if !terminal.MayBe(err) {
		return err
	}
	return &RefusalError{err}
}

// refuse what a managed resource asks for, because of an error that may be nil. It returns
// the error, unless the managed resource has something that it may end in spite of it.
func (a *Access) refuse(err error) error {
	if !terminal.MayBe(err) || len(managedIDs(a.mg)) == 0 {
		return asRefusal(err)
	}
	if a.refused == nil {
		a.refused = err
	}
	return nil
}

// keepToManaged makes sure that a managed resource which is refused means by its external
// name what it manages, and reports whether it does. One that is going goes back to that,
// whatever else it was pointed at.
func (a *Access) keepToManaged() bool {
	ids, name := managedIDs(a.mg), meta.GetExternalName(a.mg)
	switch {
	case len(ids) == 0:
		return false
	case slices.ContainsFunc(ids, func(id string) bool { return id == name || (name != "" && strings.HasSuffix(id, "/"+name)) }):
		return true
	case name != "" && !meta.WasDeleted(a.mg):
		return false
	}
	has := ids[0]
	if strings.Contains(has, "/") {
		// It follows from the spec, and its kind compares.
		return true
	}
	if o, ok := a.mg.(interface{ ObservedID() string }); ok && slices.Contains(ids, o.ObservedID()) {
		has = o.ObservedID()
	}
	meta.SetExternalName(a.mg, has)
	return true
}

func managedIDs(mg resource.Managed) []string {
	if o, ok := mg.(interface{ OwnershipStatus() *v1alpha1.Ownership }); ok {
		return o.OwnershipStatus().ManagedIDs
	}
	return nil
}

// observedProjectID is the project of what a managed resource was last seen with; empty:
// none.
func observedProjectID(mg resource.Managed) string {
	if o, ok := mg.(interface{ ObservedProjectID() string }); ok {
		return o.ObservedProjectID()
	}
	return ""
}
