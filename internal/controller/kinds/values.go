// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/openai/openai-go/v3/packages/param"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kind"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// Fields of changes, below spec.forProvider.
const (
	fieldName          = "name"
	fieldRole          = "role"
	fieldExternalKeyID = "externalKeyID"
)

// found picks from a list, as it is now, what has a name, in whatever form OpenAI keeps it.
func found[O any](ctx context.Context, col *adminapi.Collection[*adminapi.Connection, O], c *adminapi.Connection, want string, is func(o *O) (name string, f kind.Found)) ([]kind.Found, error) {
	all, err := col.List(ctx, c, c.Project, time.Now())
	if err != nil {
		return nil, err
	}
	longest := 0
	for o := range all.All() {
		name, _ := is(o)
		longest = max(longest, utf8.RuneCountInString(name))
	}
	var out []kind.Found
	for o := range all.All() {
		if name, f := is(o); sameName(want, name, longest) {
			f.Exact = name == want
			out = append(out, f)
		}
	}
	return out, nil
}

// difference between what is asked for and what is observed; nil if there is none, or
// if nothing is asked for.
func difference(field string, desired *string, observed string) *setup.Change {
	if desired == nil || *desired == observed {
		return nil
	}
	return &setup.Change{Field: field, From: observed, To: *desired}
}

func differences(all ...*setup.Change) []setup.Change {
	var out []setup.Change
	for _, c := range all {
		if c != nil {
			out = append(out, *c)
		}
	}
	return out
}

// changed is what a field is changed to; left out if it is not changed.
func changed(diff []setup.Change, field string) param.Opt[string] {
	for _, c := range diff {
		if c.Field == field {
			return param.NewOpt(c.To)
		}
	}
	return param.Opt[string]{}
}

// cleared makes null of an empty text that something is changed to.
func cleared(to param.Opt[string]) param.Opt[string] {
	if to.Valid() && to.Value == "" {
		return param.Null[string]()
	}
	return to
}

// createdID is the ID that the reply to a create tells. A reply that does not tell the name
// may be about something else: then OpenAI is asked for what has the ID. Empty: none has.
func createdID(id, name string, get func() (id string, err error)) string {
	if id == "" || name != "" {
		return id
	}
	if found, err := get(); err != nil || found != id {
		return ""
	}
	return id
}

// given is a text that was asked for; nil if it is empty.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// name that something is created with: the one given, else the object's own.
func name(o metav1.Object, given *string) string { return valueOr(given, o.GetName()) }

func value(s *string) string { return valueOr(s, "") }

func valueOr(s *string, otherwise string) string {
	if s == nil {
		return otherwise
	}
	return *s
}

func optional(s *string) param.Opt[string] {
	if s == nil {
		return param.Opt[string]{}
	}
	return param.NewOpt(*s)
}
