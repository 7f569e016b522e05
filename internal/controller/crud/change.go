// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

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

// Create makes the resource and notes its ID as the external name.
func (e *external[M, O]) Create(ctx context.Context, cr M) (managed.ExternalCreation, error) {
	known := func(string) bool { return false }
	if col := e.kind.List; col != nil && e.kind.ID == nil {
		known = col.Cached(e.conn, e.parent).Knows
	}
	id, err := e.create(ctx, cr)
	switch {
	case err != nil:
	case id == "":
		err = errNoID
	case known(id):
		err = &ReplayedError{ID: id}
	}
	if err != nil {
		if apierror.IsDefinite(err) {
			// Nothing was made, so that nothing need be looked for.
			reconciler.MarkCreateRefused(cr)
		}
		return managed.ExternalCreation{}, e.conn.AttributeToProject(ctx, err)
	}
	if e.kind.ID != nil {
		// What a list shows under the ID may be what was there before.
		e.forget(id)
	}
	meta.SetExternalName(cr, id)
	reconciler.MarkCreated(cr, id)
	ratelimit.MarkProgress(ctx)
	return managed.ExternalCreation{}, nil
}

// create the resource, and tell the ID that it got; empty: the reply proves none.
func (e *external[M, O]) create(ctx context.Context, cr M) (string, error) {
	if e.kind.Create == nil {
		return "", fmt.Errorf("cannot create %q: it %s", meta.GetExternalName(cr), notMakeable)
	}
	bySpec := ""
	if e.kind.ID != nil {
		var err error
		if bySpec, err = e.identify(ctx, cr); err != nil {
			return "", err
		}
	}
	o, err := e.kind.Create(ctx, e.conn, cr)
	if err != nil || e.kind.ID != nil || o == nil {
		return bySpec, err
	}
	id := e.kind.List.ID(o)
	if id == "" || e.isNamed(cr, o) {
		return id, nil
	}
	// The reply may be about something else: then OpenAI is asked for what has the ID.
	if e.kind.Get == nil {
		return "", nil
	}
	if _, err = e.ask(ctx, cr, id); err != nil {
		return "", nil //nolint:nilerr // What was created is looked for.
	}
	return id, nil
}

// isNamed reports whether a reply tells the name of what it is about, if that has one.
func (e *external[M, O]) isNamed(cr M, o *O) bool {
	if e.kind.Names == nil {
		return true
	}
	_, observed := e.kind.Names(cr, o)
	return observed != ""
}

// Update changes the resource to what is desired.
func (e *external[M, O]) Update(ctx context.Context, cr M) (managed.ExternalUpdate, error) {
	id, err := e.identify(ctx, cr)
	if err != nil {
		return managed.ExternalUpdate{}, err
	}
	if e.kind.Update == nil {
		return managed.ExternalUpdate{}, fmt.Errorf("cannot update %q: %w", id, ErrImmutable)
	}
	diff := e.diff
	o, err := e.update(ctx, cr, id, diff)
	if err != nil {
		e.learn(id, nil, err)
		return managed.ExternalUpdate{}, fmt.Errorf("cannot update %q: %w", id, e.conn.AttributeToProject(ctx, err))
	}
	if o == nil {
		// The reply does not show the resource.
		e.forget(id)
		if o, err = e.getUpdated(ctx, cr, id); err != nil {
			return managed.ExternalUpdate{}, fmt.Errorf("cannot get %q after it was updated: %w", id, e.conn.AttributeToProject(ctx, err))
		}
	}
	still := among(e.differences(cr, e.own(cr, o)), diff)
	e.unanswered.note(cr.GetUID(), id, diff, still)
	if len(still) > 0 {
		// A reply that does not show the change says nothing of the rest either.
		e.forget(id)
	} else {
		e.learn(id, o, nil)
	}
	reconciler.RecordChanges(ctx, without(diff, still)...)
	// Otherwise the status would tell of the old state until the next poll.
	_, err = e.look(ctx, cr, id)
	return managed.ExternalUpdate{}, err
}

// getUpdated gets the resource after an update whose reply does not show it: by its ID, if OpenAI
// has a call for that, as lists lag.
func (e *external[M, O]) getUpdated(ctx context.Context, cr M, id string) (*O, error) {
	if e.kind.Get == nil {
		return e.get(ctx, cr, id)
	}
	return e.ask(ctx, cr, id)
}

// update the resource, unless what is to be changed is not there any more.
func (e *external[M, O]) update(ctx context.Context, cr M, id string, diff []reconciler.Change) (*O, error) {
	if e.kind.Recheck != nil && slices.ContainsFunc(diff, e.kind.Recheck) {
		o, err := e.ask(ctx, cr, id)
		if err != nil {
			return nil, err
		}
		now := e.differences(cr, e.own(cr, o))
		for _, c := range diff {
			if e.kind.Recheck(c) && !slices.Contains(now, c) {
				e.learn(id, o, nil)
				return nil, &apierror.Error{Class: apierror.ClassTransient, Message: fmt.Sprintf("%s is not %q any more, and what somebody else put there stays", c.Field, c.From)}
			}
		}
	}
	o, err := e.kind.Update(ctx, e.conn, cr, id, diff)
	if err == nil && o != nil {
		err = e.confirm(id, o)
	}
	return o, err
}

// Delete ends the resource. One that is gone already is no error.
func (e *external[M, O]) Delete(ctx context.Context, cr M) (managed.ExternalDelete, error) {
	cr.SetConditions(xpv2.Deleting())
	id, err := e.identify(ctx, cr)
	if err != nil || id == "" {
		return managed.ExternalDelete{}, err
	}
	err = e.conn.AttributeToProject(ctx, e.kind.Delete(ctx, e.conn, cr, id))
	e.learn(id, nil, err)
	if col := e.kind.List; col != nil && adminapi.IsGone(err) {
		if err := col.ConfirmUnlisted(ctx, e.conn, e.parent, itemID(id)); err != nil {
			return managed.ExternalDelete{}, fmt.Errorf("cannot delete %q: %w", id, err)
		}
	}
	if err == nil || apierror.IsProjectArchived(err) || adminapi.IsGone(err) {
		ratelimit.MarkProgress(ctx)
		return managed.ExternalDelete{}, nil
	}
	return managed.ExternalDelete{}, fmt.Errorf("cannot delete %q: %w", id, err)
}
