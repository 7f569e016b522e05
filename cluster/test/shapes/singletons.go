// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"context"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type limit = v1alpha1.SpendLimitObservation

func observedLimit(project string, o *openai.ProjectSpendLimit) *limit {
	return &limit{ThresholdAmount: o.ThresholdAmount, EnforcementStatus: o.Enforcement.Status, ProjectID: project}
}

func setLimit(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.SpendLimit) (*limit, error) {
	return crud.ObservationOf(c.Project, observedLimit)(c.Organization.Projects.SpendLimit.Update(ctx, c.Project, openai.AdminOrganizationProjectSpendLimitUpdateParams{
		Currency: "USD", Interval: "month", ThresholdAmount: cr.Spec.ForProvider.ThresholdAmount,
	}))
}

// spendLimit is a singleton that one call creates and replaces, and that can be deleted.
var spendLimit = crud.Kind[*v1alpha1.SpendLimit, limit]{
	Scope:  crud.InProject[*v1alpha1.SpendLimit](),
	Status: func(cr *v1alpha1.SpendLimit) *limit { return &cr.Status.AtProvider },
	ID: func(_ context.Context, c *adminapi.Connection, _ *v1alpha1.SpendLimit) (string, error) {
		return c.Project, nil
	},
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.SpendLimit, _ string) (*limit, error) {
		return crud.ObservationOf(c.Project, observedLimit)(c.Organization.Projects.SpendLimit.Get(ctx, c.Project))
	},
	CreateRoute: ratelimit.Route{Service: "projects/spend_limit", Operation: "update"},
	Create:      setLimit,
	Diff: func(cr *v1alpha1.SpendLimit, o *limit) []reconciler.Change {
		return crud.Differences(crud.Difference("thresholdAmount", &cr.Spec.ForProvider.ThresholdAmount, o.ThresholdAmount))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.SpendLimit, _ string, _ []reconciler.Change) (*limit, error) {
		return setLimit(ctx, c, cr)
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.SpendLimit, id string) error {
		o, err := c.Organization.Projects.SpendLimit.Delete(ctx, c.Project)
		return crud.Deleted(id, err, func() (string, bool) { return "", o.Deleted })
	},
}

type retention = v1alpha1.DataRetentionObservation

func observedRetention(project string, o *openai.ProjectDataRetention) *retention {
	return &retention{RetentionType: string(o.Type), ProjectID: project}
}

// dataRetention is a singleton that is always there.
var dataRetention = crud.Kind[*v1alpha1.DataRetention, retention]{
	Scope:  crud.InProject[*v1alpha1.DataRetention](),
	Status: func(cr *v1alpha1.DataRetention) *retention { return &cr.Status.AtProvider },
	ID: func(_ context.Context, c *adminapi.Connection, _ *v1alpha1.DataRetention) (string, error) {
		return c.Project, nil
	},
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.DataRetention, _ string) (*retention, error) {
		return crud.ObservationOf(c.Project, observedRetention)(c.Organization.Projects.DataRetention.Get(ctx, c.Project))
	},
	Diff: func(cr *v1alpha1.DataRetention, o *retention) []reconciler.Change {
		return crud.Differences(crud.Difference("retentionType", &cr.Spec.ForProvider.RetentionType, o.RetentionType))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.DataRetention, _ string, _ []reconciler.Change) (*retention, error) {
		return crud.ObservationOf(c.Project, observedRetention)(c.Organization.Projects.DataRetention.Update(ctx, c.Project, openai.AdminOrganizationProjectDataRetentionUpdateParams{
			RetentionType: openai.AdminOrganizationProjectDataRetentionUpdateParamsRetentionType(cr.Spec.ForProvider.RetentionType),
		}))
	},
}
