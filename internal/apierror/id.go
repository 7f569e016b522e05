// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"fmt"
	"regexp"

	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// segment matches what may stand between two slashes of a path: OpenAI's IDs, such as
// user-abc123, rl-gpt-4.1 and rl-ft:gpt-4o:org::abc, and the names of collections.
// Whatever else there is, a gateway may decode, or take for a part of the path. A comma is
// none of these, as the SDK escapes it.
var segment = regexp.MustCompile(`^[A-Za-z0-9._:~@=+-]{1,256}$`)

// An IDError says that what was given as an ID cannot be one, so that no call is made
// with it: with a gateway in between it could be about something else.
type IDError struct {
	// ID that was given.
	ID string
}

// Error quotes the ID, and names the remedy.
func (e *IDError) Error() string {
	return fmt.Sprintf("%q cannot be an ID of OpenAI's, which have letters, digits and . _ : - only: correct the external name, or the field or annotation that it comes from", Redact(truncate.ForDisplay(e.ID, 100)))
}

// Terminal reports that only the user can end this.
func (e *IDError) Terminal() bool { return true }

// IsID reports whether something can be an ID of OpenAI's.
func IsID(id string) bool { return segment.MatchString(id) && id != "." && id != ".." }
