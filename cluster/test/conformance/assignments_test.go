// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "strings"

// joined is the external name of an assignment with these IDs.
func joined(ids ...string) string { return strings.Join(ids, "/") }

// parts of the external name of an assignment.
func parts(id string) (of, whom string) {
	of, whom, _ = strings.Cut(id, "/")
	return of, whom
}
