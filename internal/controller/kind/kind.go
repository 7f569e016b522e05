// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package kind is the external client of every kind whose life is a plain
// create, read, update and delete. A kind is a struct of functions.
package kind

import (
	"context"
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// A Kind maps one managed resource to its Administration API calls. A nil
// function means that the API has no such call, unless its comment says
// otherwise. M is the managed resource and O what the SDK gets for it.
type Kind[M setup.Object, O any] struct {
	// Object is an empty managed resource of this kind, and List an empty list.
	Object M
	List   resource.ManagedList

	// Organization that the resource asks for instead of its configuration's.
	Organization func(cr M) *string

	// Scope is what the resource belongs to, by which the provider configuration allows or
	// refuses it before any call. It is required.
	Scope Scope[M]

	// Collection lists such resources, so that not each must be got. Nil: OpenAI has no
	// such list.
	Collection *adminapi.Collection[*adminapi.Connection, O]

	// Get the resource with an ID.
	Get func(ctx context.Context, c *adminapi.Connection, cr M, id string) (*O, error)

	// CreateRoute is the route of Create, of which a call is reserved before anything is noted
	// about a create.
	CreateRoute adminapi.Route

	// Create the resource. Only its ID is used: the next Observe gets the rest.
	Create func(ctx context.Context, c *adminapi.Connection, cr M) (id string, err error)

	// Find lists what carries the name that the resource is to have, in whatever form
	// OpenAI keeps it. It finds what an interrupted create made. Nil: the ID follows from
	// the spec.
	Find func(ctx context.Context, c *adminapi.Connection, cr M) ([]Found, error)

	// Update what Diff says, and nothing else. It returns the resource as it is now.
	Update func(ctx context.Context, c *adminapi.Connection, cr M, id string, diff []setup.Change) (*O, error)

	// Delete the resource. Nil: it ends with its managed resource.
	Delete func(ctx context.Context, c *adminapi.Connection, cr M, id string) error

	// Key is the ID of a resource whose ID follows from its spec, such as a
	// singleton. Nil: OpenAI assigns the ID.
	Key func(cr M) string

	// Gone says why a resource that OpenAI still returns no longer lives, such as an
	// archived project, and what can be done. Nil, or nothing: it lives.
	Gone func(o *O) string

	// Kept tells that OpenAI never deletes such a resource, so that one which is not
	// found is looked for with the wrong credentials.
	Kept bool

	// Observe fills status.atProvider.
	Observe func(c *adminapi.Connection, cr M, o *O)

	// Alike reports whether a difference that OpenAI does not do away with is but another
	// form of what is asked for, and so not worth telling. Nil: none is.
	Alike func(c setup.Change) bool

	// Unready says why a resource that exists cannot be used yet. Nil, or no reason:
	// it can.
	Unready func(o *O) string

	// Diff lists what is to be updated. What the object leaves out is no difference:
	// defaults count when something is created. Made reports whether the object itself
	// created the resource, so that what a create left undone is the object's to do.
	Diff func(cr M, o *O, made bool) []setup.Change
}

// Found is a resource at OpenAI that may be the one looked for.
type Found struct {
	// ID of the resource.
	ID string
	// CreatedAt is when it was created, in Unix seconds; 0: OpenAI does not tell.
	CreatedAt int64
	// Exact tells that it has the very name that is looked for, and not only what OpenAI
	// may have made of it.
	Exact bool
}

// Setup adds the controller of the kind to a manager.
func (k Kind[M, O]) Setup(mgr ctrl.Manager, o setup.Options) error {
	if err := k.Scope.check(); err != nil {
		return err
	}
	gvk, err := apiutil.GVKForObject(k.Object, mgr.GetScheme())
	if err != nil {
		return fmt.Errorf("cannot tell the kind of %T: %w", k.Object, err)
	}
	return setup.Gated(mgr, o, setup.Resource{
		Object: k.Object,
		List:   k.List,
		Connector: setup.Connector[M](connector[M, O]{
			kind:   k,
			openai: o.Connector,
			since:  o.Since,
			recovery: &recovery{
				kube: setup.Thrifty(mgr).GetClient(), live: mgr.GetAPIReader(), list: k.List, now: time.Now,
				kind: gvk.Kind, claims: o.Claims,
				offset: func(c *adminapi.Connection) (time.Duration, bool) { return c.Clock().Offset() },
			},
			unanswered: &unanswered{now: time.Now},
		}),
		Options: []managed.ReconcilerOption{
			managed.WithCreationGracePeriod(afterCreate),
			// An interrupted create is safe to repeat: what it made is found first.
			managed.WithDeterministicExternalName(true),
		},
	})
}
