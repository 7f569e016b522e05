// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"errors"
	"net/http"

	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// Middleware sends a request if the limiter allows it, and updates the limits with the reply. Otherwise
// it fails with an *apierror.Error of ClassThrottled, whose RetryAt is the slot of the call.
func (l *Limiter) Middleware(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	ctx, r := req.Context(), RouteOf(req)
	p, throttled := l.admit(ctx, r)
	if throttled != nil {
		l.count(r, outcomeThrottledLocally)
		reconcilestate.Of(ctx).RecordFailure(throttled)
		return nil, throttled
	}
	res, err := next(req)
	if err == nil {
		p.answered()
		l.count(r, outcomeOK)
		return res, nil
	}
	l.count(r, outcomes[apierror.ClassOf(err)])
	var e *apierror.Error
	if !errors.As(err, &e) {
		p.answered()
		return res, err
	}
	switch {
	case e.Class == apierror.ClassThrottled:
		e.RetryAt = p.rateLimited(e.RetryAt)
	case e.Class == apierror.ClassQuota, e.NotFromOpenAI:
		p.passed()
	default:
		p.answered()
	}
	reconcilestate.Of(ctx).RecordFailure(e)
	return res, err
}

// admit a call with its reservation, or claim one.
func (l *Limiter) admit(ctx context.Context, r Route) (*permit, *apierror.Error) {
	s := reconcilestate.Of(ctx)
	p := l.takeReservation(s, r)
	if p == nil {
		var throttled *apierror.Error
		if p, throttled = l.acquire(r, s.Object()); throttled != nil {
			return nil, throttled
		}
	}
	if throttled := p.send(); throttled != nil {
		return nil, throttled
	}
	return p, nil
}
