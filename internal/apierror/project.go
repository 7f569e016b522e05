// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"errors"
	"fmt"
	"net/http"
)

// A ProjectError says that a call failed because its project does not exist or
// is archived.
type ProjectError struct {
	// Project that the call was about.
	Project string
	// Archived tells an archived project from one that does not exist.
	Archived bool
	Err      error
}

// Error names the project and the remedy.
func (e *ProjectError) Error() string {
	if e.Archived {
		return fmt.Sprintf("project %q is archived, which cannot be undone: create this in another project", e.Project)
	}
	return fmt.Sprintf("project %q does not exist in the admin key's organization: correct the project ID in a new object, or the organization and credentials of the provider configuration", e.Project)
}

// Terminal reports whether only the user can end this.
func (e *ProjectError) Terminal() bool { return e.Archived }

// TerminalIfLasting reports that only the user can end this, unless the project was made a
// moment ago.
func (e *ProjectError) TerminalIfLasting() bool { return true }

// Unwrap returns the failed call.
func (e *ProjectError) Unwrap() error { return e.Err }

// MayBeOfProject reports whether the refusal of a call about a member may come from its
// project. Whoever answers the members of an archived project does not matter: what
// counts is what OpenAI says of the project.
func MayBeOfProject(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Status == http.StatusUnauthorized || e.Status == http.StatusTooManyRequests {
		return false
	}
	if (e.Class == ClassUnauthorized || e.Class == ClassQuota) && !e.byWords {
		return false
	}
	return e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError
}

// IsProjectError tells whether a call failed because of its project.
func IsProjectError(err error) bool {
	var pe *ProjectError
	return errors.As(err, &pe)
}

// IsProjectArchived tells whether a call failed because its project is archived,
// so that all that was in it has ended. A project that is merely not found has
// not: OpenAI keeps projects, so that the admin key is of another organization.
func IsProjectArchived(err error) bool {
	var pe *ProjectError
	return errors.As(err, &pe) && pe.Archived
}
