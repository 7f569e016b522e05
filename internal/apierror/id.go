// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"fmt"
	"regexp"

	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// segment matches the elements of a path: OpenAI's IDs, such as user-abc123, rl-gpt-4.1 and
// rl-ft:gpt-4o:org::abc, and the names of collections. A gateway could decode other characters, or take
// them for part of the path.
var segment = regexp.MustCompile(`^[A-Za-z0-9._:~@=+-]{1,256}$`)

// An IDError is returned for a text that cannot be an ID of OpenAI's. No call is made with it, which could
// be about another resource if a gateway changes the path.
type IDError struct {
	// ID is the invalid text.
	ID string
}

// Error quotes the ID, and names the remedy.
func (e *IDError) Error() string {
	return fmt.Sprintf("%q cannot be an ID of OpenAI's, which have letters, digits and . _ : ~ @ = + - only: correct the external name, or the field or annotation that it comes from", Redact(truncate.ForDisplay(e.ID, 100)))
}

// Terminal reports that only the user can end the error.
func (e *IDError) Terminal() bool { return true }

// IsID reports whether a text can be an ID of OpenAI's.
func IsID(id string) bool { return segment.MatchString(id) && id != "." && id != ".." }
