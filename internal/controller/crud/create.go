// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"errors"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// errNoID is returned if the reply to a create has no ID, so that the next reconcile looks for
// the resource.
var errNoID = errors.New("OpenAI confirms the creation without an ID; what was created will be looked for by its name")

// A ReplayedError says that the reply to a create is about a resource that existed before, as
// when a gateway answers from a cache.
type ReplayedError struct {
	// ID in the reply.
	ID string
}

// Error says what the next reconcile does about it.
func (e *ReplayedError) Error() string {
	return fmt.Sprintf("OpenAI's reply to the creation is about %q, which existed before; what was created will be looked for by its name: if that stays so, look for a gateway that answers from a cache", e.ID)
}

// Create creates the resource and sets the external name to its ID.
func (e *external[M, O]) Create(ctx context.Context, cr M) (managed.ExternalCreation, error) {
	known := func(string) bool { return false }
	if col := e.kind.List; col != nil && e.kind.ID == nil {
		known = col.Cached(e.conn, e.parent).Knows
	}
	id, o, err := e.create(ctx, cr)
	switch {
	case err != nil:
	case id == "":
		err = errNoID
	case known(id):
		err = &ReplayedError{ID: id}
	}
	if err != nil {
		if apierror.HadNoEffect(err) {
			// OpenAI created nothing, so that there is nothing to recover.
			reconciler.MarkCreateRefused(cr)
		}
		return managed.ExternalCreation{}, e.conn.ToProjectError(ctx, err)
	}
	if e.single() && o != nil {
		e.updateCache(id, o, nil)
	} else if e.kind.ID != nil {
		// A cached list may still have the deleted resource of the same ID.
		e.markStale(id)
	}
	meta.SetExternalName(cr, id)
	reconciler.MarkCreated(cr, id)
	reconcilestate.Of(ctx).RecordProgress()
	return managed.ExternalCreation{}, nil
}

// create the resource and return its ID, which is empty if the reply does not prove which it is, and the
// resource as the reply shows it.
func (e *external[M, O]) create(ctx context.Context, cr M) (string, *O, error) {
	if e.kind.Create == nil {
		return "", nil, fmt.Errorf("cannot create %q: it %s", meta.GetExternalName(cr), messageNoCreate)
	}
	bySpec := ""
	if e.kind.ID != nil {
		var err error
		if bySpec, err = e.identify(ctx, cr); err != nil {
			return "", nil, err
		}
	}
	o, err := e.kind.Create(ctx, e.conn, cr)
	if err != nil || e.kind.ID != nil || o == nil {
		return bySpec, o, err
	}
	id := e.kind.List.ID(o)
	if id == "" || e.replyHasName(cr, o) {
		return id, o, nil
	}
	// A reply without a name may be about another resource: check the ID with a GET.
	if e.kind.Get == nil {
		return "", nil, nil
	}
	if _, err = e.getByID(ctx, cr, id); err != nil {
		return "", nil, nil //nolint:nilerr // The next reconcile looks for what was created.
	}
	return id, o, nil
}

// replyHasName reports whether a reply has the name of the resource, if resources of the kind
// have names.
func (e *external[M, O]) replyHasName(cr M, o *O) bool {
	if e.kind.Names == nil {
		return true
	}
	_, observed := e.kind.Names(cr, o)
	return observed != ""
}
