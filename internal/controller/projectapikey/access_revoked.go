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

// accessRevoked reports whether the object may do nothing any more but end what it manages, as
// its configuration says, or whoever manages what it refers to.
func (e *external) accessRevoked(ctx context.Context) bool {
	return e.conn.AccessRevoked != nil || ratelimit.AccessRevoked(ctx) != nil
}

// observeAccessRevoked reports on an object that may only end keys. Those that nobody should
// use any more are revoked as ever, or they would live on until the object is deleted.
func (e *external) observeAccessRevoked(ctx context.Context, cr *v1alpha1.ProjectAPIKey, o observed) (managed.ExternalObservation, error) {
	failed := e.run(ctx, cr, &o, e.revokeDue)
	d := decide(o)
	e.observed = o
	e.memory.of(cr.GetUID()).reconcileAt = d.reconcileAt
	reconcileSoon(ctx, d.reconcileAt.Sub(o.now))
	backUpInStatus(cr, o)
	if failed != nil {
		return managed.ExternalObservation{}, failed
	}
	out := managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}
	if d.current == nil {
		cr.SetConditions(xpv2.Unavailable().WithMessage(cmp.Or(d.wait, d.issue, d.refuse)))
		return out, nil
	}
	if err := e.recordCurrent(ctx, cr, o, d.current); err != nil {
		return managed.ExternalObservation{}, err
	}
	e.reportKey(cr, o, d.current)
	return out, nil
}

// reconcileSoon has an object whose reconcile fails looked at when something falls due, if that
// is before the back-off may end.
func reconcileSoon(ctx context.Context, in time.Duration) {
	const longestBackOff = time.Minute
	if in > 0 && in < longestBackOff {
		ratelimit.RetryAfter(ctx, in+time.Second)
	}
}
