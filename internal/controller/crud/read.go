// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// itemID is the part of an ID by which a list of its parent has it.
func itemID(id string) string { return id[strings.LastIndex(id, "/")+1:] }

// get the resource from the list of all, or by itself if it is not there: a list may
// lag, and leaves out what was archived.
func (e *external[M, O]) get(ctx context.Context, cr M, id string) (*O, error) {
	col := e.kind.List
	if e.conn.IsArchived() {
		return nil, &apierror.ProjectError{Project: e.conn.Project, Archived: true}
	}
	if col == nil || (e.conn.Inventory().Disabled && e.kind.Get != nil) {
		return e.ask(ctx, cr, id)
	}
	all, err := col.List(ctx, e.conn, e.parent, e.from)
	if err != nil {
		return nil, err
	}
	if o, ok := all.Get(itemID(id)); ok {
		return o, nil
	}
	if e.kind.Get == nil {
		return e.getListed(ctx, id)
	}
	o, err := e.ask(ctx, cr, id)
	if err == nil && (e.kind.Absent == nil || e.kind.Absent(cr, o) == "") {
		col.Put(e.conn, e.parent, *o)
	}
	return o, err
}

// getListed gets what is only listed from a list as it is now: one that is as old as a poll
// says nothing of what was made since.
func (e *external[M, O]) getListed(ctx context.Context, id string) (*O, error) {
	all, err := e.kind.List.List(ctx, e.conn, e.parent, time.Now())
	if err != nil {
		return nil, err
	}
	if o, ok := all.Get(itemID(id)); ok {
		return o, nil
	}
	return nil, &apierror.Error{Class: apierror.ClassNotFound, Message: fmt.Sprintf("a complete list leaves out %q", id)}
}

// ask for the resource by its ID.
func (e *external[M, O]) ask(ctx context.Context, cr M, id string) (*O, error) {
	o, err := e.kind.Get(ctx, e.conn, cr, id)
	if err != nil {
		return nil, err
	}
	return o, e.confirm(id, o)
}

// confirm that a reply is about the resource with an ID, and keep no more of it than is
// shown.
func (e *external[M, O]) confirm(id string, o *O) error {
	truncate.Fields(o)
	if e.kind.List == nil {
		return nil
	}
	return adminapi.ConfirmID(itemID(id), e.kind.List.ID(o))
}

// learn from a call what became of the resource: o if it succeeded and the resource
// lives, nil if it is no more.
func (e *external[M, O]) learn(id string, o *O, err error) {
	col := e.kind.List
	switch {
	case col == nil:
	case err == nil && o != nil:
		// What was read from the list itself is shared.
		col.Put(e.conn, e.parent, *copied(o))
	case err == nil, apierror.IsProjectArchived(err):
		col.Remove(e.conn, e.parent, itemID(id))
	case apierror.IsAmbiguous(err), apierror.IsNotFound(err):
		// That it is not found is believed once a list leaves it out as well.
		e.forget(id)
	}
}

// forget how the resource is: whoever asks is answered by a new list.
func (e *external[M, O]) forget(id string) {
	if e.kind.List != nil {
		e.kind.List.MarkStale(e.conn, e.parent, itemID(id))
	}
}

// find what an interrupted create may have made, in a list as it is now. There is nothing in
// an archived project.
func (e *external[M, O]) find(ctx context.Context, cr M) ([]Found, error) {
	col := e.kind.List
	all, err := col.List(ctx, e.conn, e.parent, time.Now())
	if err = e.conn.AttributeToProject(ctx, err); apierror.IsProjectArchived(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// What comes now is to be told apart by the same list.
	if e.listed, err = e.listedBefore(all); err != nil {
		return nil, err
	}
	longest := 0
	for o := range all.All() {
		if e.kind.Names != nil {
			_, observed := e.kind.Names(cr, o)
			longest = max(longest, utf8.RuneCountInString(observed))
		}
	}
	before := cr.OwnershipStatus().ListedBeforeCreate
	var out []Found
	for o := range all.All() {
		matches, exact := e.matches(cr, o, longest)
		if !matches {
			continue
		}
		f := Found{ID: col.ID(o), Exact: exact}
		if e.kind.CreatedAt != nil {
			f.CreatedAt = e.kind.CreatedAt(o)
		} else if f.New, err = isNew(before, f.ID); err != nil {
			return nil, err
		} else if before != "" && !f.New {
			continue
		}
		out = append(out, f)
	}
	return out, nil
}

// matches reports whether a create of the managed resource can have made a resource, and
// whether that has the very name which was asked for.
func (e *external[M, O]) matches(cr M, o *O, longest int) (matches, exact bool) {
	matches, exact = true, true
	if e.kind.Names != nil {
		desired, observed := e.kind.Names(cr, o)
		matches, exact = isSameName(desired, observed, longest), desired == observed
	}
	if e.kind.Match != nil {
		matches = matches && e.kind.Match(cr, o)
	}
	return matches, exact
}
