// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// Update makes the changes that Observe found.
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
		e.updateCache(id, nil, err)
		return managed.ExternalUpdate{}, fmt.Errorf("cannot update %q: %w", id, e.conn.ToProjectError(ctx, err))
	}
	if o == nil {
		e.markStale(id)
		if o, err = e.getUpdated(ctx, cr, id); err != nil {
			return managed.ExternalUpdate{}, fmt.Errorf("cannot get %q after it was updated: %w", id, e.conn.ToProjectError(ctx, err))
		}
	}
	unapplied := inFieldsOf(e.differences(cr, e.withLocalFields(cr, o)), diff)
	e.unapplied.record(cr.GetUID(), id, diff, unapplied)
	if len(unapplied) > 0 {
		// A reply that does not show a change may be stale in other fields as well.
		e.markStale(id)
	} else {
		e.updateCache(id, o, nil)
	}
	reconciler.RecordChanges(ctx, notInFieldsOf(diff, unapplied)...)
	// Update the status now, and not only at the next poll.
	_, err = e.observeByID(ctx, cr, id)
	return managed.ExternalUpdate{}, err
}

// getUpdated reads the resource after an update whose reply does not show it: with a GET if there
// is one, because lists lag.
func (e *external[M, O]) getUpdated(ctx context.Context, cr M, id string) (*O, error) {
	if e.kind.Get == nil {
		return e.get(ctx, cr, id)
	}
	return e.getByID(ctx, cr, id)
}

// update the resource, unless a change that needs a Recheck would replace another value than the
// one observed.
func (e *external[M, O]) update(ctx context.Context, cr M, id string, diff []reconciler.Change) (*O, error) {
	if e.kind.Recheck != nil && slices.ContainsFunc(diff, e.kind.Recheck) {
		o, err := e.getByID(ctx, cr, id)
		if err != nil {
			return nil, err
		}
		now := e.differences(cr, e.withLocalFields(cr, o))
		for _, c := range diff {
			if e.kind.Recheck(c) && !slices.Contains(now, c) {
				e.updateCache(id, o, nil)
				return nil, &apierror.Error{Class: apierror.ClassTransient, Message: fmt.Sprintf("%s is not %q any more, and what somebody else put there stays", c.Field, c.From)}
			}
		}
	}
	o, err := e.kind.Update(ctx, e.conn, cr, id, diff)
	if err == nil && o != nil {
		err = e.checkReply(id, o)
	}
	return o, err
}
