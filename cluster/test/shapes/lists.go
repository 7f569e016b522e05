// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"context"
	"slices"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

type rate = v1alpha1.RateLimitObservation

func observedRate(project string, o *openai.ProjectRateLimit) *rate {
	return &rate{ID: o.ID, Model: o.Model, MaxRequestsPer1Minute: &o.MaxRequestsPer1Minute, MaxTokensPer1Minute: &o.MaxTokensPer1Minute, ProjectID: project}
}

var rates = adminapi.NewCollection("projects/rate_limits", func(o *rate) string { return o.ID }, observedRate,
	func(ctx context.Context, c *adminapi.Connection, project, after string) (adminapi.Page[openai.ProjectRateLimit], error) {
		return adminapi.ByLastID(c.Organization.Projects.RateLimits.ListRateLimits(ctx, project, openai.AdminOrganizationProjectRateLimitListRateLimitsParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// rateLimit is only listed and updated, and known by its model.
var rateLimit = crud.Kind[*v1alpha1.RateLimit, rate]{
	Scope:  crud.InProject[*v1alpha1.RateLimit](),
	Status: func(cr *v1alpha1.RateLimit) *rate { return &cr.Status.AtProvider },
	List:   &rates,
	ID: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.RateLimit) (string, error) {
		model := cr.Spec.ForProvider.Model
		id, err := crud.LookUp(ctx, c, &rates, c.Project, func(o *rate) bool { return o.Model == model })
		if id != "" || err != nil {
			return id, err
		}
		return "", terminal.Errorf("OpenAI knows no rate limit for model %q in project %q: correct forProvider.model in a new object", model, c.Project)
	},
	Diff: func(cr *v1alpha1.RateLimit, o *rate) []reconciler.Change {
		p := cr.Spec.ForProvider
		return crud.Differences(
			crud.Difference("maxRequestsPer1Minute", p.MaxRequestsPer1Minute, crud.Value(o.MaxRequestsPer1Minute)),
			crud.Difference("maxTokensPer1Minute", p.MaxTokensPer1Minute, crud.Value(o.MaxTokensPer1Minute)))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.RateLimit, id string, _ []reconciler.Change) (*rate, error) {
		p := cr.Spec.ForProvider
		return crud.ObservationOf(c.Project, observedRate)(c.Organization.Projects.RateLimits.UpdateRateLimit(ctx, c.Project, id, openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams{
			MaxRequestsPer1Minute: crud.Optional(p.MaxRequestsPer1Minute), MaxTokensPer1Minute: crud.Optional(p.MaxTokensPer1Minute),
		}))
	},
}

type alert = v1alpha1.SpendAlertObservation

func observedAlert(project string, o *openai.ProjectSpendAlert) *alert {
	return &alert{ID: o.ID, ThresholdAmount: o.ThresholdAmount, Recipients: slices.Sorted(slices.Values(o.NotificationChannel.Recipients)), ProjectID: project}
}

var alerts = adminapi.NewCollection("projects/spend_alerts", func(o *alert) string { return o.ID }, observedAlert,
	func(ctx context.Context, c *adminapi.Connection, project, after string) (adminapi.Page[openai.ProjectSpendAlert], error) {
		return adminapi.ByLastID(c.Organization.Projects.SpendAlerts.List(ctx, project, openai.AdminOrganizationProjectSpendAlertListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// spendAlert has neither a name nor a time of creation.
var spendAlert = crud.Kind[*v1alpha1.SpendAlert, alert]{
	Scope:  crud.InProject[*v1alpha1.SpendAlert](),
	Status: func(cr *v1alpha1.SpendAlert) *alert { return &cr.Status.AtProvider },
	List:   &alerts,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.SpendAlert, id string) (*alert, error) {
		return crud.ObservationOf(c.Project, observedAlert)(c.Organization.Projects.SpendAlerts.Get(ctx, c.Project, id))
	},
	CreateRoute: ratelimit.Route{Service: "projects/spend_alerts", Operation: "create"},
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.SpendAlert) (*alert, error) {
		p := cr.Spec.ForProvider
		return crud.ObservationOf(c.Project, observedAlert)(c.Organization.Projects.SpendAlerts.New(ctx, c.Project, openai.AdminOrganizationProjectSpendAlertNewParams{
			Currency: "USD", Interval: "month", ThresholdAmount: p.ThresholdAmount,
			NotificationChannel: openai.AdminOrganizationProjectSpendAlertNewParamsNotificationChannel{Recipients: p.Recipients},
		}))
	},
	Match: func(cr *v1alpha1.SpendAlert, o *alert) bool { return len(alertDiff(cr, o)) == 0 },
	Diff:  alertDiff,
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.SpendAlert, id string, _ []reconciler.Change) (*alert, error) {
		p := cr.Spec.ForProvider
		return crud.ObservationOf(c.Project, observedAlert)(c.Organization.Projects.SpendAlerts.Update(ctx, c.Project, id, openai.AdminOrganizationProjectSpendAlertUpdateParams{
			Currency: "USD", Interval: "month", ThresholdAmount: p.ThresholdAmount,
			NotificationChannel: openai.AdminOrganizationProjectSpendAlertUpdateParamsNotificationChannel{Recipients: p.Recipients},
		}))
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.SpendAlert, id string) error {
		o, err := c.Organization.Projects.SpendAlerts.Delete(ctx, c.Project, id)
		return crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
	},
}

func alertDiff(cr *v1alpha1.SpendAlert, o *alert) []reconciler.Change {
	p := cr.Spec.ForProvider
	return crud.Differences(
		crud.Difference("thresholdAmount", &p.ThresholdAmount, o.ThresholdAmount),
		crud.SetDifference("recipients", p.Recipients, o.Recipients))
}
