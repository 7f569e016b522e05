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
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// ErrImmutable is returned when a resource differs from its managed resource in
// a way that OpenAI has no call to change.
var ErrImmutable = terminal.Errorf("OpenAI has no call to change this: delete the object and create it anew")

// ErrNotVisible is part of the error for something that OpenAI never deletes and
// yet does not know.
var ErrNotVisible = errors.New("does not exist in the admin key's organization")

// An Opener makes the connection of a managed resource to OpenAI.
type Opener interface {
	Connect(ctx context.Context, mg resource.ModernManaged, organizationID *string) (*connect.Access, error)
}

// claims are reconciler.Claims.
type claims interface {
	Acquire(ctx context.Context, kind string, mg reconciler.Object, id string) error
	CheckOwner(ctx context.Context, kind string, mg reconciler.Object, id, what string) error
}

type connector[M reconciler.Object, O any] struct {
	kind     Kind[M, O]
	name     string // of the kind
	openai   Opener
	since    reconciler.Freshness
	claims   claims
	write    func(ctx context.Context, mg resource.Managed) error // the metadata of an object
	recovery *recovery

	unanswered *unanswered
}

// Connect checks, before any call, that the provider configuration allows what
// the managed resource asks for.
func (c connector[M, O]) Connect(ctx context.Context, cr M) (managed.TypedExternalClient[M], error) {
	if meta.WasDeleted(cr) && c.kind.Delete == nil {
		c.unanswered.forget(cr.GetUID())
		return nothingToDelete[M](), nil
	}
	access, err := c.openai.Connect(ctx, cr, cr.SpecOrganizationID())
	if err != nil {
		return nil, err
	}
	conn, err := c.kind.Scope.connect(ctx, access, cr)
	if err != nil {
		return nil, err
	}
	e := &external[M, O]{connector: c, conn: conn, parent: conn.Project, from: c.since(cr)}
	if c.kind.Parent != nil {
		e.parent = c.kind.Parent(conn, cr)
	}
	return e, nil
}

// nothingToDelete is the client of a managed resource that goes at once, whatever is wrong with
// its configuration.
func nothingToDelete[M reconciler.Object]() managed.TypedExternalClient[M] {
	return managed.TypedExternalClientFns[M]{
		ObserveFn: func(context.Context, M) (managed.ExternalObservation, error) {
			return managed.ExternalObservation{}, nil
		},
		DisconnectFn: func(context.Context) error { return nil },
	}
}

// external is the client of one managed resource, for one reconcile.
type external[M reconciler.Object, O any] struct {
	connector[M, O]

	conn   *adminapi.Connection
	parent string    // whose resources are listed
	from   time.Time // as of when a list is fresh enough

	// id that follows from the spec, once that is known, and the claim that the managed resource
	// needs to act on what has it; empty: the external name is both.
	id, claim string

	// listed are the resources as of now, before something is created whose time of creation
	// OpenAI does not tell.
	listed string

	// diff is what Observe found to be updated.
	diff []reconciler.Change
}

// Claim of what was observed, which no other managed resource may have; empty: it is the
// external name.
func (e *external[M, O]) Claim() string { return e.claim }

// ListedBefore are the resources that are there before one is created.
func (e *external[M, O]) ListedBefore() string { return e.listed }

// Observe compares the managed resource with what OpenAI has. What is about to be created
// has a turn: a create that is held back would leave notes of one that began.
func (e *external[M, O]) Observe(ctx context.Context, cr M) (managed.ExternalObservation, error) {
	o, err := e.observe(ctx, cr)
	if err != nil || o.ResourceExists || meta.WasDeleted(cr) || e.kind.Create == nil || !reconciler.Allows(cr, xpv2.ManagementActionCreate) {
		return o, err
	}
	if err := e.prepare(ctx); err != nil {
		return o, err
	}
	return o, e.conn.Reserve(ctx, e.kind.CreateRoute)
}

// prepare a create whose outcome can only be told by what was there before.
func (e *external[M, O]) prepare(ctx context.Context) error {
	if !e.undated() || e.listed != "" {
		return nil
	}
	all, err := e.kind.List.List(ctx, e.conn, e.parent, time.Now())
	if err != nil {
		return fmt.Errorf("cannot list what is there before something is created: %w", err)
	}
	e.listed, err = e.listedBefore(all)
	return err
}

// undated reports whether only what was there before tells what a create made.
func (e *external[M, O]) undated() bool { return e.kind.ID == nil && e.kind.CreatedAt == nil }

// listedBefore is what is kept of a list to tell what is created after it; empty: OpenAI tells
// when something was.
func (e *external[M, O]) listedBefore(all *inventory.Listing[O]) (string, error) {
	if !e.undated() {
		return "", nil
	}
	return listedIDs(all, e.kind.List.ID)
}

func (e *external[M, O]) observe(ctx context.Context, cr M) (managed.ExternalObservation, error) {
	if meta.WasDeleted(cr) {
		e.unanswered.forget(cr.GetUID())
	}
	id, err := e.identify(ctx, cr)
	if err != nil || id == "" {
		return managed.ExternalObservation{}, err
	}
	// Nothing is to be deleted, so that the managed resource can go at once.
	if meta.WasDeleted(cr) && e.kind.Delete == nil {
		return managed.ExternalObservation{}, nil
	}

	o, err := e.look(ctx, cr, id)
	if err != nil && meta.WasDeleted(cr) && e.kind.ParentGone != nil && e.kind.ParentGone(ctx, e.conn, cr) {
		expectNothing(cr)
		return managed.ExternalObservation{}, nil
	}
	absent := errors.Is(err, ErrNotVisible) || (err == nil && !o.ResourceExists)
	if meta.WasDeleted(cr) && absent && e.kind.ID == nil {
		return e.lookAtFormer(ctx, cr, id, o, err)
	}
	return o, err
}

// look gets the resource, and notes in the managed resource what it finds.
func (e *external[M, O]) look(ctx context.Context, cr M, id string) (managed.ExternalObservation, error) {
	got, err := e.get(ctx, cr, id)
	if err != nil {
		return e.notGot(ctx, cr, id, err)
	}
	o := e.own(cr, got)
	absent := ""
	if e.kind.Absent != nil {
		absent = e.kind.Absent(cr, o)
	}
	if absent != "" && meta.WasDeleted(cr) {
		expectNothing(cr)
		return managed.ExternalObservation{}, nil
	}

	if err := e.show(ctx, cr, id); err != nil {
		return managed.ExternalObservation{}, err
	}
	*e.kind.Status(cr) = *o
	if absent != "" {
		return managed.ExternalObservation{}, &reconciler.GoneError{ID: id, Why: absent}
	}
	var waiting []reconciler.Change
	e.diff, waiting = e.unanswered.sort(cr.GetUID(), id, e.differences(cr, o))
	cr.SetConditions(e.readiness(o, waiting))
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: len(e.diff) == 0, Diff: reconciler.Describe(e.diff)}, nil
}

// own is a copy of an observation, which is shared, with what tells of the managed resource.
func (e *external[M, O]) own(cr M, got *O) *O {
	o := copied(got)
	if e.kind.SetLocal != nil {
		e.kind.SetLocal(cr, o)
	}
	return o
}

// copied is an observation that shares nothing with another: a client reads the API server's
// replies into the status, and into what that refers to.
func copied[O any](o *O) *O {
	out := *o
	if deep, ok := any(o).(deepCopier[O]); ok {
		deep.DeepCopyInto(&out)
	}
	return &out
}

// deepCopier is implemented by all that is generated as a part of a managed resource.
type deepCopier[O any] interface{ DeepCopyInto(out *O) }

func (e *external[M, O]) differences(cr M, o *O) []reconciler.Change {
	if e.kind.Diff == nil {
		return nil
	}
	return e.kind.Diff(cr, o)
}

// notGot is the observation of what cannot be got.
func (e *external[M, O]) notGot(ctx context.Context, cr M, id string, err error) (managed.ExternalObservation, error) {
	err = e.conn.AttributeToProject(ctx, err)
	// Whatever was in a project ended with it.
	if apierror.IsProjectArchived(err) && meta.WasDeleted(cr) {
		expectNothing(cr)
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
	if adminapi.IsGone(err) {
		return e.absent(cr, id)
	}
	return managed.ExternalObservation{}, fmt.Errorf("cannot get %q: %w", id, err)
}

// readiness of what exists, of which some changes wait.
func (e *external[M, O]) readiness(o *O, waiting []reconciler.Change) xpv2.Condition {
	if e.kind.NotReady != nil {
		if why := e.kind.NotReady(o); why != "" {
			return xpv2.Unavailable().WithMessage(why)
		}
	}
	return xpv2.Available().WithMessage(explain(waiting))
}

// notMade is said of what is gone and was not created by its object.
const notMade = "does not exist at OpenAI, and nothing is created in its place, because nothing shows that this object created it: correct the external name, remove it to go on with what the object had before, or delete this object and create it anew without one"

// notMakeable is said of what is gone and cannot be created by anybody.
const notMakeable = "does not exist at OpenAI, which has no call to create it: correct what the spec names"

// absent is the observation of what OpenAI says does not exist. It may be created only
// if the object created it before, or if its ID follows from the spec.
func (e *external[M, O]) absent(cr M, id string) (managed.ExternalObservation, error) {
	if !meta.WasDeleted(cr) {
		// Whether or not it can be made anew at once.
		cr.SetConditions(xpv2.Unavailable().WithMessage(fmt.Sprintf("%q does not exist at OpenAI", id)))
	} else if col := e.kind.List; col != nil && col.Cached(e.conn, e.parent).Removed(itemID(id)) {
		expectNothing(cr)
	}
	switch {
	case meta.WasDeleted(cr), reconciler.OnlyObserves(cr):
		return managed.ExternalObservation{}, nil
	case e.kind.Create == nil:
		return managed.ExternalObservation{}, &reconciler.GoneError{ID: id, Why: notMakeable}
	case e.kind.ID != nil, reconciler.Created(cr, id):
		return managed.ExternalObservation{}, nil
	}
	return managed.ExternalObservation{}, &reconciler.GoneError{ID: id, Why: notMade}
}

// expectNothing keeps crossplane-runtime from waiting for a resource to show up
// that was created a moment ago and whose end is certain.
func expectNothing(cr resource.Managed) {
	meta.RemoveAnnotations(cr, meta.AnnotationKeyExternalCreateSucceeded)
}

// Disconnect does nothing: clients are shared between managed resources.
func (e *external[M, O]) Disconnect(context.Context) error { return nil }
