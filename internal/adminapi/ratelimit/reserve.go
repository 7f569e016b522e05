// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"

	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// Reserve a call of a route, which the next call of the route in the same reconcile uses. It fails if that
// would be held back. Outside of a reconcile it only checks that.
func (l *Limiter) Reserve(ctx context.Context, r Route) error {
	s := reconcilestate.Of(ctx)
	if !s.InReconcile() {
		if e := l.check(r); e != nil {
			return e
		}
		return nil
	}
	p, e := l.acquire(r, s.Object())
	if e != nil {
		l.count(r, outcomeThrottledLocally)
		s.RecordFailure(e)
		return e
	}
	s.AddReservation(p)
	return nil
}

// takeReservation takes the permit of a call that was reserved in a reconcile; nil: there is none.
func (l *Limiter) takeReservation(s *reconcilestate.State, r Route) *permit {
	p, _ := s.TakeReservation(func(reserved reconcilestate.Reservation) bool {
		p, ok := reserved.(*permit)
		return ok && p.limiter == l && p.route == r
	}).(*permit)
	return p
}
