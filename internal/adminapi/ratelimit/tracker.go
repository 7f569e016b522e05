// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

const (
	// afterForbidden is how long to wait before repeating a call that a policy of the organization
	// forbids. People change policies, so that minutes are soon enough.
	afterForbidden = 15 * time.Minute

	// afterQuota is how long to wait before repeating a call that OpenAI refuses because the
	// quota is exhausted.
	afterQuota = 5 * time.Minute
)

// A Tracker tracks the calls of one reconcile: how long to wait before those that failed are
// made again, and which are reserved. The zero Tracker is ready for use.
type Tracker struct {
	mu           sync.Mutex
	object       string
	wait         time.Duration
	progressed   bool
	throttled    bool
	until        time.Time
	reconcileBy  time.Time
	reserved     []*permit
	deletionOnly error
}

// A Tracked is something whose calls are tracked, such as a reconcile. A context carries it as a
// whole, so that whoever embeds a Tracker needs no other value in the context.
type Tracked interface{ CallTracker() *Tracker }

// CallTracker makes whatever embeds a Tracker a Tracked.
func (t *Tracker) CallTracker() *Tracker { return t }

type trackedKey struct{}

// WithTracked returns a context whose calls are tracked.
func WithTracked(ctx context.Context, t Tracked) context.Context {
	return context.WithValue(ctx, trackedKey{}, t)
}

// TrackedOf is what the calls of a context are tracked for; nil: they are not tracked.
func TrackedOf(ctx context.Context) Tracked {
	t, _ := ctx.Value(trackedKey{}).(Tracked)
	return t
}

// WithTracker returns a context whose calls a new Tracker tracks.
func WithTracker(ctx context.Context) (context.Context, *Tracker) {
	t := &Tracker{}
	return WithTracked(ctx, t), t
}

// TrackerOf is the Tracker of a context's calls; nil: they are not tracked.
func TrackerOf(ctx context.Context) *Tracker {
	if t := TrackedOf(ctx); t != nil {
		return t.CallTracker()
	}
	return nil
}

// SetObject names the object that calls are made for, with its kind, so that it keeps its place in the
// queue for the rate limit until its next reconcile.
func (t *Tracker) SetObject(object string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.object = object
}

// RetryAfter has a reconcile that fails repeated after some time instead of its back-off. The longest
// time counts.
func RetryAfter(ctx context.Context, d time.Duration) {
	if t := TrackerOf(ctx); t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.wait = max(t.wait, d)
	}
}

// Wait is the longest that a failed call or RetryAfter asked for; 0 if none did.
func (t *Tracker) Wait() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.wait
}

// Throttled reports whether the rate limit held a call back or refused it, and until when the last such
// call has to wait; zero: that is not known.
func (t *Tracker) Throttled() (until time.Time, ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.until, t.throttled
}

// ReconcileBy asks for a reconcile of the object by a time, even if it still waits for the rate limit
// then; zero asks for none.
func ReconcileBy(ctx context.Context, at time.Time) {
	if t := TrackerOf(ctx); t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.reconcileBy = at
	}
}

// ReconcileBy is when the object must be reconciled at the latest; zero: nothing asks for that.
func (t *Tracker) ReconcileBy() time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.reconcileBy
}

// MarkProgress marks that something was created or deleted, so that the back-off of earlier failures
// does not delay the next reconcile.
func MarkProgress(ctx context.Context) {
	if t := TrackerOf(ctx); t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.progressed = true
	}
}

// Progressed reports whether anything was created or deleted.
func (t *Tracker) Progressed() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.progressed
}

// Release gives back the calls that were reserved and not made.
func (t *Tracker) Release() {
	t.mu.Lock()
	unused := t.reserved
	t.reserved = nil
	t.mu.Unlock()
	for _, g := range unused {
		g.release()
	}
}

// Reserve a call of a route, which the next call of the route with the context uses. It fails if that
// would be held back. Without a Tracker it only checks that.
func (b *Budget) Reserve(ctx context.Context, r Route) error {
	t := TrackerOf(ctx)
	if t == nil {
		if e := b.check(r); e != nil {
			return e
		}
		return nil
	}
	g, e := b.acquire(r, t.Object())
	if e != nil {
		b.count(r, outcomeThrottledLocally)
		RecordFailure(ctx, e)
		return e
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.reserved = append(t.reserved, g)
	return nil
}

// Object that calls are made for; empty: it is not known.
func (t *Tracker) Object() string {
	if t == nil {
		return ""
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.object
}

// useReserved call, which was not used yet; nil: there is none.
func (t *Tracker) useReserved(b *Budget, r Route) *permit {
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, g := range t.reserved {
		if g.budget == b && g.route == r {
			t.reserved = append(t.reserved[:i:i], t.reserved[i+1:]...)
			return g
		}
	}
	return nil
}

// RecordFailure records what a failed call asks for: to wait, or until when it is throttled.
func RecordFailure(ctx context.Context, e *apierror.Error) {
	t := TrackerOf(ctx)
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	switch e.Class {
	case apierror.ClassRefused:
		t.wait = max(t.wait, afterForbidden)
	case apierror.ClassQuota:
		t.wait = max(t.wait, afterQuota)
	case apierror.ClassThrottled:
		t.throttled = true
		t.until = later(t.until, e.RetryAt)
	case apierror.ClassNotFound, apierror.ClassUnauthorized, apierror.ClassInvalid, apierror.ClassTransient:
	}
}

// WithOwnTracker returns a context for calls for the same object that must not delay its reconcile.
func WithOwnTracker(ctx context.Context) context.Context {
	own, t := WithTracker(ctx)
	t.SetObject(TrackerOf(ctx).Object())
	return own
}
