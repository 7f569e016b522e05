// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// A candidate is a resource at OpenAI that an interrupted create may have made.
type candidate struct {
	// ID of the resource.
	ID string
	// CreatedAt is when it was created; zero: OpenAI does not say.
	CreatedAt time.Time
	// New means that it was not listed before the create.
	New bool
	// Exact means that it has exactly the desired name, and not a form of it that OpenAI may have
	// made of it.
	Exact bool
}

// findCreated fetches a new list and returns the resources in it that an interrupted create may
// have made. There are none in an archived project.
func (e *external[M, O]) findCreated(ctx context.Context, cr M) ([]candidate, error) {
	col := e.kind.List
	all, err := col.List(ctx, e.conn, e.parent, time.Now())
	if err = e.conn.ToProjectError(ctx, err); apierror.IsProjectArchived(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// A create that follows is recognized by this list, too.
	if e.listedBeforeCreate, err = e.summaryIfUndated(all); err != nil {
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
	var out []candidate
	for o := range all.All() {
		matches, exact := e.matches(cr, o, longest)
		if !matches {
			continue
		}
		f := candidate{ID: col.ID(o), Exact: exact}
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

// matches reports whether a create of the managed resource can have made a resource, and whether
// that has exactly the desired name. Longest is the length of the longest name in the list.
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
