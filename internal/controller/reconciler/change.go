// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"
	"strings"
)

// A Change is a field that an update changes at OpenAI. It never holds a key.
type Change struct {
	// Field below spec.forProvider, such as name.
	Field string
	// From and To are its values, observed and desired.
	From, To string
}

// String is the change as events show it, such as name "a" -> "b".
func (c Change) String() string { return fmt.Sprintf("%s %q -> %q", c.Field, c.From, c.To) }

// Describe changes in one line, separated by commas.
func Describe(changes []Change) string {
	texts := make([]string, 0, len(changes))
	for _, c := range changes {
		texts = append(texts, c.String())
	}
	return strings.Join(texts, ", ")
}

// RecordChanges records what an update changed, for its event.
func RecordChanges(ctx context.Context, changes ...Change) {
	s := stateOf(ctx)
	s.changes = append(s.changes, changes...)
}
