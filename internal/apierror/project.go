// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"errors"
	"fmt"
	"net/http"
)

// A ProjectError is a call that failed because its project does not exist or is archived.
type ProjectError struct {
	// Project is the ID of the project.
	Project string
	// Archived is whether the project is archived; otherwise it does not exist.
	Archived bool
	// Err is the error of the call.
	Err error
}

// Error names the project and the remedy.
func (e *ProjectError) Error() string {
	if e.Archived {
		return fmt.Sprintf("project %q is archived, which cannot be undone: create this in another project", e.Project)
	}
	return fmt.Sprintf("project %q does not exist in the admin key's organization: correct the project ID in a new object, or the organization and credentials of the provider configuration", e.Project)
}

// Terminal reports whether only the user can end the error.
func (e *ProjectError) Terminal() bool { return e.Archived }

// TerminalIfLasting reports that only the user can end the error once it has lasted: until then the
// project may just have been created.
func (e *ProjectError) TerminalIfLasting() bool { return true }

// Unwrap returns the error of the call.
func (e *ProjectError) Unwrap() error { return e.Err }

// MayBeOfProject reports whether the failure of a call about a member of a project may be due to the
// project. Replies that are not in OpenAI's form count too, since another call about the project decides.
func MayBeOfProject(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	if e.Status == http.StatusUnauthorized || e.Status == http.StatusTooManyRequests {
		return false
	}
	if (e.Class == ClassUnauthorized || e.Class == ClassQuota) && !e.byMessage {
		return false
	}
	return e.Status >= http.StatusBadRequest && e.Status < http.StatusInternalServerError
}

// IsProjectError reports whether a call failed because of its project.
func IsProjectError(err error) bool {
	var pe *ProjectError
	return errors.As(err, &pe)
}

// IsProjectArchived reports whether a call failed because its project is archived, so that everything in
// it has ended. That of a project which is not found has not: OpenAI never deletes projects, so that the
// admin key is of another organization.
func IsProjectArchived(err error) bool {
	var pe *ProjectError
	return errors.As(err, &pe) && pe.Archived
}
