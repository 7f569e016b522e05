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

// ToProjectError replaces the error of a failed call by an *apierror.ProjectError if the project of
// the connection is the reason. OpenAI answers 404 both for an unknown project and for an unknown member,
// and 400 for members of an archived project, so that it takes another call to find out.
func (c *Connection) ToProjectError(ctx context.Context, err error) error {
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

// ToProjectErrorUnlessSeen is ToProjectError for a setting that projects often lack, so that a 404 is common. It
// returns a 404 as it is, without asking for the project, if that existed within the last minute. Whoever takes
// something for deleted because of a 404 needs ToProjectError instead.
func (c *Connection) ToProjectErrorUnlessSeen(ctx context.Context, err error) error {
	if apierror.IsNotFound(err) && c.existing.has(c.Project) {
		return err
	}
	err = c.ToProjectError(ctx, err)
	if IsResourceNotFound(err) {
		c.existing.add(c.Project)
	}
	return err
}

const (
	// archivedTTL is how long an archived project is remembered.
	archivedTTL = time.Hour

	// existingTTL is how long a project is remembered that exists.
	existingTTL = time.Minute
)

// recentProjects remembers the IDs of projects for some time.
type recentProjects struct {
	ttl time.Duration

	mu sync.Mutex
	at map[string]time.Time
}

func (r *recentProjects) add(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	maps.DeleteFunc(r.at, func(_ string, at time.Time) bool { return time.Since(at) > r.ttl })
	if r.at == nil {
		r.at = map[string]time.Time{}
	}
	r.at[id] = time.Now()
}

func (r *recentProjects) has(id string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.at[id]
	return ok && time.Since(at) <= r.ttl
}

// IsArchived reports whether the status of a project is that of an archived one.
func IsArchived(status string) bool { return strings.EqualFold(status, StatusArchived) }
