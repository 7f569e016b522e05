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

// annotationAllow of a managed resource lists, with commas in between, the namespaces whose
// objects may refer to it, or is * for all. Those of its own namespace always may.
const annotationAllow = "openai.crossplane.io/allow-references-from"

// allows reports whether an object lets those of a namespace refer to it.
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

// A ConsentError says that an object names something that is managed in another namespace
// by an object that does not let it.
type ConsentError struct {
	// What is named, as the user named it.
	What string
	// Namespace of the object that names it.
	Namespace string
}

// Error names the remedy.
func (e *ConsentError) Error() string {
	return fmt.Sprintf("%s is managed in another namespace by an object that allows no references from namespace %q: ask its owner to set the annotation %s: %s on it", e.What, e.Namespace, annotationAllow, e.Namespace)
}

// TerminalIfLasting reports that only users can end this.
func (e *ConsentError) TerminalIfLasting() bool { return true }

// CheckReference fails with a *ConsentError if something of a kind is managed in another namespace
// whose object does not let this one refer to it. What is how the user named it, since an
// ID that the user does not know must not be told.
func (c *Ownership) CheckReference(ctx context.Context, from client.Object, kind, id, what string) error {
	by, err := c.authorities(ctx, claim{kind: kind, id: id})
	if err != nil {
		return err
	}
	if slices.ContainsFunc(by, func(o Object) bool { return !allows(o, from.GetNamespace()) }) {
		return &ConsentError{What: what, Namespace: from.GetNamespace()}
	}
	return nil
}

// authorities are those whose consent counts: the object that claimed something, else the
// one that created it, else all whose status says that they manage it.
func (c *Ownership) authorities(ctx context.Context, of claim) ([]Object, error) {
	holder, err := c.holder(ctx, of)
	if err != nil {
		return nil, err
	}
	if holder != nil {
		return []Object{holder}, nil
	}
	managers, err := c.managers(ctx, of)
	if i := slices.IndexFunc(managers, func(o Object) bool { return isCreator(o, of.id) }); i >= 0 {
		return managers[i : i+1], nil
	}
	return managers, err
}

// CheckProject fails if a project is managed in another namespace whose object does not let
// this one refer to it. It is for provider configurations.
func (c *Ownership) CheckProject(ctx context.Context, from resource.ModernManaged, id string) error {
	return c.CheckReference(ctx, from, "Project", id, fmt.Sprintf("project %q", id))
}

// IsManagedElsewhere reports whether something of a kind is managed in another namespace, whose
// object may let this one refer to it.
func (c *Ownership) IsManagedElsewhere(ctx context.Context, from client.Object, kind, id string) (bool, error) {
	by, err := c.authorities(ctx, claim{kind: kind, id: id})
	return slices.ContainsFunc(by, func(o Object) bool { return o.GetNamespace() != from.GetNamespace() }), err
}
