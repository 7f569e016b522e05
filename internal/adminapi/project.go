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

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// StatusArchived is the status of an archived project (openai-go, Project.Status).
const StatusArchived = "archived"

// AttributeToProject replaces the error of a failed call by an *apierror.ProjectError if the project of
// the connection is the reason. OpenAI answers 404 both for an unknown project and for an unknown member,
// and 400 for members of an archived project, so that it takes another call to find out.
func (c *Connection) AttributeToProject(ctx context.Context, err error) error {
	if c.Project == "" || !apierror.MayBeOfProject(err) {
		return err
	}
	// With a state of its own, as a failure of this call must not delay the reconcile.
	ownCtx, _ := reconcilestate.New(ctx, reconcilestate.Of(ctx).Object())
	p, perr := c.Organization.Projects.Get(ownCtx, c.Project)
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
		// It remains unknown whether the member or its project does not exist.
		var e *apierror.Error
		if errors.As(perr, &e) {
			reconcilestate.Of(ctx).RecordFailure(e)
		}
		return perr
	}
	return err
}

// IsArchived reports whether OpenAI reported within the last hour that the project of the connection is
// archived. That cannot be undone, while cached lists may still show what was in it.
func (c *Connection) IsArchived() bool { return c.archived.has(c.Project) }

// archivedTTL is how long an archived project is remembered.
const archivedTTL = time.Hour

// archivedProjects remembers the IDs of archived projects for archivedTTL.
type archivedProjects struct {
	mu sync.Mutex
	at map[string]time.Time
}

func (a *archivedProjects) add(id string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.at, func(_ string, at time.Time) bool { return time.Since(at) > archivedTTL })
	if a.at == nil {
		a.at = map[string]time.Time{}
	}
	a.at[id] = time.Now()
}

func (a *archivedProjects) has(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	at, ok := a.at[id]
	return ok && time.Since(at) <= archivedTTL
}

// IsArchived reports whether the status of a project is that of an archived one.
func IsArchived(status string) bool { return strings.EqualFold(status, StatusArchived) }
