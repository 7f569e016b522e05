// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// fieldName is the field below spec.forProvider that every kind with a name has.
const fieldName = "name"

// shortestCut is the least that a shortened name has left. What is shorter may be a name
// of its own, as checkout beside checkout-eu is.
const shortestCut = 32

// isSameName reports whether OpenAI can have made of one name the other: without outer
// blanks, with single ones, in other letters, or cut at the end. Longest is the length of
// the longest name that OpenAI lists: one that is shorter was not cut.
func isSameName(desired, observed string, longest int) bool {
	cut := utf8.RuneCountInString(observed)
	desired, observed = folded(desired), folded(observed)
	return desired == observed || (cut >= shortestCut && cut >= longest && strings.HasPrefix(desired, observed))
}

// folded leaves of a name what does not change with its form.
func folded(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(name)), " "))
}

// isFormOfName reports whether a difference is that of one name in two forms, which OpenAI
// does not do away with.
func isFormOfName(c reconciler.Change) bool {
	return c.Field == fieldName && isSameName(c.To, c.From, 0)
}
