// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type dataRetention = v1alpha1.ProjectDataRetentionObservation

func observedDataRetention(project string, o *openai.ProjectDataRetention) *dataRetention {
	return &dataRetention{RetentionType: string(o.Type), ProjectID: project}
}

var dataRetentionOfProjects = adminapi.NewSingleton("projects/data_retention", observedDataRetention, func(o *dataRetention) string { return o.ProjectID },
	func(ctx context.Context, c *adminapi.Connection, project string) (*openai.ProjectDataRetention, error) {
		return c.Organization.Projects.DataRetention.Get(ctx, project)
	})

// ProjectDataRetention always exists. Its object's deletion leaves it as it is, as otherwise an accident
// would have OpenAI retain what it must not.
var ProjectDataRetention = crud.Kind[*v1alpha1.ProjectDataRetention, dataRetention]{
	Scope:  crud.InProject[*v1alpha1.ProjectDataRetention](),
	Status: func(cr *v1alpha1.ProjectDataRetention) *dataRetention { return &cr.Status.AtProvider },
	ID:     ofProject[*v1alpha1.ProjectDataRetention],
	List:   &dataRetentionOfProjects,
	Diff: func(cr *v1alpha1.ProjectDataRetention, o *dataRetention) []reconciler.Change {
		return crud.Differences(crud.Difference("retentionType", cr.Spec.ForProvider.RetentionType, o.RetentionType))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectDataRetention, _ string, diff []reconciler.Change) (*dataRetention, error) {
		return settingOf(c, observedDataRetention)(c.Organization.Projects.DataRetention.Update(ctx, c.Project, openai.AdminOrganizationProjectDataRetentionUpdateParams{
			RetentionType: openai.AdminOrganizationProjectDataRetentionUpdateParamsRetentionType(crud.Changed(diff, "retentionType").Value),
		}))
	},
}
