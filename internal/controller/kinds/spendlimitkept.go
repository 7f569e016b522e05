// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/openai/openai-go/v3"
	"k8s.io/utils/keymutex"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// Events of a spend alert about the spend limit of its project.
const (
	reasonSpendLimitAtRisk     event.Reason = "SpendLimitAtRisk"
	reasonSpendLimitRestored   event.Reason = "SpendLimitRestored"
	reasonSpendLimitOverridden event.Reason = "SpendLimitOverridden"
)

// kindSpendLimit is the kind of the objects that manage spend limits.
const kindSpendLimit = "ProjectSpendLimit"

// spending is locked, by project, while a spend limit or an alert is written, so that two sequences of
// keepSpendLimit do not take each other's intermediate limit for the former one.
var spending = keymutex.NewHashed(0)

// lockSpending of a project, and return what unlocks it.
func lockSpending(project string) (unlock func()) {
	spending.LockKey(project)
	return func() { _ = spending.UnlockKey(project) }
}

// keepSpendLimit writes an alert and sets the project's spend limit back if that changed it: a user reports
// that a new alert takes over the limit's amount and ends its enforcement
// (github.com/jianyuan/terraform-provider-openai, issue 256). Events say what happened. If the limit cannot
// be set back, the object that manages it is reconciled.
func keepSpendLimit(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectSpendAlert, write func() (*openai.ProjectSpendAlert, error)) (*openai.ProjectSpendAlert, error) {
	defer lockSpending(c.Project)()
	former, err := getSpendLimit(ctx, c, c.Project)
	if err = c.AttributeAbsence(ctx, err); adminapi.IsResourceNotFound(err) {
		return write()
	}
	if err != nil {
		return nil, fmt.Errorf("cannot read the project's spend limit, which an alert may change: %w", err)
	}
	isManaged, err := reconciler.IsManaged(ctx, kindSpendLimit, c.Project)
	if err != nil {
		return nil, err
	}
	if !isManaged {
		// Before the call, so that it is known even if the provider is killed after it.
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitAtRisk, fmt.Errorf("OpenAI may change the project's spend limit of $%s with the alert; it is then set back, but no ProjectSpendLimit manages it: should the provider be interrupted now, check the limit", dollars(former.ThresholdAmount)))
	}
	o, err := write()
	if apierror.IsDefinite(err) {
		return nil, err
	}
	spendLimits.MarkStale(c, c.Project, c.Project)
	restored, rerr := restoreSpendLimit(ctx, c, former)
	switch {
	case rerr != nil && isManaged:
		reconciler.ReconcileManager(ctx, kindSpendLimit, c.Project)
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitOverridden, fmt.Errorf("OpenAI may have changed the project's spend limit of $%s with the alert, and the ProjectSpendLimit that manages it was told to look: %w", dollars(former.ThresholdAmount), rerr))
	case rerr != nil:
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitOverridden, fmt.Errorf("OpenAI may have changed the project's spend limit of $%s with the alert, and no ProjectSpendLimit manages it: check the limit: %w", dollars(former.ThresholdAmount), rerr))
	case restored:
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitRestored, fmt.Errorf("OpenAI changed the project's spend limit with the alert: it was set back to $%s", dollars(former.ThresholdAmount)))
	}
	return o, err
}

// restoreSpendLimit sets the spend limit of a project to what it was, if it is not that any more, and reports
// whether it did.
func restoreSpendLimit(ctx context.Context, c *adminapi.Connection, former *openai.ProjectSpendLimit) (bool, error) {
	now, err := getSpendLimit(ctx, c, c.Project)
	if err = c.AttributeAbsence(ctx, err); err != nil && !adminapi.IsResourceNotFound(err) {
		return false, fmt.Errorf("cannot read it: %w", err)
	}
	if err == nil && *observedSpendLimit(c.Project, now) == *observedSpendLimit(c.Project, former) {
		return false, nil
	}
	o, err := c.Organization.Projects.SpendLimit.Update(ctx, c.Project, openai.AdminOrganizationProjectSpendLimitUpdateParams{
		Currency:        openai.AdminOrganizationProjectSpendLimitUpdateParamsCurrency(former.Currency),
		Interval:        openai.AdminOrganizationProjectSpendLimitUpdateParamsInterval(former.Interval),
		ThresholdAmount: former.ThresholdAmount,
	})
	if err != nil {
		return false, fmt.Errorf("cannot set it back: %w", err)
	}
	if o.ThresholdAmount != former.ThresholdAmount {
		return false, fmt.Errorf("set back to $%s, OpenAI answers $%s", dollars(former.ThresholdAmount), dollars(o.ThresholdAmount))
	}
	spendLimits.Put(c, c.Project, *observedSpendLimit(c.Project, o))
	return true, nil
}
