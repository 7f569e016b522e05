// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"errors"
	"net/http"

	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// Middleware is a middleware that sends a call only if its turn under the budget has
// come, and learns from what comes of it.
func (b *Budget) Middleware(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	ctx, r := req.Context(), RouteOf(req)
	g, held := b.admit(ctx, r)
	if held != nil {
		b.count(r, outcomeHeldBack)
		RecordFailure(ctx, held)
		return nil, held
	}
	res, err := next(req)
	if err == nil {
		g.answered()
		b.count(r, outcomeOK)
		return res, nil
	}
	b.count(r, outcomes[apierror.ClassOf(err)])
	var e *apierror.Error
	if !errors.As(err, &e) {
		g.answered()
		return res, err
	}
	switch {
	case e.Class == apierror.ClassThrottled:
		e.RetryAt = g.refused(e.RetryAt)
	case e.Class == apierror.ClassQuota, e.Foreign:
		g.passed()
	default:
		g.answered()
	}
	RecordFailure(ctx, e)
	return res, err
}

// admit a call, with its reservation if it has one.
func (b *Budget) admit(ctx context.Context, r Route) (*grant, *apierror.Error) {
	p := TrackerOf(ctx)
	g := p.useReserved(b, r)
	if g == nil {
		var held *apierror.Error
		if g, held = b.claim(r, p.Object()); held != nil {
			return nil, held
		}
	}
	if held := g.send(); held != nil {
		return nil, held
	}
	return g, nil
}
