// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type spendAlert = v1alpha1.ProjectSpendAlertObservation

func observedSpendAlert(project string, o *openai.ProjectSpendAlert) *spendAlert {
	return &spendAlert{
		ID: o.ID, ObservedSpend: observedSpend(o.ThresholdAmount, string(o.Currency), string(o.Interval)),
		Recipients: sorted(o.NotificationChannel.Recipients), SubjectPrefix: o.NotificationChannel.SubjectPrefix, ProjectID: project,
	}
}

var spendAlerts = adminapi.NewCollection("projects/spend_alerts", func(o *spendAlert) string { return o.ID }, observedSpendAlert,
	func(ctx context.Context, c *adminapi.Connection, project, after string) (adminapi.Page[openai.ProjectSpendAlert], error) {
		return adminapi.ByLastID(c.Organization.Projects.SpendAlerts.List(ctx, project, openai.AdminOrganizationProjectSpendAlertListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// ProjectSpendAlert has neither a name nor a time of creation. Writing one may change the project's spend
// limit, which is then set back.
var ProjectSpendAlert = crud.Kind[*v1alpha1.ProjectSpendAlert, spendAlert]{
	Scope:  crud.InProject[*v1alpha1.ProjectSpendAlert](),
	Status: func(cr *v1alpha1.ProjectSpendAlert) *spendAlert { return &cr.Status.AtProvider },
	List:   &spendAlerts,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectSpendAlert, id string) (*spendAlert, error) {
		return crud.ObservationOf(c.Project, observedSpendAlert)(c.Organization.Projects.SpendAlerts.Get(ctx, c.Project, id))
	},
	CreateRoute: ratelimit.Route{Service: "projects/spend_alerts", Operation: "create"},
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectSpendAlert) (*spendAlert, error) {
		return crud.ObservationOf(c.Project, observedSpendAlert)(keepSpendLimit(ctx, c, cr, func() (*openai.ProjectSpendAlert, error) {
			in := spendAlertParams(cr, &spendAlert{})
			return c.Organization.Projects.SpendAlerts.New(ctx, c.Project, openai.AdminOrganizationProjectSpendAlertNewParams{
				Currency: "USD", Interval: "month", ThresholdAmount: in.ThresholdAmount,
				NotificationChannel: openai.AdminOrganizationProjectSpendAlertNewParamsNotificationChannel(in.NotificationChannel),
			})
		}))
	},
	Match: func(cr *v1alpha1.ProjectSpendAlert, o *spendAlert) bool { return len(spendAlertDiff(cr, o)) == 0 },
	Diff:  spendAlertDiff,
	Update: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectSpendAlert, id string, _ []reconciler.Change) (*spendAlert, error) {
		return crud.ObservationOf(c.Project, observedSpendAlert)(keepSpendLimit(ctx, c, cr, func() (*openai.ProjectSpendAlert, error) {
			return c.Organization.Projects.SpendAlerts.Update(ctx, c.Project, id, spendAlertParams(cr, &cr.Status.AtProvider))
		}))
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectSpendAlert, id string) error {
		o, err := c.Organization.Projects.SpendAlerts.Delete(ctx, c.Project, id)
		return crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
	},
}

func spendAlertDiff(cr *v1alpha1.ProjectSpendAlert, o *spendAlert) []reconciler.Change {
	p := cr.Spec.ForProvider
	return crud.Differences(
		crud.Difference("thresholdAmount", p.ThresholdAmount, o.ThresholdAmount),
		crud.SetDifference("recipients", p.Recipients, o.Recipients),
		crud.Difference("subjectPrefix", p.SubjectPrefix, o.SubjectPrefix),
		crud.Difference("currency", p.Currency, o.Currency),
		crud.Difference("interval", p.Interval, o.Interval))
}

// spendAlertParams are all parameters of an alert, as an update replaces it as a whole. What the spec leaves
// out is as it was observed.
func spendAlertParams(cr *v1alpha1.ProjectSpendAlert, o *spendAlert) openai.AdminOrganizationProjectSpendAlertUpdateParams {
	p := cr.Spec.ForProvider
	return openai.AdminOrganizationProjectSpendAlertUpdateParams{
		Currency: "USD", Interval: "month", ThresholdAmount: crud.ValueOr(p.ThresholdAmount, o.ThresholdAmount),
		NotificationChannel: openai.AdminOrganizationProjectSpendAlertUpdateParamsNotificationChannel{
			Recipients:    p.Recipients,
			SubjectPrefix: crud.Cleared(param.NewOpt(crud.ValueOr(p.SubjectPrefix, o.SubjectPrefix))),
		},
	}
}
