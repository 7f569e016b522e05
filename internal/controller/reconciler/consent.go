// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// annotationAllow of a managed resource lists, separated by commas, the namespaces whose objects may
// refer to it, or is * for all. Objects of its own namespace always may.
const annotationAllow = "openai.crossplane.io/allow-references-from"

// allows reports whether an object lets the objects of a namespace refer to it.
func allows(to client.Object, namespace string) bool {
	if to.GetNamespace() == namespace {
		return true
	}
	for allowed := range strings.SplitSeq(to.GetAnnotations()[annotationAllow], ",") {
		if allowed = strings.TrimSpace(allowed); allowed == "*" || allowed == namespace {
			return true
		}
	}
	return false
}

// A ConsentError says that an object refers to a resource that is managed in another namespace by an
// object that does not allow that.
type ConsentError struct {
	// Description of the resource, as the user named it.
	Description string
	// Namespace of the object that refers to it.
	Namespace string
}

// Error names the remedy.
func (e *ConsentError) Error() string {
	return fmt.Sprintf("%s is managed in another namespace by an object that allows no references from namespace %q: ask its owner to set the annotation %s: %s on it", e.Description, e.Namespace, annotationAllow, e.Namespace)
}

// TerminalIfLasting reports that only users can end this.
func (e *ConsentError) TerminalIfLasting() bool { return true }

// CheckReference fails with a *ConsentError if the resource with an ID is managed in another namespace
// by an object that does not let this one refer to it. Description is how the user named the
// resource: the error must not show an ID that the user does not know.
func (idx *Ownership) CheckReference(ctx context.Context, from client.Object, kind, id, description string) error {
	by, err := idx.managersOf(ctx, externalID{kind: kind, id: id})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(by, func(o Object) bool { return !allows(o, from.GetNamespace()) }) {
		return &ConsentError{Description: description, Namespace: from.GetNamespace()}
	}
	return nil
}

// managersOf are the objects whose consent counts: the one that took it over since this process
// began, else the one that created it, else all whose status says that they manage it.
func (idx *Ownership) managersOf(ctx context.Context, ext externalID) ([]Object, error) {
	owner, err := idx.managerOf(ctx, ext)
	if err != nil {
		return nil, err
	}
	if owner != nil {
		return []Object{owner}, nil
	}
	managers, err := idx.managersInStatus(ctx, ext)
	if i := slices.IndexFunc(managers, func(o Object) bool { return isCreator(o, ext.id) }); i >= 0 {
		return managers[i : i+1], nil
	}
	return managers, err
}

// CheckProject fails if a project is managed in another namespace by an object that does not let this
// one refer to it. It is for the project of a provider configuration.
func (idx *Ownership) CheckProject(ctx context.Context, from resource.ModernManaged, id string) error {
	return idx.CheckReference(ctx, from, "Project", id, fmt.Sprintf("project %q", id))
}

// IsManagedInOtherNamespace reports whether the resource with an ID is managed in another namespace, with or
// without consent to refer to it.
func (idx *Ownership) IsManagedInOtherNamespace(ctx context.Context, from client.Object, kind, id string) (bool, error) {
	by, err := idx.managersOf(ctx, externalID{kind: kind, id: id})
	return slices.ContainsFunc(by, func(o Object) bool { return o.GetNamespace() != from.GetNamespace() }), err
}
