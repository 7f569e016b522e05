// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// fieldName is the name of the field for the name in ResourceName.
const fieldName = "name"

// minTruncated is the least length of a name that counts as truncated. A shorter one may be a
// name of its own, as checkout is beside checkout-eu.
const minTruncated = 32

// isSameName reports whether OpenAI can have made the observed name of the desired one: trimmed,
// with single blanks, in another case or Unicode form, or truncated. Longest is the length of the
// longest name in the list: a shorter one was not truncated.
func isSameName(desired, observed string, longest int) bool {
	length := utf8.RuneCountInString(observed)
	desired, observed = normalized(desired), normalized(observed)
	return desired == observed || (length >= minTruncated && length >= longest && strings.HasPrefix(desired, observed))
}

// normalized returns a name without its differences in blanks, case and Unicode form.
func normalized(name string) string {
	return strings.ToLower(strings.Join(strings.Fields(norm.NFC.String(name)), " "))
}

// isFormOfDesiredName reports whether a change would replace a name by another form of the same
// name, which OpenAI does not keep.
func isFormOfDesiredName(c reconciler.Change) bool {
	return c.Field == fieldName && isSameName(c.To, c.From, 0)
}
