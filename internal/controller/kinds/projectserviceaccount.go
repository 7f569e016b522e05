// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"cmp"
	"context"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kind"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// defaultRole of a service account that is created.
const defaultRole = "member"

// ProjectServiceAccount is created without the API key that OpenAI would add,
// since nobody would keep its value. It then has no role either, until the
// first update gives it one.
var ProjectServiceAccount = kind.Kind[*v1alpha1.ProjectServiceAccount, openai.ProjectServiceAccount]{
	Object:       &v1alpha1.ProjectServiceAccount{},
	List:         &v1alpha1.ProjectServiceAccountList{},
	Organization: func(cr *v1alpha1.ProjectServiceAccount) *string { return cr.Spec.ForProvider.OrganizationID },
	Scope: kind.InProject(func(cr *v1alpha1.ProjectServiceAccount) *string {
		// It stays where it was made, whatever becomes the default, or is written later.
		return cmp.Or(given(cr.Status.AtProvider.ProjectID), cr.Spec.ForProvider.ProjectID)
	}),
	Collection: &adminapi.ServiceAccounts,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) (*openai.ProjectServiceAccount, error) {
		return c.Organization.Projects.ServiceAccounts.Get(ctx, c.Project, id)
	},
	CreateRoute: adminapi.CreateServiceAccount,
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectServiceAccount) (string, error) {
		o, err := c.Organization.Projects.ServiceAccounts.New(ctx, c.Project, openai.AdminOrganizationProjectServiceAccountNewParams{
			Name:                     name(cr, cr.Spec.ForProvider.Name),
			CreateServiceAccountOnly: openai.Bool(true),
		})
		if err != nil {
			return "", err
		}
		return createdID(o.ID, o.Name, func() (string, error) {
			found, err := c.Organization.Projects.ServiceAccounts.Get(ctx, c.Project, o.ID)
			if err != nil {
				return "", err
			}
			return found.ID, nil
		}), nil
	},
	Find: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectServiceAccount) ([]kind.Found, error) {
		want := name(cr, cr.Spec.ForProvider.Name)
		return found(ctx, &adminapi.ServiceAccounts, c, want, func(o *openai.ProjectServiceAccount) (string, kind.Found) {
			return o.Name, kind.Found{ID: o.ID, CreatedAt: o.CreatedAt}
		})
	},
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string, diff []setup.Change) (*openai.ProjectServiceAccount, error) {
		return c.Organization.Projects.ServiceAccounts.Update(ctx, c.Project, id, openai.AdminOrganizationProjectServiceAccountUpdateParams{
			Name: changed(diff, fieldName),
			Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRole(changed(diff, fieldRole).Value),
		})
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) error {
		o, err := c.Organization.Projects.ServiceAccounts.Delete(ctx, c.Project, id)
		if err != nil {
			return err
		}
		return adminapi.ConfirmDeleted(id, o.ID, o.Deleted)
	},
	Observe: func(c *adminapi.Connection, cr *v1alpha1.ProjectServiceAccount, o *openai.ProjectServiceAccount) {
		cr.Status.AtProvider = v1alpha1.ProjectServiceAccountObservation{
			ID:        o.ID,
			Name:      setup.Shown(o.Name),
			Role:      setup.Shown(string(o.Role)),
			ProjectID: c.Project,
			CreatedAt: adminapi.Time(o.CreatedAt),

			CreatedHere: setup.Created(cr, o.ID),
		}
	},
	Unready: func(o *openai.ProjectServiceAccount) string {
		if o.Role == openai.ProjectServiceAccountRoleNone {
			return "the service account has no role in its project yet, so that its keys are refused: if that stays so, set forProvider.role"
		}
		return ""
	},
	Alike: alikeNames,
	Diff: func(cr *v1alpha1.ProjectServiceAccount, o *openai.ProjectServiceAccount, made bool) []setup.Change {
		p := cr.Spec.ForProvider
		role := p.Role
		if role == "" && made && o.Role == openai.ProjectServiceAccountRoleNone {
			role = defaultRole
		}
		return differences(
			difference(fieldName, p.Name, o.Name),
			difference(fieldRole, given(role), string(o.Role)),
		)
	},
}
