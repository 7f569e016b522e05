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

// The page sizes to request: the largest that OpenAI allows (OpenAPI document, list operations).
const (
	PageSize      = 100  // of most lists
	LargePageSize = 1000 // of groups, roles and their assignments
)

// maxCursorBytes bounds a cursor. All cursors of a list are retained until it is complete.
const maxCursorBytes = 4 << 10

// A Page of a list, made from one of the SDK's three page types by ByLastID, ByItemID or ByNext.
type Page[S any] struct {
	items []S
	// isList is whether the reply has the field data. Without it the page does not show what exists.
	isList bool
	// more and last are whether the reply says that more items follow, or that none do. Both are
	// false if it says neither.
	more, last bool
	// next is the cursor of the next page, if opaque. Otherwise the cursor is the ID of the last item.
	next   string
	opaque bool
}

// ByLastID reads a page of a list whose cursor is its field last_id. That is always the ID of the last
// item, which is used instead, since a gateway may drop the field.
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

// ByNext reads a page of a list whose cursor is its field next, an opaque text.
func ByNext[S any](p *pagination.NextCursorPage[S], err error) (Page[S], error) {
	if err != nil {
		return Page[S]{}, err
	}
	return Page[S]{
		items: p.Data, isList: p.JSON.Data.Valid(), more: p.HasMore, last: p.JSON.HasMore.Valid() && !p.HasMore,
		next: p.Next, opaque: true,
	}, nil
}

// Limit is the request parameter for the page size.
func Limit(size int64) param.Opt[int64] { return openai.Int(size) }

// After is the request parameter for the page after a cursor; it is omitted for the first page.
func After(cursor string) param.Opt[string] {
	if cursor == "" {
		return param.Opt[string]{}
	}
	return openai.String(cursor)
}

// NewCollection describes items that OpenAI lists by parent and that are cached as O, to which observe
// converts the SDK's type S. The parent is a project's ID unless the collection documents another one;
// it is empty for lists of the organization.
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
				return nil, "", c.ToProjectError(ctx, err)
			}
			items := make([]O, len(p.items))
			for i := range p.items {
				items[i] = *observe(parent, &p.items[i])
			}
			return readPage(p, items, id)
		},
		Trim: truncate.Fields[O],
	}
}

// Items returns the items of a page. It fails if the reply is not a valid page, which does not show what
// exists.
func Items[S any](p Page[S], id func(s *S) string) ([]S, error) {
	items, _, err := readPage(p, p.items, id)
	return items, err
}

// readPage returns the items of a page, and the cursor of the next one; empty: it is the last. After a page
// that does not say whether more follow, the next is requested, as the SDK does. Cursors are copied, since
// they are retained longer than the reply. It fails if the reply is not a valid page.
func readPage[S, O any](p Page[S], items []O, id func(o *O) string) ([]O, string, error) {
	switch {
	case !p.isList:
		return nil, "", apierror.BrokenList("is no list: it has no data")
	case p.more && len(items) == 0:
		return nil, "", apierror.BrokenList("is empty and says that more follow")
	case p.more && p.opaque && p.next == "":
		return nil, "", apierror.BrokenList("says that more follow, and not where")
	case len(p.next) > maxCursorBytes:
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
