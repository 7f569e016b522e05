// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"maps"
	"strings"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// StatusArchived is the status of a project that was archived, which cannot be
// undone (openai-go, Project.Status).
const StatusArchived = "archived"

// AttributeToProject replaces the error of a failed call by a *ProjectError if the project of
// the connection, if it has one, is the reason. OpenAI answers 404 for an unknown project as it
// does for an unknown member, and 400 for the members of an archived one, so
// that it takes another call to know.
func (c *Connection) AttributeToProject(ctx context.Context, err error) error {
	if c.Project == "" || !apierror.MayBeOfProject(err) {
		return err
	}
	// Whether the project can be asked for is no reason to wait with what is known.
	asking := ratelimit.WithOwnTracker(ctx)
	p, perr := c.Organization.Projects.Get(asking, c.Project)
	if perr == nil {
		perr = ConfirmID(c.Project, p.ID)
	}
	switch {
	case apierror.IsNotFound(perr):
		return &apierror.ProjectError{Project: c.Project, Err: err}
	case perr == nil && IsArchived(p.Status):
		c.archived.add(c.Project)
		return &apierror.ProjectError{Project: c.Project, Archived: true, Err: err}
	case perr != nil && apierror.IsNotFound(err):
		// Whether a member or its project is not found is not known.
		var e *apierror.Error
		if errors.As(perr, &e) {
			ratelimit.RecordFailure(ctx, e)
		}
		return perr
	}
	return err
}

// IsArchived reports whether OpenAI said of late that the project of the connection is
// archived, which cannot be undone. Lists may still show what was in it.
func (c *Connection) IsArchived() bool { return c.archived.has(c.Project) }

// archivedFor is how long a project is remembered to be archived.
const archivedFor = time.Hour

// recently keeps names for archivedFor.
type recently struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (r *recently) add(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.at, func(_ string, at time.Time) bool { return time.Since(at) > archivedFor })
	if r.at == nil {
		r.at = map[string]time.Time{}
	}
	r.at[name] = time.Now()
}

func (r *recently) has(name string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.at[name]
	return ok && time.Since(at) <= archivedFor
}

// IsArchived reports whether the status of a project says that it was archived, which
// cannot be undone.
func IsArchived(status string) bool { return strings.EqualFold(status, StatusArchived) }
