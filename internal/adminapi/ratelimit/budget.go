// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package ratelimit learns OpenAI's rate limits from its refusals, and holds back calls that would
// be refused.
package ratelimit

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// A Budget is the calls that OpenAI, and the provider configurations, allow one
// admin key. Nothing waits in it: a call that has no turn yet is not sent, and
// its caller learns when to come back.
type Budget struct {
	// off lets every call pass.
	off bool

	mu sync.Mutex
	// Config is the first of the provider configurations that use the admin key, for
	// metrics; empty if none is left. Nothing is counted for it then.
	Config string
	// former: no client is given it any more.
	former    bool
	random    random
	routes    map[Route]*window
	allowance allowance
}

func New(config string, off bool) *Budget {
	b := NewUnobserved(config, rand.Float64)
	b.off = off
	budgets.watch(b)
	return b
}

// NewUnobserved returns a budget that no metrics are collected of.
func NewUnobserved(config string, r random) *Budget {
	return &Budget{Config: config, random: r, routes: map[Route]*window{}}
}

// random is where a number from 0 up to 1 comes from.
type random func() float64

// upTo is a duration below the given one, for calls that must not come all at once.
func (r random) upTo(d time.Duration) time.Duration { return time.Duration(r() * float64(d)) }

// A grant is the right to make one call.
type grant struct {
	budget *Budget
	route  Route
	who    string
	window *window
	call   *call
}

// claim the right to make a call, or learn when to come back.
func (b *Budget) claim(r Route, who string) (*grant, *apierror.Error) {
	g := &grant{budget: b, route: r, who: who}
	if b.off {
		return g, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	g.window = b.window(r, now)
	p := r.priority()

	t := g.window.queue.find(who, p, now)
	ok, extra := g.window.admits(t, p, now)
	if !ok {
		return nil, g.holdBack(t, now)
	}
	inAll := b.allowance.queue.find(who, p, now)
	if !b.allowance.admits(inAll, p, now) {
		turn := b.allowance.turn(inAll, p, now, b.random)
		b.allowance.queue.join(inAll, who, p, turn)
		if t != nil {
			t.turn = turn
		}
		return nil, &apierror.Error{Class: apierror.ClassThrottled, Code: apierror.CodeRequestBudget, RetryAt: turn}
	}
	g.window.queue.leave(t)
	b.allowance.take(inAll, p, now)
	g.call = g.window.reserve(extra)
	return g, nil
}

// check whether a call would have to wait, without taking a place in the queue.
func (b *Budget) check(r Route) *apierror.Error {
	if b.off {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now, p := time.Now(), r.priority()
	w := b.window(r, now)
	if ok, _ := w.admits(nil, p, now); !ok {
		_, same := w.queue.ahead(nil, p)
		return &apierror.Error{Class: apierror.ClassThrottled, RetryAt: w.turn(same, now)}
	}
	if !b.allowance.admits(nil, p, now) {
		return &apierror.Error{Class: apierror.ClassThrottled, Code: apierror.CodeRequestBudget, RetryAt: b.allowance.turn(nil, p, now, b.random)}
	}
	return nil
}

// window of a route, as it is now.
func (b *Budget) window(r Route, now time.Time) *window {
	w := b.routes[r]
	if w == nil {
		w = &window{random: b.random}
		b.routes[r] = w
	}
	w.refresh(now)
	return w
}

// SetCap the calls over all routes to what a provider configuration says; 0 for no
// limit.
func (b *Budget) SetCap(config string, perMinute int32) {
	if b.off {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowance.set(config, perMinute, time.Now())
}

// holdBack the call, with the budget locked.
func (g *grant) holdBack(t *ticket, now time.Time) *apierror.Error {
	p := g.route.priority()
	_, same := g.window.queue.ahead(t, p)
	turn := g.window.look(g.window.turn(same, now), now)
	g.window.queue.join(t, g.who, p, turn)
	return &apierror.Error{Class: apierror.ClassThrottled, RetryAt: turn}
}

// send the call now, unless a refusal of another call has closed the route since.
func (g *grant) send() *apierror.Error {
	if g.budget.off {
		return nil
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	now := time.Now()
	g.window.refresh(now)
	if g.window.closed(now) {
		g.giveBack()
		return g.holdBack(g.window.queue.find(g.who, g.route.priority(), now), now)
	}
	g.window.send(g.call, now)
	return nil
}

// answered tells that the call was not refused.
func (g *grant) answered() { g.end((*window).answered) }

// passed tells that the call got a reply that says nothing about the rate limit.
func (g *grant) passed() { g.end((*window).pass) }

// end the call in its window, with what that learns from it.
func (g *grant) end(learn func(w *window, c *call, now time.Time)) {
	if g.budget.off {
		return
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	now := time.Now()
	g.window.refresh(now)
	learn(g.window, g.call, now)
}

// refused tells that the rate limit refused the call, and until when, if OpenAI
// says so. It returns the caller's next turn.
func (g *grant) refused(until time.Time) time.Time {
	if g.budget.off {
		return until
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	now := time.Now()
	g.window.refresh(now)
	g.window.refuse(g.call, until, now)
	// Those who were refused together come back one after the other.
	p := g.route.priority()
	turn := g.window.turn(0, now)
	g.window.queue.rejoin(g.who, p, turn)
	return turn
}

// release a call that will not be made.
func (g *grant) release() {
	if g.budget.off {
		return
	}
	g.budget.mu.Lock()
	defer g.budget.mu.Unlock()
	g.giveBack()
}

func (g *grant) giveBack() {
	g.window.release(g.call)
	g.budget.allowance.giveBack()
}
