// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package ratelimit learns OpenAI's rate limits from its refusals (429), and throttles calls locally
// that would be refused. A Limiter holds the limits of one admin key.
package ratelimit

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// A Limiter throttles the calls with one admin key, as OpenAI and the provider configurations limit
// them. It blocks no caller: a call before its slot is not sent, and fails with the time of the slot. It
// is safe for concurrent use.
type Limiter struct {
	// disabled is whether every call passes.
	disabled bool

	mu sync.Mutex
	// Config is the provider configuration that labels the metrics: the first of those that use the
	// admin key. If it is empty, none is left, and nothing is counted.
	Config string
	// retired is whether new clients no longer get it.
	retired    bool
	random     random
	routes     map[Route]*window
	configured configuredLimit
}

// New returns a limiter whose metrics are labeled with a provider configuration. With off it lets
// every call pass.
func New(config string, off bool) *Limiter {
	l := NewWithoutMetrics(config, rand.Float64)
	l.disabled = off
	limiters.watch(l)
	return l
}

// NewWithoutMetrics returns a limiter without metrics, for tests.
func NewWithoutMetrics(config string, r random) *Limiter {
	return &Limiter{Config: config, random: r, routes: map[Route]*window{}}
}

// random returns a number from 0 up to 1, such as rand.Float64.
type random func() float64

// upTo returns a random duration below d, which spreads calls.
func (r random) upTo(d time.Duration) time.Duration { return time.Duration(r() * float64(d)) }

// A permit is the right to make one call.
type permit struct {
	limiter *Limiter
	route   Route
	object  string
	window  *window
	call    *call
}

// acquire the right to make a call for an object. The error holds the slot of a throttled call.
func (l *Limiter) acquire(r Route, object string) (*permit, *apierror.Error) {
	granted := &permit{limiter: l, route: r, object: object}
	if l.disabled {
		return granted, nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	granted.window = l.window(r, now)
	p := r.priority()

	e := granted.window.queue.find(object, p, now)
	ok, probe := granted.window.admits(e, p, now)
	if !ok {
		return nil, granted.throttle(e, now)
	}
	inAll := l.configured.queue.find(object, p, now)
	if !l.configured.admits(inAll, p, now) {
		slot := l.configured.nextSlot(inAll, p, now, l.random)
		l.configured.queue.join(inAll, object, p, slot)
		if e != nil {
			e.notBefore = slot
		}
		return nil, &apierror.Error{Class: apierror.ClassThrottled, Code: apierror.CodeConfiguredRateLimit, RetryAt: slot}
	}
	granted.window.queue.leave(e)
	l.configured.take(inAll, p, now)
	granted.call = granted.window.reserve(probe)
	return granted, nil
}

// check whether a call would be throttled, without taking a place in the queue.
func (l *Limiter) check(r Route) *apierror.Error {
	if l.disabled {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now, p := time.Now(), r.priority()
	w := l.window(r, now)
	if ok, _ := w.admits(nil, p, now); !ok {
		_, same := w.queue.ahead(nil, p)
		return &apierror.Error{Class: apierror.ClassThrottled, RetryAt: w.nextSlot(same, now)}
	}
	if !l.configured.admits(nil, p, now) {
		return &apierror.Error{Class: apierror.ClassThrottled, Code: apierror.CodeConfiguredRateLimit, RetryAt: l.configured.nextSlot(nil, p, now, l.random)}
	}
	return nil
}

// window returns the window of a route, as of now.
func (l *Limiter) window(r Route, now time.Time) *window {
	w := l.routes[r]
	if w == nil {
		w = &window{random: l.random}
		l.routes[r] = w
	}
	w.refresh(now)
	return w
}

// SetConfigured sets the rateLimit of a provider configuration, in calls per minute over all routes; 0 for
// none.
func (l *Limiter) SetConfigured(config string, perMinute int32) {
	if l.disabled {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.configured.set(config, perMinute, time.Now())
}

// throttle queues the call, and returns its slot. The limiter is locked.
func (p *permit) throttle(e *queueEntry, now time.Time) *apierror.Error {
	prio := p.route.priority()
	_, same := p.window.queue.ahead(e, prio)
	slot := p.window.boundWait(p.window.nextSlot(same, now), now)
	p.window.queue.join(e, p.object, prio, slot)
	return &apierror.Error{Class: apierror.ClassThrottled, RetryAt: slot}
}

// send the call now, unless a refusal of another call has closed the route since.
func (p *permit) send() *apierror.Error {
	if p.limiter.disabled {
		return nil
	}
	p.limiter.mu.Lock()
	defer p.limiter.mu.Unlock()
	now := time.Now()
	p.window.refresh(now)
	if p.window.closed(now) {
		p.giveBack()
		return p.throttle(p.window.queue.find(p.object, p.route.priority(), now), now)
	}
	p.window.send(p.call, now)
	return nil
}

// answered notes that the call was not refused.
func (p *permit) answered() { p.end((*window).answered) }

// passed notes that the reply to the call says nothing about the rate limit.
func (p *permit) passed() { p.end((*window).pass) }

// end the call, and update its window with learn.
func (p *permit) end(learn func(w *window, c *call, now time.Time)) {
	if p.limiter.disabled {
		return
	}
	p.limiter.mu.Lock()
	defer p.limiter.mu.Unlock()
	now := time.Now()
	p.window.refresh(now)
	learn(p.window, p.call, now)
}

// rateLimited notes that the rate limit refused the call. until is when OpenAI accepts calls again; zero if
// the reply does not say. It returns the next slot of the caller.
func (p *permit) rateLimited(until time.Time) time.Time {
	if p.limiter.disabled {
		return until
	}
	p.limiter.mu.Lock()
	defer p.limiter.mu.Unlock()
	now := time.Now()
	p.window.refresh(now)
	p.window.refuse(p.call, until, now)
	// Callers that were refused together come back one after the other.
	prio := p.route.priority()
	slot := p.window.nextSlot(0, now)
	p.window.queue.rejoin(p.object, prio, slot)
	return slot
}

// Release a call that was reserved and will not be made.
func (p *permit) Release() {
	if p.limiter.disabled {
		return
	}
	p.limiter.mu.Lock()
	defer p.limiter.mu.Unlock()
	p.giveBack()
}

func (p *permit) giveBack() {
	p.window.release(p.call)
	p.limiter.configured.giveBack()
}
