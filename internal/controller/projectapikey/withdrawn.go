// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"context"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
)

// isWithdrawn reports whether the object may do nothing any more but end what it manages, as
// its configuration says, or whoever manages what it refers to.
func (e *external) isWithdrawn(ctx context.Context) bool {
	return e.conn.AccessRevoked != nil || ratelimit.AccessRevoked(ctx) != nil
}

// observeWithdrawn reports on an object that may only end keys. Those that nobody should
// use any more are revoked as ever, or they would live on until the object is deleted.
func (e *external) observeWithdrawn(ctx context.Context, cr *v1alpha1.ProjectAPIKey, v view) (managed.ExternalObservation, error) {
	failed := e.end(ctx, &v, decision{revoke: decide(v).revoke})
	d := decide(v)
	e.seen = v
	e.alarms.set(cr.GetUID(), d.wake)
	lookSoon(ctx, d.wake.Sub(v.now))
	remember(cr, v)
	if failed != nil {
		return managed.ExternalObservation{}, failed
	}
	o := managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}
	if d.held == nil {
		cr.SetConditions(xpv2.Unavailable().WithMessage(cmp.Or(d.wait, d.issue, d.refuse)))
		return o, nil
	}
	if err := e.note(ctx, cr, v, d.held); err != nil {
		return managed.ExternalObservation{}, err
	}
	e.report(cr, v, d.held)
	return o, nil
}

// lookSoon has an object whose reconcile fails looked at when something falls due, if that
// is before the back-off may end.
func lookSoon(ctx context.Context, in time.Duration) {
	const longestBackOff = time.Minute
	if in > 0 && in < longestBackOff {
		ratelimit.RetryAfter(ctx, in+time.Second)
	}
}
