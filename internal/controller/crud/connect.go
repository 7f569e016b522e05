// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// An Opener connects a managed resource to OpenAI with its provider configuration.
type Opener interface {
	Connect(ctx context.Context, mg resource.ModernManaged, organizationID *string) (*connect.Access, error)
}

// ownership is what crud uses of reconciler.Ownership.
type ownership interface {
	SetManager(ctx context.Context, kind string, mg reconciler.Object, id string) error
	CheckManager(ctx context.Context, kind string, mg reconciler.Object, id, description string) error
}

// A connector makes the external clients of one kind.
type connector[M reconciler.Object, O any] struct {
	kind      Kind[M, O]
	name      string // of the kind, such as Project
	openai    Opener
	since     reconciler.FreshSince
	ownership ownership
	recovery  *recovery
	unapplied *unappliedChanges

	// write the metadata of an object.
	write func(ctx context.Context, mg resource.Managed) error
}

// nothingToDeleteClient is the client of a managed resource that is being deleted and has nothing
// to delete at OpenAI. It needs no connection, so that a broken configuration does not keep the
// object.
//
// It emits an event if that leaves something as it is.
func nothingToDeleteClient[M reconciler.Object](name string) managed.TypedExternalClient[M] {
	return managed.TypedExternalClientFns[M]{
		ObserveFn: func(ctx context.Context, cr M) (managed.ExternalObservation, error) {
			if len(cr.OwnershipStatus().ManagedIDs) > 0 {
				reconciler.EmitOrphaned(ctx, cr, fmt.Sprintf("the %s %q is left at OpenAI as it is, because OpenAI has no call to delete it", name, meta.GetExternalName(cr)))
			}
			return managed.ExternalObservation{}, nil
		},
		DisconnectFn: func(context.Context) error { return nil },
	}
}

// Connect checks, before any call, that the provider configuration allows the resource.
func (c connector[M, O]) Connect(ctx context.Context, cr M) (managed.TypedExternalClient[M], error) {
	if meta.WasDeleted(cr) && c.kind.Delete == nil {
		c.unapplied.forget(cr.GetUID())
		return nothingToDeleteClient[M](c.name), nil
	}
	access, err := c.openai.Connect(ctx, cr, cr.SpecOrganizationID())
	if err != nil {
		return nil, err
	}
	conn, err := c.kind.Scope.connect(ctx, access, cr)
	if err != nil {
		return nil, err
	}
	if c.kind.Bind != nil {
		if c.kind, err = c.kind.Bind(ctx, conn, cr, c.since(cr)); err != nil {
			return nil, err
		}
	}
	e := &external[M, O]{connector: c, conn: conn, parent: conn.Project, freshAsOf: c.since(cr)}
	if c.kind.Parent != nil {
		e.parent = c.kind.Parent(conn, cr)
	}
	return e, nil
}
