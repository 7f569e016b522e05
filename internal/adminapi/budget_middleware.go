// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"net/http"

	"github.com/openai/openai-go/v3/option"
)

// govern is a middleware that sends a call only if its turn under the budget has
// come, and learns from what comes of it.
func (b *budget) govern(req *http.Request, next option.MiddlewareNext) (*http.Response, error) {
	ctx, r := req.Context(), routeOf(req)
	g, held := b.admit(ctx, r)
	if held != nil {
		b.count(r, outcomeHeldBack)
		note(ctx, held)
		return nil, held
	}
	res, err := next(req)
	if err == nil {
		g.answered()
		b.count(r, outcomeOK)
		return res, nil
	}
	b.count(r, outcomes[ClassOf(err)])
	var e *Error
	if !errors.As(err, &e) {
		g.answered()
		return res, err
	}
	switch {
	case e.Class == ClassThrottled:
		e.RetryAt = g.refused(e.RetryAt)
	case e.Class == ClassQuota, e.Foreign:
		g.passed()
	default:
		g.answered()
	}
	note(ctx, e)
	return res, err
}

// admit a call, with its reservation if it has one.
func (b *budget) admit(ctx context.Context, r Route) (*grant, *Error) {
	p := paceOf(ctx)
	g := p.use(b, r)
	if g == nil {
		var held *Error
		if g, held = b.claim(r, p.name()); held != nil {
			return nil, held
		}
	}
	if held := g.send(); held != nil {
		return nil, held
	}
	return g, nil
}
