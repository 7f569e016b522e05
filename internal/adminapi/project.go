// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"
)

// StatusArchived is the status of a project that was archived, which cannot be
// undone (openai-go, Project.Status).
const StatusArchived = "archived"

// A ProjectError says that a call failed because its project does not exist or
// is archived.
type ProjectError struct {
	// Project that the call was about.
	Project string
	// Archived tells an archived project from one that does not exist.
	Archived bool
	err      error
}

// Error names the project and the remedy.
func (e *ProjectError) Error() string {
	if e.Archived {
		return fmt.Sprintf("project %q is archived, which cannot be undone: create this in another project", e.Project)
	}
	return fmt.Sprintf("project %q does not exist in the admin key's organisation: correct the project ID in a new object, or the organisation and credentials of the provider configuration", e.Project)
}

// Terminal reports whether only the user can end this.
func (e *ProjectError) Terminal() bool { return e.Archived }

// TerminalIfLasting reports that only the user can end this, unless the project was made a
// moment ago.
func (e *ProjectError) TerminalIfLasting() bool { return true }

// Unwrap returns the failed call.
func (e *ProjectError) Unwrap() error { return e.err }

// Blame replaces the error of a failed call by a *ProjectError if the project of
// the connection, if it has one, is the reason. OpenAI answers 404 for an unknown project as it
// does for an unknown member, and 400 for the members of an archived one, so
// that it takes another call to know.
func (c *Connection) Blame(ctx context.Context, err error) error {
	if c.Project == "" || !mayBeTheProject(err) {
		return err
	}
	// Whether the project can be asked for is no reason to wait with what is known.
	asking, pace := WithPace(ctx)
	pace.For(paceOf(ctx).name())
	p, perr := c.Organization.Projects.Get(asking, c.Project)
	if perr == nil {
		perr = ConfirmID(c.Project, p.ID)
	}
	switch {
	case IsNotFound(perr):
		return &ProjectError{Project: c.Project, err: err}
	case perr == nil && IsArchived(p.Status):
		c.archived.add(c.Project)
		return &ProjectError{Project: c.Project, Archived: true, err: err}
	case perr != nil && IsNotFound(err):
		// Whether a member or its project is not found is not known.
		var e *Error
		if errors.As(perr, &e) {
			note(ctx, e)
		}
		return perr
	}
	return err
}

// IsArchived reports whether OpenAI said of late that the project of the connection is
// archived, which cannot be undone. Lists may still show what was in it.
func (c *Connection) IsArchived() bool { return c.archived.has(c.Project) }

// recently keeps names for an hour.
type recently struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (r *recently) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.at, func(_ string, at time.Time) bool { return time.Since(at) > idleAfter })
	if r.at == nil {
		r.at = map[string]time.Time{}
	}
	r.at[name] = time.Now()
}

func (r *recently) has(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.at[name]
	return ok && time.Since(at) <= idleAfter
}

// mayBeTheProject reports whether the refusal of a call about a member may come from its
// project. Whoever answers the members of an archived project does not matter: what
// counts is what OpenAI says of the project.
func mayBeTheProject(err error) bool {
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

// IsArchived reports whether the status of a project says that it was archived, which
// cannot be undone.
func IsArchived(status string) bool { return strings.EqualFold(status, StatusArchived) }

// IsProjectError tells whether a call failed because of its project.
func IsProjectError(err error) bool {
	var pe *ProjectError
	return errors.As(err, &pe)
}

// IsProjectArchived tells whether a call failed because its project is archived,
// so that all that was in it has ended. A project that is merely not found has
// not: OpenAI keeps projects, so that the admin key is of another organisation.
func IsProjectArchived(err error) bool {
	var pe *ProjectError
	return errors.As(err, &pe) && pe.Archived
}
