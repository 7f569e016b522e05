// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Withdraw says that a reconcile must create and change nothing, and why. It reports
// whether anybody heeds that: the context has to have a Pace.
func Withdraw(ctx context.Context, why error) bool {
	p := paceOf(ctx)
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.withdrawn == nil {
		p.withdrawn = fmt.Errorf("%w; meanwhile nothing is created or changed for this object, and what it manages is ended if it is deleted", why)
	}
	return true
}

// Withdrawn is why a reconcile must create and change nothing; nil: it may.
func Withdrawn(ctx context.Context) error {
	p := paceOf(ctx)
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.withdrawn
}

// refuse what a managed resource asks for, because of an error that may be nil. It returns
// the error, unless the managed resource has something that it may end in spite of it.
func (a *Access) refuse(err error) error {
	if err == nil || !terminal.MayBe(err) || len(managedIDs(a.mg)) == 0 {
		return err
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
