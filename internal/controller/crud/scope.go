// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A Scope says what the resources of a kind belong to. It makes the connection for their calls,
// so that no kind can forget to check what the provider configuration allows. Besides, every
// project that a spec names is checked, whatever the Scope.
type Scope[M reconciler.Object] struct {
	open func(ctx context.Context, a *connect.Access, cr M) (*adminapi.Connection, error)
}

// InProject is the Scope of resources of a project: the project in which the resource was
// observed, else the one that its spec names, else the default of the provider configuration. A
// resource stays in its project when the default or the spec changes.
func InProject[M reconciler.Object]() Scope[M] {
	return Scope[M]{open: func(ctx context.Context, a *connect.Access, cr M) (*adminapi.Connection, error) {
		if observed := cr.ObservedProjectID(); observed != "" {
			return a.InProject(ctx, &observed)
		}
		return a.InProject(ctx, cr.SpecProjectID())
	}}
}

// InOrganization is the Scope of resources of the organization.
func InOrganization[M reconciler.Object]() Scope[M] {
	return Scope[M]{open: func(ctx context.Context, a *connect.Access, _ M) (*adminapi.Connection, error) {
		return a.InOrganization(ctx)
	}}
}

// OfProject is the Scope of projects themselves, whose IDs are in their external names.
func OfProject[M reconciler.Object]() Scope[M] {
	return Scope[M]{open: func(ctx context.Context, a *connect.Access, cr M) (*adminapi.Connection, error) {
		return a.OfProject(ctx, meta.GetExternalName(cr))
	}}
}

// check fails for a kind without a Scope.
func (s Scope[M]) check() error {
	if s.open == nil {
		return fmt.Errorf("the kind of %T does not say what its resources belong to: set its Scope", *new(M))
	}
	return nil
}

func (s Scope[M]) connect(ctx context.Context, a *connect.Access, cr M) (*adminapi.Connection, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	return s.open(ctx, a, cr)
}
