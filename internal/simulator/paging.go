// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/base64"
	"strconv"
)

// A cursorKind is how a list says where its next page begins. The names in the comments are
// those of the SDK's page types (packages/pagination).
type cursorKind int

const (
	// cursorLastID is ConversationCursorPage: after is the reply's last_id.
	cursorLastID cursorKind = iota
	// cursorItemID is CursorPage: after is the ID of the last item, and the
	// reply has no last_id.
	cursorItemID
	// cursorNext is NextCursorPage: after is the reply's next, which is opaque.
	cursorNext
)

// A pageStyle is how the lists of a family are paged.
type pageStyle struct {
	cursor       cursorKind
	defaultLimit int
	maxLimit     int
}

// The styles of several families: by last ID, item ID or next cursor, with their maxLimit.
var (
	styleL100  = pageStyle{cursor: cursorLastID, defaultLimit: 20, maxLimit: 100}
	styleI100  = pageStyle{cursor: cursorItemID, defaultLimit: 20, maxLimit: 100}
	styleN1000 = pageStyle{cursor: cursorNext, defaultLimit: 100, maxLimit: 1000}
)

type lastIDPage struct {
	Object  string  `json:"object"`
	Data    []any   `json:"data"`
	FirstID *string `json:"first_id"`
	LastID  *string `json:"last_id"`
	HasMore bool    `json:"has_more"`
}

type itemIDPage struct {
	Object  string `json:"object"`
	Data    []any  `json:"data"`
	HasMore bool   `json:"has_more"`
}

type nextPage struct {
	Object  string  `json:"object"`
	Data    []any   `json:"data"`
	HasMore bool    `json:"has_more"`
	Next    *string `json:"next"`
}

// A lister says how the records of a family are listed.
type lister[T any] struct {
	id func(T) string
	// keep decides whether a record is listed; nil lists them all.
	keep func(T) bool
	// render makes the JSON form of a record.
	render func(T) any
}

// page of a list of t in the view of the request.
func page[T any](r *request, t *table[T], style pageStyle, l lister[T]) (any, *apiError) {
	limit, aerr := r.limit(style)
	if aerr != nil {
		return nil, aerr
	}
	after := r.URL.Query().Get("after")
	cursor := after
	if style.cursor == cursorNext {
		b, err := base64.RawURLEncoding.DecodeString(after)
		if err != nil {
			return nil, invalidCursor(after)
		}
		cursor = string(b)
	}
	values, ok := t.after(r.view, cursor)
	if !ok {
		return nil, invalidCursor(after)
	}

	data := make([]any, 0, limit)
	var first, last *string
	more := false
	for _, v := range values {
		if l.keep != nil && !l.keep(v) {
			continue
		}
		if len(data) == limit {
			more = true
			break
		}
		id := l.id(v)
		if first == nil {
			first = &id
		}
		last = &id
		data = append(data, l.render(v))
	}

	switch style.cursor {
	case cursorItemID:
		return itemIDPage{Object: "list", Data: data, HasMore: more}, nil
	case cursorNext:
		p := nextPage{Object: "list", Data: data, HasMore: more}
		if more {
			next := base64.RawURLEncoding.EncodeToString([]byte(*last))
			p.Next = &next
		}
		return p, nil
	default:
		return lastIDPage{Object: "list", Data: data, FirstID: first, LastID: last, HasMore: more}, nil
	}
}

func invalidCursor(after string) *apiError {
	return badRequest("invalid_value", "after", "Invalid 'after': no such cursor %q.", after)
}

// limit is the requested page size.
func (r *request) limit(style pageStyle) (int, *apiError) {
	q := r.URL.Query().Get("limit")
	if q == "" {
		return style.defaultLimit, nil
	}
	n, err := strconv.Atoi(q)
	if err != nil || n < 1 || n > style.maxLimit {
		return 0, badRequest("invalid_value", "limit", "Invalid 'limit': %q is not an integer from 1 to %d.", q, style.maxLimit)
	}
	return n, nil
}
