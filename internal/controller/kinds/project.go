// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package kinds maps the kinds with a plain life to the Administration API, one
// file each.
package kinds

import (
	"context"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kind"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

type project = v1alpha1.ProjectObservation

func observedProject(_ string, o *openai.Project) *project {
	return &project{ID: o.ID, Name: o.Name, Status: o.Status, Residency: string(o.Residency), ExternalKeyID: o.ExternalKeyID, CreatedAt: adminapi.Time(o.CreatedAt)}
}

// projects of the organization, without archived ones, which OpenAI does not list unless it
// is asked to.
var projects = adminapi.NewCollection("projects", func(o *project) string { return o.ID }, observedProject,
	func(ctx context.Context, c *adminapi.Connection, _, after string) (adminapi.Page[openai.Project], error) {
		return adminapi.ByLastID(c.Organization.Projects.List(ctx, openai.AdminOrganizationProjectListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// Project is archived where others are deleted: OpenAI keeps every project.
var Project = kind.Kind[*v1alpha1.Project, project]{
	Scope:  kind.OfProject[*v1alpha1.Project](),
	Status: func(cr *v1alpha1.Project) *project { return &cr.Status.AtProvider },
	List:   &projects,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string) (*project, error) {
		return got("", observedProject)(c.Organization.Projects.Get(ctx, id))
	},
	CreateRoute: adminapi.CreateProject,
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.Project) (*project, error) {
		p := cr.Spec.ForProvider
		return got("", observedProject)(c.Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{
			Name: name(cr, p.Name), ExternalKeyID: optional(p.ExternalKeyID), Residency: openai.ProjectResidency(value(p.Residency)),
		}))
	},
	Names: func(cr *v1alpha1.Project, o *project) (string, string) {
		return name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	Made: func(o *project) time.Time { return timeOf(o.CreatedAt) },
	Own: func(cr *v1alpha1.Project, o *project) {
		o.AppliedExternalKeyID = applied(cr.Spec.ForProvider.ExternalKeyID, cr.Status.AtProvider.AppliedExternalKeyID, o.ExternalKeyID)
	},
	Diff: func(cr *v1alpha1.Project, o *project) []setup.Change {
		p := cr.Spec.ForProvider
		if p.ExternalKeyID == nil && o.AppliedExternalKeyID != "" {
			// The spec gave it, and no longer asks for it.
			p.ExternalKeyID = new("")
		}
		return differences(difference(kind.FieldName, p.Name, o.Name), difference(fieldExternalKeyID, p.ExternalKeyID, o.ExternalKeyID))
	},
	Recheck: func(c setup.Change) bool { return c.Field == fieldExternalKeyID && c.To == "" },
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string, diff []setup.Change) (*project, error) {
		return got("", observedProject)(c.Organization.Projects.Update(ctx, id, openai.AdminOrganizationProjectUpdateParams{
			Name: changed(diff, kind.FieldName), ExternalKeyID: cleared(changed(diff, fieldExternalKeyID)),
		}))
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string) error {
		o, err := c.Organization.Projects.Archive(ctx, id)
		return deleted(id, err, func() (string, bool) { return o.ID, adminapi.IsArchived(o.Status) })
	},
	NeverDeleted: true,
	Absent: func(_ *v1alpha1.Project, o *project) string {
		if !adminapi.IsArchived(o.Status) {
			return ""
		}
		return "is archived: OpenAI refuses all of its keys, that cannot be undone, and no other project is created unasked; delete this object and create it anew to have another project"
	},
}

// applied is the value of a field that the object itself gave: what the spec asks for once
// that is observed, and until something else is.
func applied(desired *string, before, observed string) string {
	switch {
	case desired != nil && *desired == observed, desired == nil && before == observed:
		return observed
	case desired == nil:
		return ""
	}
	return before
}
