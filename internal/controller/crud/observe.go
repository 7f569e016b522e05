// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// ErrImmutable is returned when a resource differs from its managed resource in a field that
// OpenAI has no call to change.
var ErrImmutable = terminal.Errorf("OpenAI has no call to change this: delete the object and create it again")

// ErrNotVisible is part of the error for a resource that OpenAI never deletes and does not find.
var ErrNotVisible = errors.New("does not exist in the admin key's organization")

// external is the client of one managed resource, for one reconcile.
type external[M reconciler.Object, O any] struct {
	connector[M, O]

	conn *adminapi.Connection
	// parent is the ID of what Kind.List lists the resources of.
	parent string
	// freshAsOf is the oldest time at which a cached list may have been fetched.
	freshAsOf time.Time

	// specID is the ID that follows from the spec, once it is known, and fullID the ID that the
	// managed resource must manage to act on it. Both are empty if OpenAI assigns the ID.
	specID, fullID string

	// listedBeforeCreate summarizes the IDs that exist before a create whose time OpenAI does not
	// report; see summarize.
	listedBeforeCreate string

	// diff are the changes to make, as Observe found them.
	diff []reconciler.Change
}

// ManagedID is the ID that the object must manage, which no other object may have; empty: it
// is the external name.
func (e *external[M, O]) ManagedID() string { return e.fullID }

// ListedBefore summarizes the IDs that exist before a create, for the status; empty: nothing
// needs it.
func (e *external[M, O]) ListedBefore() string { return e.listedBeforeCreate }

// Observe compares the managed resource with the resource at OpenAI. Before a create it reserves
// the call: crossplane-runtime and the status record that a create started before Create is
// called, and one that the rate limit then held back would look interrupted.
func (e *external[M, O]) Observe(ctx context.Context, cr M) (managed.ExternalObservation, error) {
	o, err := e.observe(ctx, cr)
	if err != nil || o.ResourceExists || meta.WasDeleted(cr) || e.kind.Create == nil || !reconciler.Allows(cr, xpv2.ManagementActionCreate) {
		return o, err
	}
	if err := e.listBeforeCreate(ctx); err != nil {
		return o, err
	}
	if e.kind.BeforeCreate != nil {
		if err := e.kind.BeforeCreate(ctx, e.conn, cr); err != nil {
			return o, err
		}
	}
	return o, e.conn.Reserve(ctx, e.kind.CreateRoute)
}

// listedBeforeMaxAge is how old the list may be that a create without a time of creation is recognized by.
const listedBeforeMaxAge = time.Minute

// listBeforeCreate lists the IDs that exist, if the outcome of an interrupted create could be
// recognized by nothing else.
func (e *external[M, O]) listBeforeCreate(ctx context.Context) error {
	if !e.undated() || e.listedBeforeCreate != "" {
		return nil
	}
	// One of a moment ago will do: a new one for each try would use up a rate limit that holds the
	// create back.
	all, err := e.kind.List.List(ctx, e.conn, e.parent, time.Now().Add(-listedBeforeMaxAge))
	if err != nil {
		return fmt.Errorf("cannot list what exists before the create: %w", err)
	}
	e.listedBeforeCreate, err = e.summaryIfUndated(all)
	return err
}

// undated reports whether OpenAI says nothing about when a resource was created, so that an
// interrupted create is recognized only by an ID that was not listed before it.
func (e *external[M, O]) undated() bool { return e.kind.ID == nil && e.kind.CreatedAt == nil }

// summaryIfUndated summarizes the IDs of a list for the status; empty if the time of creation
// identifies a created resource.
func (e *external[M, O]) summaryIfUndated(all *inventory.Listing[O]) (string, error) {
	if !e.undated() {
		return "", nil
	}
	return summarize(all, e.kind.List.ID)
}

func (e *external[M, O]) observe(ctx context.Context, cr M) (managed.ExternalObservation, error) {
	if meta.WasDeleted(cr) {
		e.unapplied.forget(cr.GetUID())
	}
	id, err := e.identify(ctx, cr)
	if err != nil || id == "" {
		return managed.ExternalObservation{}, err
	}
	if meta.WasDeleted(cr) && e.kind.Delete == nil {
		return managed.ExternalObservation{}, nil
	}

	o, err := e.observeByID(ctx, cr, id)
	if err != nil && meta.WasDeleted(cr) && e.kind.ParentGone != nil && e.kind.ParentGone(ctx, e.conn, cr) {
		endCreationGracePeriod(cr)
		return managed.ExternalObservation{}, nil
	}
	absent := errors.Is(err, ErrNotVisible) || (err == nil && !o.ResourceExists)
	if meta.WasDeleted(cr) && absent && e.kind.ID == nil {
		return e.observePrevious(ctx, cr, id, o, err)
	}
	return o, err
}

// observeByID reads the resource and updates the status and conditions of the managed resource.
func (e *external[M, O]) observeByID(ctx context.Context, cr M, id string) (managed.ExternalObservation, error) {
	got, err := e.get(ctx, cr, id)
	if err != nil {
		return e.observeGetError(ctx, cr, id, err)
	}
	o := e.withLocalFields(cr, got)
	if err := e.check(cr, o); err != nil {
		if meta.WasDeleted(cr) && terminal.Is(err) {
			endCreationGracePeriod(cr)
			return managed.ExternalObservation{}, nil
		}
		return managed.ExternalObservation{}, err
	}
	absent := ""
	if e.kind.CountsAsDeleted != nil {
		absent = e.kind.CountsAsDeleted(cr, o)
	}
	if absent != "" && meta.WasDeleted(cr) {
		endCreationGracePeriod(cr)
		return managed.ExternalObservation{}, nil
	}

	if err := e.persistExternalName(ctx, cr, id); err != nil {
		return managed.ExternalObservation{}, err
	}
	*e.kind.Status(cr) = *o
	if absent != "" {
		return managed.ExternalObservation{}, &reconciler.NotRecreatedError{ID: id, Why: absent}
	}
	var waiting []reconciler.Change
	e.diff, waiting = e.unapplied.split(cr.GetUID(), id, e.differences(cr, o))
	cr.SetConditions(e.readyCondition(o, waiting))
	if e.kind.Publish != nil && !meta.WasDeleted(cr) {
		// What is wrong in Kubernetes must not keep a change from OpenAI.
		updates := len(e.diff) > 0 && reconciler.Allows(cr, xpv2.ManagementActionUpdate)
		if err := e.kind.Publish(ctx, cr); err != nil && !updates {
			return managed.ExternalObservation{}, err
		}
	}
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: len(e.diff) == 0, Diff: reconciler.Describe(e.diff)}, nil
}

// check that the managed resource can have a resource.
func (e *external[M, O]) check(cr M, o *O) error {
	if e.kind.Check == nil {
		return nil
	}
	return e.kind.Check(cr, o)
}

// withLocalFields copies an observation, which the cache shares, and fills the fields of
// SetLocal.
func (e *external[M, O]) withLocalFields(cr M, got *O) *O {
	o := deepCopyOf(got)
	if e.kind.SetLocal != nil {
		e.kind.SetLocal(cr, o)
	}
	return o
}

// deepCopyOf returns a copy of an observation, which the cache shares: API clients decode replies
// into the status.
func deepCopyOf[O any](o *O) *O {
	out := *o
	if deep, ok := any(o).(deepCopier[O]); ok {
		deep.DeepCopyInto(&out)
	}
	return &out
}

// A deepCopier is implemented by generated API types.
type deepCopier[O any] interface{ DeepCopyInto(out *O) }

func (e *external[M, O]) differences(cr M, o *O) []reconciler.Change {
	if e.kind.Diff == nil {
		return nil
	}
	return e.kind.Diff(cr, o)
}

// observeGetError is the observation of a resource that cannot be read.
func (e *external[M, O]) observeGetError(ctx context.Context, cr M, id string, err error) (managed.ExternalObservation, error) {
	if !e.single() && !e.kind.OutlivesProject {
		// What reads a single item has asked for its project.
		err = e.conn.ToProjectError(ctx, err)
	}
	// Archiving a project ends everything in it.
	if apierror.IsProjectArchived(err) && meta.WasDeleted(cr) {
		endCreationGracePeriod(cr)
		reconciler.EmitOrphaned(ctx, cr, fmt.Sprintf("project %q is archived, and %q ended with it; OpenAI deletes nothing there, and may still list it", e.conn.Project, id))
		return managed.ExternalObservation{}, nil
	}
	if apierror.IsNotFound(err) && e.kind.NeverDeleted {
		err := terminal.Errorf("%q %w: correct the external name, or remove it to go on with the project that the object had, or correct the credentials and organization of the provider configuration", id, ErrNotVisible)
		if !meta.WasDeleted(cr) {
			cr.SetConditions(xpv2.Unavailable().WithMessage(err.Error()))
		}
		return managed.ExternalObservation{}, err
	}
	if adminapi.IsResourceNotFound(err) {
		return e.observeNotFound(cr, id)
	}
	return managed.ExternalObservation{}, fmt.Errorf("cannot get %q: %w", id, err)
}

// readyCondition is the Ready condition of a resource that exists, with the changes that wait to
// be retried.
func (e *external[M, O]) readyCondition(o *O, waiting []reconciler.Change) xpv2.Condition {
	if e.kind.NotReady != nil {
		if why := e.kind.NotReady(o); why != "" {
			return xpv2.Unavailable().WithMessage(why)
		}
	}
	message := describeUnapplied(waiting)
	if e.kind.Message != nil {
		message = JoinSentences(e.kind.Message(o), message)
	}
	return xpv2.Available().WithMessage(message)
}

// messageNotCreatedHere follows the ID of a resource that OpenAI does not find and that its object did
// not create.
const messageNotCreatedHere = "does not exist at OpenAI, and nothing is created in its place, because nothing shows that this object created it: correct the external name, remove it to go on with what the object had before, or delete this object and create it again without one"

// messageNoCreate follows the ID of a resource that OpenAI does not find and that no call creates.
const messageNoCreate = "does not exist at OpenAI, which has no call to create it: correct what the spec names"

// observeNotFound is the observation of a resource that OpenAI does not find. It is created again
// only if the object created it before, or if its ID follows from the spec.
func (e *external[M, O]) observeNotFound(cr M, id string) (managed.ExternalObservation, error) {
	if !meta.WasDeleted(cr) {
		cr.SetConditions(xpv2.Unavailable().WithMessage(fmt.Sprintf("%q does not exist at OpenAI", id)))
	} else if col := e.kind.List; col != nil && col.Cached(e.conn, e.parent).Removed(lastPart(id)) {
		endCreationGracePeriod(cr)
	}
	switch {
	case e.mayBeHidden(cr, id):
		return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
	case meta.WasDeleted(cr), reconciler.IsReadOnly(cr):
		return managed.ExternalObservation{}, nil
	case e.kind.Create == nil:
		return managed.ExternalObservation{}, &reconciler.NotRecreatedError{ID: id, Why: messageNoCreate}
	case e.kind.ID != nil, reconciler.Created(cr, id):
		return managed.ExternalObservation{}, nil
	}
	return managed.ExternalObservation{}, &reconciler.NotRecreatedError{ID: id, Why: messageNotCreatedHere}
}

// mayBeHidden reports whether a resource that is to be deleted may exist although a GET does not find it:
// no list confirms that of what a project has one of. Its DELETE is sent all the same.
func (e *external[M, O]) mayBeHidden(cr M, id string) bool {
	if !meta.WasDeleted(cr) || !e.single() || e.conn.Inventory().Disabled || !reconciler.Manages(cr, e.fullID) {
		return false
	}
	return !e.kind.List.Cached(e.conn, e.parent).Removed(lastPart(id))
}

// endCreationGracePeriod keeps crossplane-runtime from waiting for a resource that was created a
// moment ago to appear, when it is known to be deleted.
func endCreationGracePeriod(cr resource.Managed) {
	meta.RemoveAnnotations(cr, meta.AnnotationKeyExternalCreateSucceeded)
}

// Disconnect does nothing: clients are shared between managed resources.
func (e *external[M, O]) Disconnect(context.Context) error { return nil }
