// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package kinds has the kinds that package crud reconciles, one file each.
package kinds

import (
	"context"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type project = v1alpha1.ProjectObservation

func observedProject(_ string, o *openai.Project) *project {
	return &project{ID: o.ID, Name: o.Name, Status: o.Status, Residency: string(o.Residency), ExternalKeyID: o.ExternalKeyID, CreatedAt: adminapi.Time(o.CreatedAt)}
}

// projects of the organization without archived ones, which OpenAI lists only on request.
var projects = adminapi.NewCollection("projects", func(o *project) string { return o.ID }, observedProject,
	func(ctx context.Context, c *adminapi.Connection, _, after string) (adminapi.Page[openai.Project], error) {
		return adminapi.ByLastID(c.Organization.Projects.List(ctx, openai.AdminOrganizationProjectListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// Project is archived on deletion: OpenAI deletes no projects.
var Project = crud.Kind[*v1alpha1.Project, project]{
	Scope:  crud.OfProject[*v1alpha1.Project](),
	Status: func(cr *v1alpha1.Project) *project { return &cr.Status.AtProvider },
	List:   &projects,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string) (*project, error) {
		return crud.ObservationOf("", observedProject)(c.Organization.Projects.Get(ctx, id))
	},
	CreateRoute: ratelimit.CreateProject,
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.Project) (*project, error) {
		p := cr.Spec.ForProvider
		return crud.ObservationOf("", observedProject)(c.Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{
			Name: crud.Name(cr, p.Name), ExternalKeyID: crud.Optional(p.ExternalKeyID), Residency: openai.ProjectResidency(crud.Value(p.Residency)),
		}))
	},
	Names: func(cr *v1alpha1.Project, o *project) (string, string) {
		return crud.Name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	CreatedAt: func(o *project) time.Time { return crud.TimeOf(o.CreatedAt) },
	SetLocal: func(cr *v1alpha1.Project, o *project) {
		desired, before := cr.Spec.ForProvider.ExternalKeyID, cr.Status.AtProvider.AppliedExternalKeyID
		if crud.ValueOr(desired, before) == o.ExternalKeyID {
			o.AppliedExternalKeyID = o.ExternalKeyID
		} else if desired != nil {
			o.AppliedExternalKeyID = before
		}
	},
	Diff: func(cr *v1alpha1.Project, o *project) []reconciler.Change {
		p := cr.Spec.ForProvider
		if p.ExternalKeyID == nil && o.AppliedExternalKeyID != "" {
			// This object set it, and its spec no longer has it.
			p.ExternalKeyID = new("")
		}
		return crud.Differences(crud.Difference("name", p.Name, o.Name), crud.Difference("externalKeyID", p.ExternalKeyID, o.ExternalKeyID))
	},
	Recheck: func(c reconciler.Change) bool { return c.Field == "externalKeyID" && c.To == "" },
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string, diff []reconciler.Change) (*project, error) {
		return crud.ObservationOf("", observedProject)(c.Organization.Projects.Update(ctx, id, openai.AdminOrganizationProjectUpdateParams{
			Name: crud.Changed(diff, "name"), ExternalKeyID: crud.Cleared(crud.Changed(diff, "externalKeyID")),
		}))
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string) error {
		o, err := c.Organization.Projects.Archive(ctx, id)
		return crud.Deleted(id, err, func() (string, bool) { return o.ID, adminapi.IsArchived(o.Status) })
	},
	NeverDeleted: true,
	CountsAsDeleted: func(_ *v1alpha1.Project, o *project) string {
		return crud.TextIf(adminapi.IsArchived(o.Status), "is archived: OpenAI refuses all of its keys, that cannot be undone, and no other project is created in its place; delete this object and create it again to have another project")
	},
}
