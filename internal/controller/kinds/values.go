// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"time"

	"github.com/openai/openai-go/v3/packages/param"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// Fields of changes, below spec.forProvider.
const (
	fieldRole          = "role"
	fieldExternalKeyID = "externalKeyID"
)

// got makes the observation of what a call returned about a thing below a parent.
func got[S, O any](parent string, observe func(parent string, o *S) *O) func(o *S, err error) (*O, error) {
	return func(o *S, err error) (*O, error) {
		if err != nil {
			return nil, err
		}
		return observe(parent, o), nil
	}
}

// deleted fails unless the reply to a deletion, which is read if there is one, says that what
// has an ID was deleted.
func deleted(id string, err error, read func() (repliedID string, deleted bool)) error {
	if err != nil {
		return err
	}
	repliedID, deleted := read()
	return adminapi.ConfirmDeleted(id, repliedID, deleted)
}

// timeOf an observation; zero: there is none.
func timeOf(t *metav1.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
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
