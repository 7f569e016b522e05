// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package kinds maps the kinds with a plain life to the Administration API, one
// file each.
package kinds

import (
	"context"
	"fmt"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kind"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// Project is archived where others are deleted: OpenAI keeps every project.
var Project = kind.Kind[*v1alpha1.Project, openai.Project]{
	Object:       &v1alpha1.Project{},
	List:         &v1alpha1.ProjectList{},
	Organization: func(cr *v1alpha1.Project) *string { return cr.Spec.ForProvider.OrganizationID },
	Scope:        kind.OfProject[*v1alpha1.Project](),
	Collection:   &adminapi.Projects,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string) (*openai.Project, error) {
		return c.Organization.Projects.Get(ctx, id)
	},
	CreateRoute: adminapi.CreateProject,
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.Project) (string, error) {
		p := cr.Spec.ForProvider
		o, err := c.Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{
			Name:          name(cr, p.Name),
			ExternalKeyID: optional(p.ExternalKeyID),
			Residency:     openai.ProjectResidency(value(p.Residency)),
		})
		if err != nil {
			return "", err
		}
		return createdID(o.ID, o.Name, func() (string, error) {
			found, err := c.Organization.Projects.Get(ctx, o.ID)
			if err != nil {
				return "", err
			}
			return found.ID, nil
		}), nil
	},
	Find: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.Project) ([]kind.Found, error) {
		want := name(cr, cr.Spec.ForProvider.Name)
		return found(ctx, &adminapi.Projects, c, want, func(o *openai.Project) (string, kind.Found) {
			return o.Name, kind.Found{ID: o.ID, CreatedAt: o.CreatedAt}
		})
	},
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string, diff []setup.Change) (*openai.Project, error) {
		if err := confirmExternalKey(ctx, c, id, diff); err != nil {
			return nil, err
		}
		return c.Organization.Projects.Update(ctx, id, openai.AdminOrganizationProjectUpdateParams{
			Name:          changed(diff, fieldName),
			ExternalKeyID: cleared(changed(diff, fieldExternalKeyID)),
		})
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Project, id string) error {
		o, err := c.Organization.Projects.Archive(ctx, id)
		if err != nil {
			return err
		}
		return adminapi.ConfirmDeleted(id, o.ID, adminapi.IsArchived(o.Status))
	},
	Kept: true,
	Gone: func(o *openai.Project) string {
		if !adminapi.IsArchived(o.Status) {
			return ""
		}
		return "is archived: OpenAI refuses all of its keys, that cannot be undone, and no other project is created unasked; delete this object and create it anew to have another project"
	},
	Observe: func(_ *adminapi.Connection, cr *v1alpha1.Project, o *openai.Project) {
		applied := appliedExternalKey(cr, o.ExternalKeyID)
		cr.Status.AtProvider = v1alpha1.ProjectObservation{
			ID:            o.ID,
			Name:          setup.Shown(o.Name),
			Status:        setup.Shown(o.Status),
			Residency:     setup.Shown(string(o.Residency)),
			ExternalKeyID: o.ExternalKeyID,
			CreatedAt:     adminapi.Time(o.CreatedAt),

			AppliedExternalKeyID: applied,
		}
	},
	Alike: alikeNames,
	Diff: func(cr *v1alpha1.Project, o *openai.Project, _ bool) []setup.Change {
		p := cr.Spec.ForProvider
		return differences(
			difference(fieldName, p.Name, o.Name),
			difference(fieldExternalKeyID, wantedExternalKey(cr, o.ExternalKeyID), o.ExternalKeyID),
		)
	},
}

// appliedExternalKey is the external key that the object gave the project, by what is
// observed; empty if the project has another one that the object did not ask for.
func appliedExternalKey(cr *v1alpha1.Project, observed string) string {
	asked, applied := cr.Spec.ForProvider.ExternalKeyID, cr.Status.AtProvider.AppliedExternalKeyID
	switch {
	case asked != nil && *asked == observed:
		return observed
	case asked == nil && applied != observed:
		return ""
	}
	return applied
}

// wantedExternalKey is the external key that the project is to have: none if it has the
// object's own and the spec no longer asks for it. Nil: whatever it has.
func wantedExternalKey(cr *v1alpha1.Project, observed string) *string {
	asked, applied := cr.Spec.ForProvider.ExternalKeyID, cr.Status.AtProvider.AppliedExternalKeyID
	if asked == nil && applied != "" && applied == observed {
		return new("")
	}
	return asked
}

// confirmExternalKey fails if an external key that is to be detached is no longer the
// project's. What is observed may be as old as a poll, and somebody else's key must stay.
func confirmExternalKey(ctx context.Context, c *adminapi.Connection, id string, diff []setup.Change) error {
	for _, d := range diff {
		if d.Field != fieldExternalKeyID || d.To != "" {
			continue
		}
		o, err := c.Organization.Projects.Get(ctx, id)
		if err != nil {
			return err
		}
		if o.ExternalKeyID != d.From {
			return &adminapi.Error{Class: adminapi.ClassTransient, Message: fmt.Sprintf("the project has external key %q by now, which this object did not give it and which stays", o.ExternalKeyID)}
		}
	}
	return nil
}
