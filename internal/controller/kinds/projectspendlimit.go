// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type spendLimit = v1alpha1.ProjectSpendLimitObservation

func observedSpendLimit(project string, o *openai.ProjectSpendLimit) *spendLimit {
	return &spendLimit{
		ObservedSpend:     observedSpend(o.ThresholdAmount, string(o.Currency), string(o.Interval)),
		EnforcementStatus: o.Enforcement.Status, ProjectID: project,
	}
}

// spendLimits of the projects.
var spendLimits = adminapi.NewSingleton("projects/spend_limit", observedSpendLimit, func(o *spendLimit) string { return o.ProjectID },
	func(ctx context.Context, c *adminapi.Connection, project string) (*openai.ProjectSpendLimit, error) {
		return c.Organization.Projects.SpendLimit.Get(ctx, project)
	})

// ProjectSpendLimit is created and replaced by the same call.
var ProjectSpendLimit = crud.Kind[*v1alpha1.ProjectSpendLimit, spendLimit]{
	Scope:       crud.InProject[*v1alpha1.ProjectSpendLimit](),
	Status:      func(cr *v1alpha1.ProjectSpendLimit) *spendLimit { return &cr.Status.AtProvider },
	ID:          ofProject[*v1alpha1.ProjectSpendLimit],
	List:        &spendLimits,
	CreateRoute: ratelimit.Route{Service: "projects/spend_limit", Operation: "update"},
	Create:      setSpendLimit,
	Diff: func(cr *v1alpha1.ProjectSpendLimit, o *spendLimit) []reconciler.Change {
		p := cr.Spec.ForProvider
		return crud.Differences(
			crud.Difference("thresholdAmount", p.ThresholdAmount, o.ThresholdAmount),
			crud.Difference("currency", p.Currency, o.Currency),
			crud.Difference("interval", p.Interval, o.Interval))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectSpendLimit, _ string, _ []reconciler.Change) (*spendLimit, error) {
		return setSpendLimit(ctx, c, cr)
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectSpendLimit, id string) error {
		unlock, err := spending.lock(ctx, c)
		if err != nil {
			return err
		}
		defer unlock()
		o, err := c.Organization.Projects.SpendLimit.Delete(ctx, c.Project)
		return crud.Deleted(id, err, func() (string, bool) { return "", o.Deleted })
	},
	Message: func(o *spendLimit) string {
		return crud.TextIf(o.EnforcementStatus == limitEnforcing, "the limit is reached: OpenAI refuses the project's API calls until the month ends or thresholdAmount is raised")
	},
	AfterDelete: "The project has no spend limit any more: OpenAI accepts its API calls whatever they cost",
	Gauge: &crud.Gauge[spendLimit]{
		Name: "provider_openai_spend_limit_enforcing",
		Help: "Whether the spend limit of a ProjectSpendLimit is reached, so that OpenAI refuses the project's API calls: 1 or 0.",
		Value: func(o *spendLimit) (float64, bool) {
			if o.EnforcementStatus == limitEnforcing {
				return 1, true
			}
			return 0, o.EnforcementStatus != ""
		},
	},
}

// limitEnforcing is the enforcement of a limit that is reached (OpenAPI document, ProjectSpendLimit).
const limitEnforcing = "enforcing"

func setSpendLimit(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectSpendLimit) (*spendLimit, error) {
	unlock, err := spending.lock(ctx, c)
	if err != nil {
		return nil, apierror.NotSent(err)
	}
	defer unlock()
	p := cr.Spec.ForProvider
	return settingOf(c, observedSpendLimit)(postSpendLimit(ctx, c, crud.Value(p.ThresholdAmount), crud.ValueOr(p.Currency, "USD"), crud.ValueOr(p.Interval, "month")))
}

// postSpendLimit creates or replaces the spend limit of a connection's project. The caller holds its lock.
func postSpendLimit(ctx context.Context, c *adminapi.Connection, cents int64, currency, interval string) (*openai.ProjectSpendLimit, error) {
	return c.Organization.Projects.SpendLimit.Update(ctx, c.Project, openai.AdminOrganizationProjectSpendLimitUpdateParams{
		Currency:        openai.AdminOrganizationProjectSpendLimitUpdateParamsCurrency(currency),
		Interval:        openai.AdminOrganizationProjectSpendLimitUpdateParamsInterval(interval),
		ThresholdAmount: cents,
	})
}
