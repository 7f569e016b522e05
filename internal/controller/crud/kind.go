// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package crud is the external client of every kind that OpenAI creates, reads, updates and
// deletes with one call each. A kind is a struct of functions: see Kind.
package crud

import (
	"context"
	"reflect"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A Kind maps one managed resource to its Administration API calls. A nil function means that the
// API has no such call, unless its comment says otherwise; Validate checks the combination. M is
// the managed resource. O is the observation in its status, as which every call returns the
// resource: the SDK has several types for one resource.
type Kind[M reconciler.Object, O any] struct {
	// Scope says whether the resource belongs to a project or to the organization. The provider
	// configuration allows or refuses it before any call. Required.
	Scope Scope[M]

	// Bind returns the kind for one reconcile of a managed resource, with functions that know what the
	// reconcile needs beyond the spec, such as keys of this cluster. It is called before anything
	// else, also for a managed resource that is being deleted. Lists must have been fetched since a time. Nil:
	// all reconciles are alike.
	Bind func(ctx context.Context, c *adminapi.Connection, cr M, since time.Time) (Kind[M, O], error)

	// Status returns where the managed resource keeps its observation. Required.
	Status func(cr M) *O

	// ID returns the ID of a resource whose ID follows from its spec: a singleton has the ID of
	// its project, and the assignment of a role an ID of two parts with a slash between them. It may
	// look the ID up, such as that of a user by e-mail address. Empty: there is no such resource
	// yet. The external name only shows the ID; Get, Update and Delete are given it, and must not
	// read it from the spec, which may have changed since. A resource must have only one ID,
	// because ownership is by ID. Nil: OpenAI assigns the ID, and it is kept in the external
	// name.
	ID func(ctx context.Context, c *adminapi.Connection, cr M) (string, error)

	// List is the collection of such resources, so that not every resource takes a GET of its
	// own. Nil: OpenAI has no such list.
	List *inventory.Collection[*adminapi.Connection, O]

	// Parent returns the ID of what List lists the resources of, such as a group; several IDs are
	// joined with slashes. Nil: the project, or else the organization.
	Parent func(c *adminapi.Connection, cr M) string

	// ParentGone reports whether OpenAI neither finds nor lists the parent. The resource was then
	// deleted with it; a 404 of List alone does not prove that. Nil: a kind without a Parent.
	ParentGone func(ctx context.Context, c *adminapi.Connection, cr M) bool

	// Get reads the resource with an ID. Nil: it can only be listed.
	Get func(ctx context.Context, c *adminapi.Connection, cr M, id string) (*O, error)

	// Check fails for a resource that the managed resource cannot have although its ID exists, such as
	// one of another project. It is then neither changed nor deleted, and if the error is terminal, the
	// deletion of the managed resource ends. Nil: there is none.
	Check func(cr M, o *O) error

	// BeforeCreate fails for a create that OpenAI would refuse, such as one beyond a quota. It is called
	// before anything is written about a create. Nil: nothing is known beforehand.
	BeforeCreate func(ctx context.Context, c *adminapi.Connection, cr M) error

	// CreateRoute is the route of Create. A call of it is reserved before anything is written
	// about a create.
	CreateRoute ratelimit.Route

	// Create creates the resource. The ID and the name of what it returns are used; it may return
	// nil if ID is set. The next Observe reads the other fields.
	Create func(ctx context.Context, c *adminapi.Connection, cr M) (*O, error)

	// Names returns the name that the resource is to have and the name that a resource at OpenAI
	// has, which OpenAI may have normalized. They identify what an interrupted create made. Nil:
	// Match alone does.
	Names func(cr M, o *O) (desired, observed string)

	// Match reports whether a create of the managed resource can have made a resource at OpenAI.
	// Nil: Names alone decide.
	Match func(cr M, o *O) bool

	// CreatedAt returns when a resource was created; zero: OpenAI does not say. Nil: OpenAI never
	// says, so that an interrupted create can only have made a resource that was not listed
	// before it.
	CreatedAt func(o *O) time.Time

	// Update makes the changes of diff and no others. It returns the updated resource; nil: the
	// reply does not show it, so that it is read again.
	Update func(ctx context.Context, c *adminapi.Connection, cr M, id string, diff []reconciler.Change) (*O, error)

	// Recheck reports whether the resource is read again right before a change, which is made
	// only if the field still has the observed value. The observation may be as old as the poll
	// interval, and a value that somebody else set since must stay. Nil: it never is.
	Recheck func(c reconciler.Change) bool

	// Diff lists the fields to update. A field that the managed resource leaves out is no
	// difference: defaults apply only when a resource is created. Nil: nothing can be updated.
	Diff func(cr M, o *O) []reconciler.Change

	// Delete deletes the resource. Nil: deleting the managed resource leaves the resource as it
	// is.
	Delete func(ctx context.Context, c *adminapi.Connection, cr M, id string) error

	// SetLocal fills the fields of an observation that depend on the managed resource and not on
	// OpenAI, which may depend on the last observation in the status. Nil: there are none.
	SetLocal func(cr M, o *O)

	// CountsAsDeleted says why a resource that OpenAI still returns counts as deleted, such as an archived
	// project, and what the user can do. Empty, or nil: it exists.
	CountsAsDeleted func(cr M, o *O) string

	// NotReady says why a resource that exists cannot be used yet. Empty, or nil: it can.
	NotReady func(o *O) string

	// Message says what users should know about a resource that can be used, such as that a limit
	// is reached. Ready shows it. Empty, or nil: there is nothing.
	Message func(o *O) string

	// Publish writes to Kubernetes what consumers need to know of a resource that exists, as its status
	// shows it. It may fail for any reason that users must know while nothing is to be updated. Nil: nothing.
	Publish func(ctx context.Context, cr M) error

	// AfterDelete says what is allowed at OpenAI once the resource is deleted, for an event, such
	// as spending without a limit. Empty: nothing more than before.
	AfterDelete string

	// Gauge is a metric of every managed resource of the kind. Nil: there is none.
	Gauge *Gauge[O]

	// OutlivesProject means that archiving the project does not end the resource, as it is not part of the
	// project, so that it must be deleted all the same.
	OutlivesProject bool

	// NeverDeleted means that OpenAI never deletes such a resource, so that a 404 points to the
	// wrong credentials or the wrong ID.
	NeverDeleted bool
}

// New returns an empty managed resource of the kind.
func (k Kind[M, O]) New() reconciler.Object { return k.empty() }

func (k Kind[M, O]) empty() M {
	o, _ := reflect.New(reflect.TypeFor[M]().Elem()).Interface().(M)
	return o
}
