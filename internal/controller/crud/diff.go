// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"fmt"
	"slices"
	"strings"

	"github.com/openai/openai-go/v3/packages/param"

	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// Difference between the desired and the observed value of a field; nil if there is none, or if
// the field is left out.
func Difference[T comparable](field string, desired *T, observed T) *reconciler.Change {
	if desired == nil || *desired == observed {
		return nil
	}
	return &reconciler.Change{Field: field, From: fmt.Sprint(observed), To: fmt.Sprint(*desired)}
}

// SetDifference is the Difference of a list whose order does not matter. An empty list is
// desired; nil is left out.
func SetDifference(field string, desired, observed []string) *reconciler.Change {
	if desired == nil {
		return nil
	}
	return Difference(field, new(asSet(desired)), asSet(observed))
}

func asSet(list []string) string {
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(list))), ", ")
}

// Differences returns those of the differences that are not nil.
func Differences(all ...*reconciler.Change) []reconciler.Change {
	var out []reconciler.Change
	for _, c := range all {
		if c != nil {
			out = append(out, *c)
		}
	}
	return out
}

// Changed is the new value of a text, as a parameter of the SDK that is left out if the text does
// not change.
func Changed(diff []reconciler.Change, field string) param.Opt[string] {
	for _, c := range diff {
		if c.Field == field {
			return param.NewOpt(c.To)
		}
	}
	return param.Opt[string]{}
}

// Cleared turns the new value of a text into null if it is empty.
func Cleared(to param.Opt[string]) param.Opt[string] {
	if to.Valid() && to.Value == "" {
		return param.Null[string]()
	}
	return to
}
