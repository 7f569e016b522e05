// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"slices"
	"strings"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type modelPermissions = v1alpha1.ProjectModelPermissionsObservation

func observedModelPermissions(project string, o *openai.ProjectModelPermissions) *modelPermissions {
	at := &modelPermissions{Mode: string(o.Mode), ProjectID: project}
	if o.JSON.ModelIDs.Valid() {
		// An empty list is one, too.
		at.ModelIDs = append([]string{}, sorted(o.ModelIDs)...)
	}
	return at
}

var modelPermissionsOfProjects = adminapi.NewSingleton("projects/model_permissions", observedModelPermissions, func(o *modelPermissions) string { return o.ProjectID },
	func(ctx context.Context, c *adminapi.Connection, project string) (*openai.ProjectModelPermissions, error) {
		return c.Organization.Projects.ModelPermissions.Get(ctx, project)
	})

// ProjectModelPermissions are created and replaced as a whole by the same call.
var ProjectModelPermissions = crud.Kind[*v1alpha1.ProjectModelPermissions, modelPermissions]{
	Scope:       crud.InProject[*v1alpha1.ProjectModelPermissions](),
	Status:      func(cr *v1alpha1.ProjectModelPermissions) *modelPermissions { return &cr.Status.AtProvider },
	ID:          ofProject[*v1alpha1.ProjectModelPermissions],
	List:        &modelPermissionsOfProjects,
	CreateRoute: ratelimit.Route{Service: "projects/model_permissions", Operation: "update"},
	Create:      setModelPermissions,
	Diff: func(cr *v1alpha1.ProjectModelPermissions, o *modelPermissions) []reconciler.Change {
		p := cr.Spec.ForProvider
		models := crud.SetDifference("modelIDs", p.ModelIDs, o.ModelIDs)
		if p.ModelIDs != nil && o.ModelIDs == nil {
			// What was not replied may be anything.
			models = &reconciler.Change{Field: "modelIDs", To: strings.Join(sorted(p.ModelIDs), ", ")}
		}
		return crud.Differences(crud.Difference("mode", p.Mode, o.Mode), models)
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectModelPermissions, _ string, _ []reconciler.Change) (*modelPermissions, error) {
		return setModelPermissions(ctx, c, cr)
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectModelPermissions, id string) error {
		o, err := c.Organization.Projects.ModelPermissions.Delete(ctx, c.Project)
		return crud.Deleted(id, err, func() (string, bool) { return "", o.Deleted })
	},
	AfterDelete: "The project has no model permissions any more: it may use every model of the organization",
}

func setModelPermissions(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectModelPermissions) (*modelPermissions, error) {
	p := cr.Spec.ForProvider
	return settingOf(c, observedModelPermissions)(c.Organization.Projects.ModelPermissions.Update(ctx, c.Project, openai.AdminOrganizationProjectModelPermissionUpdateParams{
		Mode: openai.AdminOrganizationProjectModelPermissionUpdateParamsMode(crud.Value(p.Mode)),
		// Without an empty list OpenAI would refuse the call.
		ModelIDs: append([]string{}, slices.Compact(sorted(p.ModelIDs))...),
	}))
}
