// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
)

// Connector turns the connector of a kind into one of any managed resource.
func Connector[M resource.Managed](c managed.TypedExternalConnector[M]) managed.ExternalConnector {
	return managed.ExternalConnectorFn(func(ctx context.Context, mg resource.Managed) (managed.ExternalClient, error) {
		cr, ok := mg.(M)
		if !ok {
			return nil, fmt.Errorf("%T is not of the kind that is reconciled", mg)
		}
		e, err := c.Connect(ctx, cr)
		if err != nil {
			return nil, err
		}
		return typed[M]{e}, nil
	})
}

// typed turns the external client of a kind into one of any managed resource.
type typed[M resource.Managed] struct {
	of managed.TypedExternalClient[M]
}

func (t typed[M]) Observe(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
	return t.of.Observe(ctx, mg.(M)) //nolint:forcetypeassert // Connect made sure.
}

func (t typed[M]) Create(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
	return t.of.Create(ctx, mg.(M)) //nolint:forcetypeassert // As above.
}

func (t typed[M]) Update(ctx context.Context, mg resource.Managed) (managed.ExternalUpdate, error) {
	return t.of.Update(ctx, mg.(M)) //nolint:forcetypeassert // As above.
}

func (t typed[M]) Delete(ctx context.Context, mg resource.Managed) (managed.ExternalDelete, error) {
	return t.of.Delete(ctx, mg.(M)) //nolint:forcetypeassert // As above.
}

func (t typed[M]) Disconnect(ctx context.Context) error { return t.of.Disconnect(ctx) }

// withManagedID is implemented by external clients of kinds whose external name is not all of the ID.
type withManagedID interface {
	// ManagedID is the ID of what was observed or created; empty: it is the external name.
	ManagedID() string
}

// withListedBefore is implemented by external clients of kinds whose resources have no creation time.
type withListedBefore interface {
	// ListedBefore are the resources that exist right before one is created; empty: they were
	// not listed.
	ListedBefore() string
}

// ManagedID implements withManagedID.
func (t typed[M]) ManagedID() string {
	if c, ok := t.of.(withManagedID); ok {
		return c.ManagedID()
	}
	return ""
}

// ListedBefore implements withListedBefore.
func (t typed[M]) ListedBefore() string {
	if c, ok := t.of.(withListedBefore); ok {
		return c.ListedBefore()
	}
	return ""
}
