// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3/packages/param"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// ObservationOf makes the observation of what a call returned about a thing below a parent, which is
// a project's ID unless the kind's Parent is another.
func ObservationOf[S, O any](parent string, observe func(parent string, o *S) *O) func(o *S, err error) (*O, error) {
	return func(o *S, err error) (*O, error) {
		if err != nil {
			return nil, err
		}
		return observe(parent, o), nil
	}
}

// Deleted fails unless the reply to a deletion, which is read if there is one, says that what
// has an ID was deleted. A reply that has no ID gives an empty one.
func Deleted(id string, err error, read func() (repliedID string, deleted bool)) error {
	if err != nil {
		return err
	}
	repliedID, deleted := read()
	return adminapi.ConfirmDeleted(id, repliedID, deleted)
}

// Gone reports whether OpenAI neither finds what has an ID, as the error of the call that gets
// it says, nor lists it below a parent.
func Gone[O any](ctx context.Context, c *adminapi.Connection, list *inventory.Collection[*adminapi.Connection, O], parent, id string, err error) bool {
	return adminapi.IsGone(err) && list.ConfirmUnlisted(ctx, c, parent, id) == nil
}

// TextIf is a text if something is so, and empty otherwise.
func TextIf(so bool, text string) string {
	if so {
		return text
	}
	return ""
}

// TimeOf an observation; zero: there is none.
func TimeOf(t *metav1.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.Time
}

// Difference between what a field is to have and what is observed; nil if there is none, or
// if the field was left out.
func Difference[T comparable](field string, desired *T, observed T) *reconciler.Change {
	if desired == nil || *desired == observed {
		return nil
	}
	return &reconciler.Change{Field: field, From: fmt.Sprint(observed), To: fmt.Sprint(*desired)}
}

// SetDifference is the Difference of a list whose order means nothing. One that is empty is
// asked for; nil is left out.
func SetDifference(field string, desired, observed []string) *reconciler.Change {
	if desired == nil {
		return nil
	}
	return Difference(field, new(asSet(desired)), asSet(observed))
}

func asSet(list []string) string {
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(list))), ", ")
}

// Differences are those of the given that are any.
func Differences(all ...*reconciler.Change) []reconciler.Change {
	var out []reconciler.Change
	for _, c := range all {
		if c != nil {
			out = append(out, *c)
		}
	}
	return out
}

// Changed is what a text is changed to; left out if it is not changed.
func Changed(diff []reconciler.Change, field string) param.Opt[string] {
	for _, c := range diff {
		if c.Field == field {
			return param.NewOpt(c.To)
		}
	}
	return param.Opt[string]{}
}

// Cleared makes null of an empty text that something is changed to.
func Cleared(to param.Opt[string]) param.Opt[string] {
	if to.Valid() && to.Value == "" {
		return param.Null[string]()
	}
	return to
}

// NonEmpty is a text that was asked for; nil if it is empty.
func NonEmpty(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Name that something is created with: the one given, else the object's own.
func Name(o metav1.Object, given *string) string { return ValueOr(given, o.GetName()) }

// Value of a field; zero if it was left out.
func Value[T any](v *T) T { return ValueOr(v, *new(T)) }

// ValueOr is the value of a field, or another one if it was left out.
func ValueOr[T any](v *T, otherwise T) T {
	if v == nil {
		return otherwise
	}
	return *v
}

// Optional is a parameter that is left out if its field was.
func Optional[T comparable](v *T) param.Opt[T] {
	if v == nil {
		return param.Opt[T]{}
	}
	return param.NewOpt(*v)
}
