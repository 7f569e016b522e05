// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// afterRefusal is how long to wait before asking again for what a policy of the
// organization forbids. People change policies, so that minutes are soon enough.
const afterRefusal = 15 * time.Minute

// afterQuota is how long to wait before asking again for what OpenAI refuses for want of
// money.
const afterQuota = 5 * time.Minute

// A Tracker tracks the calls of one reconcile: how long to wait before those that failed are
// made again, and which are reserved. The zero Tracker is ready for use.
type Tracker struct {
	mu        sync.Mutex
	object    string
	wait      time.Duration
	progress  bool
	throttled bool
	until     time.Time
	lookBy    time.Time
	reserved  []*grant
	withdrawn error
}

// A Tracked is something whose calls are tracked, such as a reconcile. A context carries it as a
// whole, so that whoever embeds a Tracker needs no other value in the context.
type Tracked interface{ CallTracker() *Tracker }

// CallTracker makes whatever embeds a Tracker a Tracked.
func (p *Tracker) CallTracker() *Tracker { return p }

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
	p := &Tracker{}
	return WithTracked(ctx, p), p
}

// TrackerOf is the Tracker of a context's calls; nil: they are not tracked.
func TrackerOf(ctx context.Context) *Tracker {
	if t := TrackedOf(ctx); t != nil {
		return t.CallTracker()
	}
	return nil
}

// SetObject names the object that calls are made for, with its kind, so that it keeps
// its place among those who wait for the rate limit when it comes back.
func (p *Tracker) SetObject(object string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.object = object
}

// RetryAfter says that a reconcile which fails is of use again after some time, and
// not when its back-off ends.
func RetryAfter(ctx context.Context, d time.Duration) {
	if p := TrackerOf(ctx); p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.wait = max(p.wait, d)
	}
}

// Wait is the longest that a failed call or RetryAfter asked for; 0 if none did.
func (p *Tracker) Wait() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.wait
}

// Throttled tells whether the rate limit held a call back or refused it, and when
// the turn of the last such call comes; zero if that is not known.
func (p *Tracker) Throttled() (until time.Time, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until, p.throttled
}

// ReconcileBy asks for a look at the object by a time, even if it still waits for the rate limit
// then; zero asks for nothing.
func ReconcileBy(ctx context.Context, at time.Time) {
	if p := TrackerOf(ctx); p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.lookBy = at
	}
}

// ReconcileBy is when the object must be looked at; zero: nothing asks for that.
func (p *Tracker) ReconcileBy() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lookBy
}

// MarkProgress tells that something was created or deleted. The back-off that earlier
// failures led to need not delay the look at it.
func MarkProgress(ctx context.Context) {
	if p := TrackerOf(ctx); p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.progress = true
	}
}

// Progressed tells whether anything was created or deleted.
func (p *Tracker) Progressed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.progress
}

// Release gives back the calls that were reserved and not made.
func (p *Tracker) Release() {
	p.mu.Lock()
	unused := p.reserved
	p.reserved = nil
	p.mu.Unlock()
	for _, g := range unused {
		g.release()
	}
}

// Reserve a call, as Client.Reserve says.
func (b *Budget) Reserve(ctx context.Context, r Route) error {
	p := TrackerOf(ctx)
	if p == nil {
		if e := b.check(r); e != nil {
			return e
		}
		return nil
	}
	g, e := b.claim(r, p.Object())
	if e != nil {
		b.count(r, outcomeHeldBack)
		RecordFailure(ctx, e)
		return e
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reserved = append(p.reserved, g)
	return nil
}

func (p *Tracker) Object() string {
	if p == nil {
		return ""
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.object
}

// use a reservation; nil if there is none.
func (p *Tracker) use(b *Budget, r Route) *grant {
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, g := range p.reserved {
		if g.budget == b && g.route == r {
			p.reserved = append(p.reserved[:i:i], p.reserved[i+1:]...)
			return g
		}
	}
	return nil
}

// RecordFailure what a failed call asks for.
func RecordFailure(ctx context.Context, e *apierror.Error) {
	p := TrackerOf(ctx)
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e.Class {
	case apierror.ClassRefused:
		p.wait = max(p.wait, afterRefusal)
	case apierror.ClassQuota:
		p.wait = max(p.wait, afterQuota)
	case apierror.ClassThrottled:
		p.throttled = true
		p.until = later(p.until, e.RetryAt)
	case apierror.ClassNotFound, apierror.ClassUnauthorized, apierror.ClassInvalid, apierror.ClassTransient:
	}
}

// WithOwnTracker returns a context for calls that must not delay the reconcile of the former
// context, and for the same object.
func WithOwnTracker(ctx context.Context) context.Context {
	own, p := WithTracker(ctx)
	p.SetObject(TrackerOf(ctx).Object())
	return own
}
