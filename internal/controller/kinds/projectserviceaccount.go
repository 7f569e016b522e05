// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

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

type account = v1alpha1.ProjectServiceAccountObservation

func observedAccount(project string, o *openai.ProjectServiceAccount) *account {
	return &account{ID: o.ID, Name: o.Name, Role: string(o.Role), ProjectID: project, CreatedAt: adminapi.Time(o.CreatedAt)}
}

func createdAccount(project string, o *openai.AdminOrganizationProjectServiceAccountNewResponse) *account {
	return &account{ID: o.ID, Name: o.Name, Role: string(o.Role), ProjectID: project, CreatedAt: adminapi.Time(o.CreatedAt)}
}

// accounts of a project.
var accounts = adminapi.NewCollection("projects/service_accounts", func(o *account) string { return o.ID }, observedAccount,
	func(ctx context.Context, c *adminapi.Connection, project, after string) (adminapi.Page[openai.ProjectServiceAccount], error) {
		return adminapi.ByLastID(c.Organization.Projects.ServiceAccounts.List(ctx, project, openai.AdminOrganizationProjectServiceAccountListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// ProjectServiceAccount is created without the API key that OpenAI would add, because its value
// would be lost. OpenAI then gives it no role, so that the first update sets one.
var ProjectServiceAccount = crud.Kind[*v1alpha1.ProjectServiceAccount, account]{
	Scope:  crud.InProject[*v1alpha1.ProjectServiceAccount](),
	Status: func(cr *v1alpha1.ProjectServiceAccount) *account { return &cr.Status.AtProvider },
	List:   &accounts,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) (*account, error) {
		return crud.ObservationOf(c.Project, observedAccount)(c.Organization.Projects.ServiceAccounts.Get(ctx, c.Project, id))
	},
	CreateRoute: ratelimit.CreateServiceAccount,
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectServiceAccount) (*account, error) {
		return crud.ObservationOf(c.Project, createdAccount)(c.Organization.Projects.ServiceAccounts.New(ctx, c.Project, openai.AdminOrganizationProjectServiceAccountNewParams{
			Name: crud.Name(cr, cr.Spec.ForProvider.Name), CreateServiceAccountOnly: openai.Bool(true),
		}))
	},
	Names: func(cr *v1alpha1.ProjectServiceAccount, o *account) (string, string) {
		return crud.Name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	CreatedAt: func(o *account) time.Time { return crud.TimeOf(o.CreatedAt) },
	SetLocal:  func(cr *v1alpha1.ProjectServiceAccount, o *account) { o.CreatedHere = reconciler.Created(cr, o.ID) },
	Diff: func(cr *v1alpha1.ProjectServiceAccount, o *account) []reconciler.Change {
		p := cr.Spec.ForProvider
		if p.Role == "" && o.CreatedHere && o.Role == RoleNone {
			p.Role = "member"
		}
		return crud.Differences(crud.Difference("name", p.Name, o.Name), crud.Difference("role", crud.NonEmpty(p.Role), o.Role))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string, diff []reconciler.Change) (*account, error) {
		return crud.ObservationOf(c.Project, observedAccount)(c.Organization.Projects.ServiceAccounts.Update(ctx, c.Project, id, openai.AdminOrganizationProjectServiceAccountUpdateParams{
			Name: crud.Changed(diff, "name"), Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRole(crud.Changed(diff, "role").Value),
		}))
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) error {
		o, err := c.Organization.Projects.ServiceAccounts.Delete(ctx, c.Project, id)
		return crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
	},
	NotReady: func(o *account) string {
		return crud.TextIf(o.Role == RoleNone, "the service account has no role in its project yet, so that its keys are refused: if that stays so, set forProvider.role")
	},
}

// RoleNone is the role of a service account that was created without a key (openai-go,
// ProjectServiceAccount.Role).
const RoleNone = string(openai.ProjectServiceAccountRoleNone)
