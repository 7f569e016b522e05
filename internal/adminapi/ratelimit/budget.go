// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package ratelimit learns OpenAI's rate limits from its refusals (429), and throttles calls locally
// that would be refused. A Budget holds the limits of one admin key.
package ratelimit

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// A Budget is the number of calls that OpenAI and the provider configurations allow for one admin
// key. It blocks no caller: a call before its slot is not sent, and fails with the time of the slot. It
// is safe for concurrent use.
type Budget struct {
	// disabled is whether every call passes.
	disabled bool

	mu sync.Mutex
	// Config is the provider configuration that labels the metrics: the first of those that use the
	// admin key. If it is empty, none is left, and nothing is counted.
	Config string
	// retired is whether new clients no longer get it.
	retired   bool
	random    random
	routes    map[Route]*window
	allowance allowance
}

// New returns a budget whose metrics are labeled with a provider configuration. With off it lets
// every call pass.
func New(config string, off bool) *Budget {
	b := NewWithoutMetrics(config, rand.Float64)
	b.disabled = off
	budgets.watch(b)
	return b
}

// NewWithoutMetrics returns a budget without metrics, for tests.
func NewWithoutMetrics(config string, r random) *Budget {
	return &Budget{Config: config, random: r, routes: map[Route]*window{}}
}

// random returns a number from 0 up to 1, such as rand.Float64.
type random func() float64

// upTo returns a random duration below d, which spreads calls.
func (r random) upTo(d time.Duration) time.Duration { return time.Duration(r() * float64(d)) }

// A permit is the right to make one call.
type permit struct {
	budget *Budget
	route  Route
	object string
	window *window
	call   *call
}

// acquire the right to make a call for an object. The error holds the slot of a throttled call.
func (b *Budget) acquire(r Route, object string) (*permit, *apierror.Error) {
	g := &permit{budget: b, route: r, object: object}
	if b.disabled {
		return g, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	g.window = b.window(r, now)
	p := r.priority()

	t := g.window.queue.find(object, p, now)
	ok, probe := g.window.admits(t, p, now)
	if !ok {
		return nil, g.throttle(t, now)
	}
	inAll := b.allowance.queue.find(object, p, now)
	if !b.allowance.admits(inAll, p, now) {
		slot := b.allowance.nextSlot(inAll, p, now, b.random)
		b.allowance.queue.join(inAll, object, p, slot)
		if t != nil {
			t.notBefore = slot
		}
		return nil, &apierror.Error{Class: apierror.ClassThrottled, Code: apierror.CodeRequestBudget, RetryAt: slot}
	}
	g.window.queue.leave(t)
	b.allowance.take(inAll, p, now)
	g.call = g.window.reserve(probe)
	return g, nil
}

// check whether a call would be throttled, without taking a place in the queue.
func (b *Budget) check(r Route) *apierror.Error {
	if b.disabled {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now, p := time.Now(), r.priority()
	w := b.window(r, now)
	if ok, _ := w.admits(nil, p, now); !ok {
		_, same := w.queue.ahead(nil, p)
		return &apierror.Error{Class: apierror.ClassThrottled, RetryAt: w.nextSlot(same, now)}
	}
	if !b.allowance.admits(nil, p, now) {
		return &apierror.Error{Class: apierror.ClassThrottled, Code: apierror.CodeRequestBudget, RetryAt: b.allowance.nextSlot(nil, p, now, b.random)}
	}
	return nil
}

// window returns the window of a route, as of now.
func (b *Budget) window(r Route, now time.Time) *window {
	w := b.routes[r]
	if w == nil {
		w = &window{random: b.random}
		b.routes[r] = w
	}
	w.refresh(now)
	return w
}

// SetCap sets the requestBudget of a provider configuration, in calls per minute over all routes; 0 for
// none.
func (b *Budget) SetCap(config string, perMinute int32) {
	if b.disabled {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowance.set(config, perMinute, time.Now())
}

// throttle queues the call, and returns its slot. The budget is locked.
func (g *permit) throttle(t *queueEntry, now time.Time) *apierror.Error {
	p := g.route.priority()
	_, same := g.window.queue.ahead(t, p)
	slot := g.window.boundWait(g.window.nextSlot(same, now), now)
	g.window.queue.join(t, g.object, p, slot)
	return &apierror.Error{Class: apierror.ClassThrottled, RetryAt: slot}
}

// send the call now, unless a refusal of another call has closed the route since.
func (g *permit) send() *apierror.Error {
	if g.budget.disabled {
		return nil
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	now := time.Now()
	g.window.refresh(now)
	if g.window.closed(now) {
		g.giveBack()
		return g.throttle(g.window.queue.find(g.object, g.route.priority(), now), now)
	}
	g.window.send(g.call, now)
	return nil
}

// answered notes that the call was not refused.
func (g *permit) answered() { g.end((*window).answered) }

// passed notes that the reply to the call says nothing about the rate limit.
func (g *permit) passed() { g.end((*window).pass) }

// end the call, and update its window with learn.
func (g *permit) end(learn func(w *window, c *call, now time.Time)) {
	if g.budget.disabled {
		return
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	now := time.Now()
	g.window.refresh(now)
	learn(g.window, g.call, now)
}

// rateLimited notes that the rate limit refused the call. until is when OpenAI accepts calls again; zero if
// the reply does not say. It returns the next slot of the caller.
func (g *permit) rateLimited(until time.Time) time.Time {
	if g.budget.disabled {
		return until
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	now := time.Now()
	g.window.refresh(now)
	g.window.refuse(g.call, until, now)
	// Callers that were refused together come back one after the other.
	p := g.route.priority()
	slot := g.window.nextSlot(0, now)
	g.window.queue.rejoin(g.object, p, slot)
	return slot
}

// Release a call that was reserved and will not be made.
func (g *permit) Release() {
	if g.budget.disabled {
		return
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	g.giveBack()
}

func (g *permit) giveBack() {
	g.window.release(g.call)
	g.budget.allowance.giveBack()
}
