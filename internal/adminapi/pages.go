// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"strings"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/pagination"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// The sizes of pages to ask for: the largest that OpenAI allows (OpenAPI document, list
// operations).
const (
	PageSize      = 100  // of lists that say nothing else
	LargePageSize = 1000 // of groups, roles and who has them
)

// longestCursor bounds a cursor of a list, in bytes. All of a list are kept until it is
// complete.
const longestCursor = 4 << 10

// A Page of a list, in whichever of the SDK's three forms OpenAI answers it.
type Page[S any] struct {
	items []S
	// isList reports whether the reply has any data. What has none proves nothing.
	isList bool
	// more and last report whether the reply says that more items follow, and that none do.
	more, last bool
	// next is the cursor of the next page that the reply gives; without one, it is the ID of
	// the last item.
	next   string
	opaque bool
}

// ByLastID reads a page of a list whose cursor is the ID of the last item, as the page says.
// It is not asked: a gateway may have lost it.
func ByLastID[S any](p *pagination.ConversationCursorPage[S], err error) (Page[S], error) {
	if err != nil {
		return Page[S]{}, err
	}
	return Page[S]{items: p.Data, isList: p.JSON.Data.Valid(), more: p.HasMore, last: p.JSON.HasMore.Valid() && !p.HasMore}, nil
}

// ByItemID reads a page of a list whose cursor is the ID of the last item.
func ByItemID[S any](p *pagination.CursorPage[S], err error) (Page[S], error) {
	if err != nil {
		return Page[S]{}, err
	}
	return Page[S]{items: p.Data, isList: p.JSON.Data.Valid(), more: p.HasMore, last: p.JSON.HasMore.Valid() && !p.HasMore}, nil
}

// ByNext reads a page of a list whose cursor is made by OpenAI and means nothing to others.
func ByNext[S any](p *pagination.NextCursorPage[S], err error) (Page[S], error) {
	if err != nil {
		return Page[S]{}, err
	}
	return Page[S]{
		items: p.Data, isList: p.JSON.Data.Valid(), more: p.HasMore, last: p.JSON.HasMore.Valid() && !p.HasMore,
		next: p.Next, opaque: true,
	}, nil
}

// Limit is the parameter for pages of a size.
func Limit(size int64) param.Opt[int64] { return openai.Int(size) }

// After is the parameter for the page behind a cursor; left out for the first page.
func After(cursor string) param.Opt[string] {
	if cursor == "" {
		return param.Opt[string]{}
	}
	return openai.String(cursor)
}

// NewCollection describes things that OpenAI lists below a parent and that are kept as O,
// which observe makes of what the SDK has for one. The parent is a project's ID unless the
// collection says otherwise; empty: there is none.
func NewCollection[S, O any](
	name string,
	id func(o *O) string,
	observe func(parent string, s *S) *O,
	page func(ctx context.Context, c *Connection, parent, after string) (Page[S], error),
) inventory.Collection[*Connection, O] {
	return inventory.Collection[*Connection, O]{
		Name: name,
		ID:   id,
		Page: func(ctx context.Context, c *Connection, parent, after string) ([]O, string, error) {
			p, err := page(ctx, c, parent, after)
			if err != nil {
				return nil, "", c.AttributeToProject(ctx, err)
			}
			items := make([]O, len(p.items))
			for i := range p.items {
				items[i] = *observe(parent, &p.items[i])
			}
			return contents(p, items, id)
		},
		Trim: truncate.Fields[O],
	}
}

// Items of a page. What is no page proves nothing, and is an error.
func Items[S any](p Page[S], id func(s *S) string) ([]S, error) {
	items, _, err := contents(p, p.items, id)
	return items, err
}

// contents of a page, and the cursor of the next one, which does not hold on to the reply: cursors
// are kept until the list is complete. A page that does not say whether more
// follow is followed up, as the SDK does. What is no page proves nothing about what is in the
// list, and is an error.
func contents[S, O any](p Page[S], items []O, id func(o *O) string) ([]O, string, error) {
	switch {
	case !p.isList:
		return nil, "", apierror.BrokenList("is no list: it has no data")
	case p.more && len(items) == 0:
		return nil, "", apierror.BrokenList("is empty and says that more follow")
	case p.more && p.opaque && p.next == "":
		return nil, "", apierror.BrokenList("says that more follow, and not where")
	case len(p.next) > longestCursor:
		return nil, "", apierror.BrokenList("has a cursor without an end in sight")
	}
	for i := range items {
		switch itsID := id(&items[i]); {
		case itsID == "":
			return nil, "", apierror.BrokenList("holds something without an ID")
		case !apierror.IsID(itsID):
			return nil, "", apierror.BrokenList("holds something whose ID is none of OpenAI's")
		}
	}
	switch {
	case len(items) == 0, p.last:
		return items, "", nil
	case p.opaque:
		return items, strings.Clone(p.next), nil
	}
	return items, strings.Clone(id(&items[len(items)-1])), nil
}
