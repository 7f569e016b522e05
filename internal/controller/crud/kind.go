// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package crud is the external client of every kind whose life is a plain
// create, read, update and delete. A kind is a struct of functions.
package crud

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A Kind maps one managed resource to its Administration API calls. A nil function means
// that the API has no such call, unless its comment says otherwise; Validate tells which
// combinations make a kind. M is the managed resource, and O the observation in its status:
// the SDK has several types for one resource.
type Kind[M reconciler.Object, O any] struct {
	// Scope is what the resource belongs to, by which the provider configuration allows or
	// refuses it before any call. It is required.
	Scope Scope[M]

	// Status is where the managed resource keeps its observation. It is required.
	Status func(cr M) *O

	// ID of a resource whose ID follows from its spec: that of a singleton is its project's,
	// and that of an assignment has two parts with a slash between them. It may be looked up,
	// as a person is by e-mail address. The external name only shows it. Get, Update and Delete
	// go by it, and not by the spec, which may lead elsewhere by then. What has one ID is to be
	// told by no other, as claims are by ID. Empty: there is none yet. Nil: OpenAI assigns the
	// ID, and the external name tells it.
	ID func(ctx context.Context, c *adminapi.Connection, cr M) (string, error)

	// List of such resources, so that not each must be got. Nil: OpenAI has no such list.
	List *inventory.Collection[*adminapi.Connection, O]

	// Parent whose resources List lists, such as a group; the parts of one with several have
	// slashes between them. Nil: the project, or the organization.
	Parent func(c *adminapi.Connection, cr M) string

	// ParentGone reports whether OpenAI neither finds nor lists Parent, with which what is
	// below it ended: that a list of it is not found proves nothing. Nil: no more is known.
	ParentGone func(ctx context.Context, c *adminapi.Connection, cr M) bool

	// Get the resource with an ID. Nil: it is only listed.
	Get func(ctx context.Context, c *adminapi.Connection, cr M, id string) (*O, error)

	// CreateRoute is the route of Create, of which a call is reserved before anything is noted
	// about a create.
	CreateRoute ratelimit.Route

	// Create the resource. It returns the resource, of which its ID and name are read; nil where
	// ID tells the ID. The next Observe gets the rest.
	Create func(ctx context.Context, c *adminapi.Connection, cr M) (*O, error)

	// Names that the resource is to have, and that one at OpenAI has, in whatever form OpenAI
	// keeps it. By it is found what an interrupted create made. Nil: Match alone tells.
	Names func(cr M, o *O) (desired, observed string)

	// Match reports whether a resource at OpenAI can be what a create of the managed resource
	// made. Nil: Names alone tell.
	Match func(cr M, o *O) bool

	// CreatedAt is when a resource was created; zero: OpenAI does not say. Nil: OpenAI never does,
	// and an interrupted create can only have made what was not listed before it.
	CreatedAt func(o *O) time.Time

	// Update what Diff says, and nothing else. It returns the resource as it is now; nil: it
	// is looked at.
	Update func(ctx context.Context, c *adminapi.Connection, cr M, id string, diff []reconciler.Change) (*O, error)

	// Recheck reports whether a change is made only if the resource, as it is now, still has what
	// is to be changed: what is observed may be as old as a poll, and what somebody else put
	// there meanwhile must stay. Nil: none is.
	Recheck func(c reconciler.Change) bool

	// Diff lists what is to be updated. What the managed resource leaves out is no
	// difference: defaults count when something is created. Nil: nothing can be updated.
	Diff func(cr M, o *O) []reconciler.Change

	// Delete the resource. Nil: its managed resource goes, and it stays as it is.
	Delete func(ctx context.Context, c *adminapi.Connection, cr M, id string) error

	// SetLocal fills the part of an observation that tells of the managed resource rather than of
	// OpenAI. The status still has the last observation. Nil: there is no such part.
	SetLocal func(cr M, o *O)

	// Absent says why a resource that OpenAI still returns is none, such as an archived
	// project, and what can be done. Nil, or nothing: it is one.
	Absent func(cr M, o *O) string

	// NotReady says why a resource that exists cannot be used yet. Nil, or no reason: it can.
	NotReady func(o *O) string

	// NeverDeleted reports that OpenAI never deletes such a resource, so that one which is not
	// found is looked for with the wrong credentials.
	NeverDeleted bool
}

// New returns an empty managed resource of the kind.
func (k Kind[M, O]) New() reconciler.Object { return k.empty() }

func (k Kind[M, O]) empty() M {
	o, _ := reflect.New(reflect.TypeFor[M]().Elem()).Interface().(M)
	return o
}

// listOf makes an empty list of the managed resources of a kind.
func listOf(s *runtime.Scheme, o reconciler.Object) (kind string, l resource.ManagedList, err error) {
	gvk, err := apiutil.GVKForObject(o, s)
	if err != nil {
		return "", nil, fmt.Errorf("cannot tell the kind of %T: %w", o, err)
	}
	list, err := s.New(gvk.GroupVersion().WithKind(gvk.Kind + "List"))
	if err != nil {
		return "", nil, fmt.Errorf("cannot make a list of kind %s: %w", gvk.Kind, err)
	}
	l, ok := list.(resource.ManagedList)
	if !ok {
		return "", nil, fmt.Errorf("%T is not a list of managed resources", list)
	}
	return gvk.Kind, l, nil
}

// Setup adds the controller of the kind to a manager.
func (k Kind[M, O]) Setup(mgr ctrl.Manager, o reconciler.Options) error {
	if err := k.Validate(); err != nil {
		return err
	}
	name, list, err := listOf(mgr.GetScheme(), k.empty())
	if err != nil {
		return err
	}
	return reconciler.SetupGated(mgr, o, reconciler.Resource{
		Object:     k.empty(),
		List:       list,
		IDFromSpec: k.ID != nil,
		Connector: reconciler.Connector[M](connector[M, O]{
			kind:   k,
			name:   name,
			openai: o.Connector,
			since:  o.Since,
			claims: o.Ownership,
			write:  reconciler.MetadataWriter(mgr),
			recovery: &recovery{
				kube: reconciler.SkippingUnchanged(mgr).GetClient(), live: mgr.GetAPIReader(), list: list, now: time.Now,
				kind: name, claims: o.Ownership,
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
