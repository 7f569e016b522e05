// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// Events of a spend alert about the spend limit of its project.
const (
	reasonSpendLimitAtRisk        event.Reason = "SpendLimitAtRisk"
	reasonSpendLimitRestored      event.Reason = "SpendLimitRestored"
	reasonSpendLimitRestoreFailed event.Reason = "SpendLimitRestoreFailed"
)

const (
	// kindSpendLimit is the kind of the objects that manage spend limits.
	kindSpendLimit = "ProjectSpendLimit"

	// restorePatience is how long calls are repeated that set a spend limit back, as after a 429. It is
	// shorter than the provider's grace period.
	restorePatience = 20 * time.Second
)

// keepSpendLimit writes an alert and sets the project's spend limit back if that changed it: a user reports
// that a new alert takes over the limit's amount and ends its enforcement
// (github.com/jianyuan/terraform-provider-openai, issue 256). Events say what happened; the amount is only in
// those about a limit that no object manages, which may be in another namespace. If the limit cannot be set
// back, the object that manages it is reconciled.
func keepSpendLimit(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectSpendAlert, write func() (*openai.ProjectSpendAlert, error)) (*openai.ProjectSpendAlert, error) {
	unlock, err := spending.lock(ctx, c)
	if err != nil {
		return nil, apierror.NotSent(err)
	}
	defer unlock()
	former, err := getSpendLimit(ctx, c)
	if err != nil {
		return nil, apierror.NotSent(fmt.Errorf("cannot read the project's spend limit, which an alert may change: %w", err))
	}
	managed, maintained, err := reconciler.IsManaged(ctx, kindSpendLimit, c.Project)
	if err != nil {
		return nil, apierror.NotSent(err)
	}
	limit := "the project's spend limit"
	if former != nil && !managed {
		limit += " of $" + dollars(former.ThresholdAmount)
	}
	if former != nil && !maintained {
		// Before the call, so that it is known even if the provider is killed after it.
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitAtRisk, fmt.Errorf("OpenAI may change %s with the alert; it is then set back, but no ProjectSpendLimit maintains it: should the provider be interrupted now, check the limit", limit))
	}
	o, err := write()
	if apierror.HadNoEffect(err) {
		return nil, err
	}
	spendLimits.MarkStale(c, c.Project, c.Project)
	if former == nil {
		// A 404 may be older than a limit that an object manages.
		reconciler.ReconcileManager(ctx, kindSpendLimit, c.Project)
		return o, err
	}
	restored, rerr := restoreSpendLimit(ctx, c, former)
	switch {
	case rerr != nil && maintained:
		reconciler.ReconcileManager(ctx, kindSpendLimit, c.Project)
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitRestoreFailed, fmt.Errorf("OpenAI may have changed %s with the alert; the ProjectSpendLimit that manages it is reconciled now: %w", limit, rerr))
	case rerr != nil:
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitRestoreFailed, fmt.Errorf("OpenAI may have changed %s with the alert, and no ProjectSpendLimit maintains it: check the limit: %w", limit, rerr))
	case restored:
		reconciler.EmitWarning(ctx, cr, reasonSpendLimitRestored, fmt.Errorf("OpenAI changed %s with the alert: it was set back", limit))
	}
	return o, err
}

// getSpendLimit reads the spend limit of a connection's project; nil: it has none.
func getSpendLimit(ctx context.Context, c *adminapi.Connection) (*openai.ProjectSpendLimit, error) {
	o, err := c.Organization.Projects.SpendLimit.Get(ctx, c.Project)
	err = c.ToProjectErrorUnlessSeen(ctx, err)
	switch {
	case adminapi.IsResourceNotFound(err):
		return nil, nil
	case err != nil:
		return nil, err
	case !o.JSON.ThresholdAmount.Valid() || !o.JSON.Currency.Valid() || !o.JSON.Interval.Valid():
		return nil, adminapi.IncompleteReply("spend_limit", c.Project)
	}
	return o, nil
}

// restoreSpendLimit sets the spend limit of a project to what it was, if it is not that any more, and reports
// whether it did. It goes on when the reconcile is interrupted, and repeats calls that are throttled.
func restoreSpendLimit(ctx context.Context, c *adminapi.Connection, former *openai.ProjectSpendLimit) (bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), restorePatience)
	defer cancel()
	// With a state of its own, as the alert itself is not throttled.
	ctx, state := reconcilestate.New(ctx, "spend limit of "+c.Project)
	defer state.Release()
	var now *openai.ProjectSpendLimit
	if err := repeat(ctx, func() (err error) {
		now, err = getSpendLimit(ctx, c)
		return err
	}); err != nil {
		return false, fmt.Errorf("cannot read it: %w", err)
	}
	if now != nil && !differs(now, former) {
		return false, nil
	}
	var o *openai.ProjectSpendLimit
	if err := repeat(ctx, func() (err error) {
		o, err = postSpendLimit(ctx, c, former.ThresholdAmount, string(former.Currency), string(former.Interval))
		return err
	}); err != nil {
		return false, fmt.Errorf("cannot set it back: %w", err)
	}
	if o.ThresholdAmount != former.ThresholdAmount {
		return false, errors.New("OpenAI answers another amount than it was set back to")
	}
	spendLimits.Put(c, c.Project, *observedSpendLimit(c.Project, o))
	return true, nil
}

// differs reports whether a limit is another one than before, or is not enforced any more. That it is
// enforced since is no change by the alert.
func differs(now, former *openai.ProjectSpendLimit) bool {
	return now.ThresholdAmount != former.ThresholdAmount || now.Currency != former.Currency || now.Interval != former.Interval ||
		(former.Enforcement.Status == limitEnforcing && now.Enforcement.Status != limitEnforcing)
}

// repeat a call while it is throttled, or fails in a way that may pass, until the context ends.
func repeat(ctx context.Context, call func() error) error {
	for {
		err := call()
		var e *apierror.Error
		if err == nil || !errors.As(err, &e) || (e.Class != apierror.ClassThrottled && e.Class != apierror.ClassTransient) {
			return err
		}
		wait := max(time.Until(e.RetryAt), time.Second)
		if at, ok := ctx.Deadline(); ok && time.Now().Add(wait).After(at) {
			return err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return err
		}
	}
}
