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

// A NotAllowedError is returned for a managed resource that may not use what it names, because of its
// provider configuration or a ProjectCheck, and that manages nothing at OpenAI yet. One that does may
// still delete that, and is given no such error.
type NotAllowedError struct{ err error }

// Error is that of the refusal.
func (e *NotAllowedError) Error() string { return e.err.Error() }

// Unwrap returns the refusal.
func (e *NotAllowedError) Unwrap() error { return e.err }

// IsNotAllowed reports whether an error is a NotAllowedError, and not a failure to read a configuration.
func IsNotAllowed(err error) bool {
	var e *NotAllowedError
	return errors.As(err, &e)
}

// toNotAllowed wraps an error in a NotAllowedError, unless it is nil or a failure to find something out for now.
func toNotAllowed(err error) error {
	if !terminal.MayBe(err) {
		return err
	}
	return &NotAllowedError{err}
}

// disallow a managed resource because of err. It returns the error, unless the resource manages something:
// then it may still delete that, so that the error is only remembered.
func (a *Access) disallow(err error) error {
	if !terminal.MayBe(err) || len(managedIDs(a.mg)) == 0 {
		return toNotAllowed(err)
	}
	if a.notAllowed == nil {
		a.notAllowed = err
	}
	return nil
}

// restrictToManaged makes sure that the external name of a managed resource that may only delete is that of
// what it manages, and reports whether it is. If the resource is being deleted, its external name is set back
// to that.
func (a *Access) restrictToManaged() bool {
	ids, name := managedIDs(a.mg), meta.GetExternalName(a.mg)
	switch {
	case len(ids) == 0:
		return false
	case slices.ContainsFunc(ids, func(id string) bool { return id == name || (name != "" && strings.HasSuffix(id, "/"+name)) }):
		return true
	case name != "" && !meta.WasDeleted(a.mg):
		return false
	}
	id := ids[0]
	if strings.Contains(id, "/") {
		// A composite name follows from the spec, and the kind compares them.
		return true
	}
	if o, ok := a.mg.(interface{ ObservedID() string }); ok && slices.Contains(ids, o.ObservedID()) {
		id = o.ObservedID()
	}
	meta.SetExternalName(a.mg, id)
	return true
}

// managedIDs returns the IDs that the status of a managed resource records as managed.
func managedIDs(mg resource.Managed) []string {
	if o, ok := mg.(interface{ OwnershipStatus() *v1alpha1.Ownership }); ok {
		return o.OwnershipStatus().ManagedIDs
	}
	return nil
}

// observedProjectID returns the ID of the project in which a managed resource was last observed; empty: in
// none.
func observedProjectID(mg resource.Managed) string {
	if o, ok := mg.(interface{ ObservedProjectID() string }); ok {
		return o.ObservedProjectID()
	}
	return ""
}
