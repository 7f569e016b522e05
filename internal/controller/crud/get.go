// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// lastPart of an ID is the ID of the resource in the list of its parent.
func lastPart(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// get the resource from the cached list, or with a GET if it is not there: a list may lag, and
// leaves out archived projects.
func (e *external[M, O]) get(ctx context.Context, cr M, id string) (*O, error) {
	col := e.kind.List
	if e.conn.IsArchived() && !e.kind.OutlivesProject {
		return nil, &apierror.ProjectError{Project: e.conn.Project, Archived: true}
	}
	if col == nil || (e.conn.Inventory().Disabled && e.kind.Get != nil) {
		return e.getByID(ctx, cr, id)
	}
	all, err := col.List(ctx, e.conn, e.parent, e.freshAsOf)
	if err != nil {
		return nil, err
	}
	if o, ok := all.Get(lastPart(id)); ok {
		return o, nil
	}
	if e.single() {
		return nil, &apierror.Error{Class: apierror.ClassNotFound, Message: "the project has none"}
	}
	if e.kind.Get == nil {
		return e.getFromNewList(ctx, id)
	}
	o, err := e.getByID(ctx, cr, id)
	if err == nil && (e.kind.CountsAsDeleted == nil || e.kind.CountsAsDeleted(cr, o) == "") {
		col.Put(e.conn, e.parent, *o)
	}
	return o, err
}

// single reports whether a project has one such resource at most, which no list confirms.
func (e *external[M, O]) single() bool { return e.kind.List != nil && e.kind.List.Single }

// getFromNewList gets a resource that has no GET from a list that is fetched now: a cached one
// may be older than the resource.
func (e *external[M, O]) getFromNewList(ctx context.Context, id string) (*O, error) {
	all, err := e.kind.List.List(ctx, e.conn, e.parent, time.Now())
	if err != nil {
		return nil, err
	}
	if o, ok := all.Get(lastPart(id)); ok {
		return o, nil
	}
	return nil, &apierror.Error{Class: apierror.ClassNotFound, Message: fmt.Sprintf("a complete list leaves out %q", id)}
}

// getByID reads the resource with a GET.
func (e *external[M, O]) getByID(ctx context.Context, cr M, id string) (*O, error) {
	o, err := e.kind.Get(ctx, e.conn, cr, id)
	if err != nil {
		return nil, err
	}
	return o, e.checkReply(id, o)
}

// checkReply checks that a reply is about the resource with an ID, and truncates its texts to
// what the status shows.
func (e *external[M, O]) checkReply(id string, o *O) error {
	truncate.Fields(o)
	if e.kind.List == nil {
		return nil
	}
	return adminapi.ConfirmID(lastPart(id), e.kind.List.ID(o))
}

// updateCache records the result of a call: o is the resource after a call that succeeded, nil if
// the call deleted it.
func (e *external[M, O]) updateCache(id string, o *O, err error) {
	col := e.kind.List
	switch {
	case col == nil:
	case err == nil && o != nil:
		// The cache shares what it returns, so that it must have a copy of its own.
		col.Put(e.conn, e.parent, *deepCopyOf(o))
	case err == nil, apierror.IsProjectArchived(err):
		col.Remove(e.conn, e.parent, lastPart(id))
	case apierror.OutcomeUnknown(err), apierror.IsNotFound(err):
		// A 404 alone does not prove that it was deleted: the next list decides.
		e.markStale(id)
	}
}

// markStale has the next reader of the resource fetch a new list.
func (e *external[M, O]) markStale(id string) {
	if e.kind.List != nil {
		e.kind.List.MarkStale(e.conn, e.parent, lastPart(id))
	}
}
