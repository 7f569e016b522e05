// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"fmt"
	"reflect"

	"github.com/openai/openai-go/v3/packages/respjson"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// NewSingleton returns the Collection of something that each project has one of at most, such as its spend
// limit. Its list has one item, with the ID of the project, or none if the GET answers 404. What the GET or the
// last write showed is cached for as long as a list. Observe converts the SDK's type S.
func NewSingleton[S, O any](
	name string,
	observe func(project string, s *S) *O,
	projectOf func(o *O) string,
	get func(ctx context.Context, c *Connection, project string) (*S, error),
) inventory.Collection[*Connection, O] {
	return inventory.Collection[*Connection, O]{
		Name: name, ID: projectOf, Single: true, Trim: truncate.Fields[O],
		Page: func(ctx context.Context, c *Connection, project, _ string) ([]O, string, error) {
			s, err := get(ctx, c, project)
			err = c.ToProjectErrorUnlessSeen(ctx, err)
			switch {
			case IsResourceNotFound(err):
				return nil, "", nil
			case err != nil:
				return nil, "", err
			case !HasFields(s):
				return nil, "", IncompleteReply(name, project)
			}
			return []O{*observe(project, s)}, "", nil
		},
	}
}

// IncompleteReply is the error for a reply that leaves out what it is about. The call may have been made.
func IncompleteReply(about, project string) error {
	return incomplete(fmt.Sprintf("%s of project %q", about, project), "its fields")
}

// IncompleteItem is the error for a reply that leaves out a field of something with an ID without which nothing can
// be decided.
func IncompleteItem(about, id string) error {
	return incomplete(fmt.Sprintf("%s %q", about, id), "what must be known")
}

func incomplete(about, missing string) error {
	return &apierror.Error{Class: apierror.ClassTransient, Message: fmt.Sprintf("the reply about %s leaves out %s: if that stays so, look for a gateway that answers in OpenAI's place", about, missing)}
}

// HasFields reports whether a reply has any field of the SDK's type but the one that names the type. A
// gateway's {} would read as zeros.
func HasFields[S any](s *S) bool {
	replied := reflect.ValueOf(s).Elem().FieldByName("JSON")
	for i := range replied.NumField() {
		field := replied.Type().Field(i)
		if !field.IsExported() || field.Name == "Object" {
			continue
		}
		if f, ok := reflect.TypeAssert[respjson.Field](replied.Field(i)); ok && f.Valid() {
			return true
		}
	}
	return false
}
