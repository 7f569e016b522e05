// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kind

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
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// ErrImmutable is returned when a resource differs from its managed resource in
// a way that OpenAI has no call to change.
var ErrImmutable = terminal.Errorf("OpenAI has no call to change this: delete the object and create it anew")

// ErrNotVisible is part of the error for something that OpenAI never deletes and
// yet does not know.
var ErrNotVisible = errors.New("does not exist in the admin key's organisation")

// errValueAsName is returned without the name, which seems to be a secret.
var errValueAsName = terminal.Errorf("the external name is the value of a key: set it to an ID, and revoke the key, which everybody who may read this object has seen")

// An Opener makes the connection of a managed resource to OpenAI.
type Opener interface {
	Connect(ctx context.Context, mg resource.ModernManaged, organizationID *string) (*adminapi.Access, error)
}

type connector[M setup.Object, O any] struct {
	kind     Kind[M, O]
	openai   Opener
	since    setup.Clock
	recovery *recovery

	unanswered *unanswered
}

// Connect checks, before any call, that the provider configuration allows what
// the managed resource asks for.
func (c connector[M, O]) Connect(ctx context.Context, cr M) (managed.TypedExternalClient[M], error) {
	access, err := c.openai.Connect(ctx, cr, c.kind.Organization(cr))
	if err != nil {
		return nil, err
	}
	conn, err := c.kind.Scope.connect(ctx, access, cr)
	if err != nil {
		return nil, err
	}
	if conn.Withdrawn != nil && c.kind.Key != nil && !setup.Manages(cr, c.kind.Key(cr)) {
		// The spec names something else than what may be ended.
		return nil, conn.Withdrawn
	}
	return &external[M, O]{kind: c.kind, conn: conn, since: c.since(cr), recovery: c.recovery, unanswered: c.unanswered}, nil
}

type external[M setup.Object, O any] struct {
	kind     Kind[M, O]
	conn     *adminapi.Connection
	since    time.Time // as of when a list is fresh enough
	recovery *recovery

	unanswered *unanswered

	// diff is what Observe found to be updated.
	diff []setup.Change
}

func (e *external[M, O]) id(cr M) string {
	if e.kind.Key != nil {
		return e.kind.Key(cr)
	}
	return meta.GetExternalName(cr)
}

// Observe compares the managed resource with what OpenAI has. What is about to be created
// has a turn: a create that is held back would leave notes of one that began.
func (e *external[M, O]) Observe(ctx context.Context, cr M) (managed.ExternalObservation, error) {
	o, err := e.observe(ctx, cr)
	if err != nil || o.ResourceExists || meta.WasDeleted(cr) || e.kind.Create == nil || !setup.May(cr, xpv2.ManagementActionCreate) {
		return o, err
	}
	return o, e.conn.Reserve(ctx, e.kind.CreateRoute)
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
	absent := errors.Is(err, ErrNotVisible) || (err == nil && !o.ResourceExists)
	if meta.WasDeleted(cr) && absent && e.kind.Key == nil {
		return e.lookAtFormer(ctx, cr, id, o, err)
	}
	return o, err
}

// identify what the managed resource has; empty if it has nothing.
func (e *external[M, O]) identify(ctx context.Context, cr M) (string, error) {
	id := e.id(cr)
	switch {
	case id == "" && e.inArchived():
		if meta.WasDeleted(cr) {
			return "", nil
		}
		// Creating something there would be refused each time.
		return "", &adminapi.ProjectError{Project: e.conn.Project, Archived: true}
	case id == "" && e.kind.Find != nil:
		return e.recovery.recover(ctx, e.conn, cr, func() ([]Found, error) { return e.find(ctx, cr) })
	case !setup.IsKeyValue(id):
		return id, nil
	case !meta.WasDeleted(cr):
		return "", errValueAsName
	}
	// It never named anything. What the object had before is still its own.
	if id = setup.ObservedID(cr); id != "" {
		meta.SetExternalName(cr, id)
	}
	return id, nil
}

// inArchived reports whether the project of the managed resource is known to be archived.
// Everything in it ended with it, whatever lists still show.
func (e *external[M, O]) inArchived() bool { return e.kind.Scope.member && e.conn.IsArchived() }

// lookAtFormer looks at what an object that is going had before it was pointed at
// something that is gone. That is still its own.
func (e *external[M, O]) lookAtFormer(ctx context.Context, cr M, id string, o managed.ExternalObservation, err error) (managed.ExternalObservation, error) {
	had := setup.ObservedID(cr)
	if had == "" || had == id {
		return o, err
	}
	meta.SetExternalName(cr, had)
	return e.look(ctx, cr, had)
}

// notMade is said of what is gone and was not created by its object.
const notMade = "does not exist at OpenAI, and nothing is created in its place, because nothing shows that this object created it: correct the external name, remove it to go on with what the object had before, or delete this object and create it anew without one"

// find what an interrupted create may have made. There is nothing in an archived
// project.
func (e *external[M, O]) find(ctx context.Context, cr M) ([]Found, error) {
	found, err := e.kind.Find(ctx, e.conn, cr)
	if err = e.blame(ctx, err); adminapi.IsProjectArchived(err) {
		return nil, nil
	}
	return found, err
}

// look gets the resource, and notes in the managed resource what it finds.
func (e *external[M, O]) look(ctx context.Context, cr M, id string) (managed.ExternalObservation, error) {
	o, err := e.get(ctx, cr, id)
	if err != nil {
		err = e.blame(ctx, err)
		// Whatever was in a project ended with it.
		if adminapi.IsProjectArchived(err) && meta.WasDeleted(cr) {
			expectNothing(cr)
			setup.Left(ctx, cr, fmt.Sprintf("project %q is archived, and %q ended with it; OpenAI deletes nothing there, and may still list it", e.conn.Project, id))
			return managed.ExternalObservation{}, nil
		}
		if adminapi.IsNotFound(err) && e.kind.Kept {
			err := terminal.Errorf("%q %w: correct the external name, or remove it to go on with the project that the object had, or correct the credentials and organisation of the provider configuration", id, ErrNotVisible)
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
	gone := ""
	if e.kind.Gone != nil {
		gone = e.kind.Gone(o)
	}
	if gone != "" && meta.WasDeleted(cr) {
		expectNothing(cr)
		return managed.ExternalObservation{}, nil
	}

	e.kind.Observe(e.conn, cr, o)
	if gone != "" {
		return managed.ExternalObservation{}, &setup.GoneError{ID: id, Why: gone}
	}
	var waiting []setup.Change
	e.diff, waiting = e.unanswered.sort(cr.GetUID(), id, e.kind.Diff(cr, o, setup.Created(cr, id)))
	cr.SetConditions(e.readiness(o, waiting))
	return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: len(e.diff) == 0, Diff: setup.Describe(e.diff)}, nil
}

// readiness of what exists, of which some changes wait.
func (e *external[M, O]) readiness(o *O, waiting []setup.Change) xpv2.Condition {
	if e.kind.Unready != nil {
		if why := e.kind.Unready(o); why != "" {
			return xpv2.Unavailable().WithMessage(why)
		}
	}
	return xpv2.Available().WithMessage(explain(waiting, e.kind.Alike))
}

// absent is the observation of what OpenAI says does not exist. It may be created only
// if the object created it before, or if its ID follows from the spec.
func (e *external[M, O]) absent(cr M, id string) (managed.ExternalObservation, error) {
	if !meta.WasDeleted(cr) {
		// Whether or not it can be made anew at once.
		cr.SetConditions(xpv2.Unavailable().WithMessage(fmt.Sprintf("%q does not exist at OpenAI", id)))
	} else if col := e.kind.Collection; col != nil && col.Known(e.conn, e.conn.Project).Removed(id) {
		expectNothing(cr)
	}
	if meta.WasDeleted(cr) || e.kind.Key != nil || setup.Created(cr, id) || setup.OnlyObserves(cr) {
		return managed.ExternalObservation{}, nil
	}
	return managed.ExternalObservation{}, &setup.GoneError{ID: id, Why: notMade}
}

// get the resource from the list of all, or by itself if it is not there: a list may
// lag, and leaves out what was archived.
func (e *external[M, O]) get(ctx context.Context, cr M, id string) (*O, error) {
	col := e.kind.Collection
	if e.inArchived() {
		return nil, &adminapi.ProjectError{Project: e.conn.Project, Archived: true}
	}
	if col == nil {
		return e.kind.Get(ctx, e.conn, cr, id)
	}
	if e.conn.Inventory().Disabled {
		return e.ask(ctx, cr, id)
	}
	all, err := col.List(ctx, e.conn, e.conn.Project, e.since)
	if err != nil {
		return nil, err
	}
	if o, ok := all.Get(id); ok {
		return o, nil
	}
	o, err := e.ask(ctx, cr, id)
	if err == nil && (e.kind.Gone == nil || e.kind.Gone(o) == "") {
		col.Put(e.conn, e.conn.Project, *o)
	}
	return o, err
}

// ask for the resource by its ID.
func (e *external[M, O]) ask(ctx context.Context, cr M, id string) (*O, error) {
	o, err := e.kind.Get(ctx, e.conn, cr, id)
	if err != nil {
		return nil, err
	}
	return o, adminapi.ConfirmID(id, e.kind.Collection.ID(o))
}

// learn from a call what became of the resource: o if it succeeded and the resource
// lives, nil if it is no more.
func (e *external[M, O]) learn(id string, o *O, err error) {
	col := e.kind.Collection
	switch {
	case col == nil:
	case err == nil && o != nil:
		col.Put(e.conn, e.conn.Project, *o)
	case err == nil, adminapi.IsProjectArchived(err):
		col.Remove(e.conn, e.conn.Project, id)
	case adminapi.IsAmbiguous(err), adminapi.IsNotFound(err):
		// That it is not found is believed once a list leaves it out as well.
		col.Forget(e.conn, e.conn.Project, id)
	}
}

// expectNothing keeps crossplane-runtime from waiting for a resource to show up
// that was created a moment ago and whose end is certain.
func expectNothing(cr resource.Managed) {
	meta.RemoveAnnotations(cr, meta.AnnotationKeyExternalCreateSucceeded)
}

// Create makes the resource and notes its ID as the external name.
func (e *external[M, O]) Create(ctx context.Context, cr M) (managed.ExternalCreation, error) {
	if e.kind.Create == nil {
		return managed.ExternalCreation{}, terminal.Errorf("%q does not exist, and OpenAI has no call to create it: correct the external name", e.id(cr))
	}
	known := func(string) bool { return false }
	if col := e.kind.Collection; col != nil {
		known = col.Known(e.conn, e.conn.Project).Knows
	}
	id, err := e.kind.Create(ctx, e.conn, cr)
	switch {
	case err != nil:
	case id == "":
		err = errNoID
	case known(id):
		err = &ReplayedError{ID: id}
	}
	if err != nil {
		if adminapi.IsDefinite(err) {
			// Nothing was made, so that nothing need be looked for.
			setup.NoteRefusal(cr)
		}
		return managed.ExternalCreation{}, e.blame(ctx, err)
	}
	meta.SetExternalName(cr, id)
	setup.MarkCreated(cr, id)
	adminapi.Progress(ctx)
	return managed.ExternalCreation{}, nil
}

// errNoID says that the reply to a create does not tell what was made, so that it has
// to be looked for.
var errNoID = errors.New("OpenAI confirms the creation without an ID; what was created will be looked for by its name")

// A ReplayedError says that the reply to a create is about something that was there
// before, as when a gateway answers from a cache.
type ReplayedError struct {
	// ID that the reply tells.
	ID string
}

// Error says what is done about it.
func (e *ReplayedError) Error() string {
	return fmt.Sprintf("OpenAI's reply to the creation is about %q, which existed before; what was created will be looked for by its name: if that stays so, look for a gateway that answers from a cache", e.ID)
}

// Update changes the resource to what is wanted.
func (e *external[M, O]) Update(ctx context.Context, cr M) (managed.ExternalUpdate, error) {
	id := e.id(cr)
	if e.kind.Update == nil {
		return managed.ExternalUpdate{}, fmt.Errorf("cannot update %q: %w", id, ErrImmutable)
	}
	diff := e.diff
	o, err := e.kind.Update(ctx, e.conn, cr, id, diff)
	col := e.kind.Collection
	if err == nil && col != nil {
		err = adminapi.ConfirmID(id, col.ID(o))
	}
	var still []setup.Change
	if err == nil {
		still = among(e.kind.Diff(cr, o, setup.Created(cr, id)), diff)
		e.unanswered.note(cr.GetUID(), id, diff, still)
	}
	if len(still) > 0 && col != nil {
		// A reply that does not show the change says nothing of the rest either.
		col.Forget(e.conn, e.conn.Project, id)
	} else {
		e.learn(id, o, err)
	}
	if err != nil {
		return managed.ExternalUpdate{}, fmt.Errorf("cannot update %q: %w", id, e.blame(ctx, err))
	}
	setup.Changed(ctx, without(diff, still)...)
	// Otherwise the status would tell of the old state until the next poll.
	_, err = e.look(ctx, cr, id)
	return managed.ExternalUpdate{}, err
}

// Delete ends the resource. One that is gone already is no error.
func (e *external[M, O]) Delete(ctx context.Context, cr M) (managed.ExternalDelete, error) {
	cr.SetConditions(xpv2.Deleting())
	id := e.id(cr)
	err := e.kind.Delete(ctx, e.conn, cr, id)
	if err != nil {
		err = e.blame(ctx, err)
	}
	e.learn(id, nil, err)
	if col := e.kind.Collection; col != nil && adminapi.IsGone(err) {
		if err := col.ConfirmUnlisted(ctx, e.conn, e.conn.Project, id); err != nil {
			return managed.ExternalDelete{}, fmt.Errorf("cannot delete %q: %w", id, err)
		}
	}
	if err == nil || adminapi.IsProjectArchived(err) || adminapi.IsGone(err) {
		adminapi.Progress(ctx)
		return managed.ExternalDelete{}, nil
	}
	return managed.ExternalDelete{}, fmt.Errorf("cannot delete %q: %w", id, err)
}

// Disconnect does nothing: clients are shared between managed resources.
func (e *external[M, O]) Disconnect(context.Context) error { return nil }

func (e *external[M, O]) blame(ctx context.Context, err error) error {
	if !e.kind.Scope.member {
		return err
	}
	return e.conn.Blame(ctx, err)
}
