// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"time"

	"golang.org/x/time/rate"
)

const (
	// burst is the time whose calls a cap allows at once.
	burst = 2 * time.Second

	// observeEvery: at least one in so many calls only reads, if any such call waits.
	observeEvery = 10

	// capTTL is how long the cap of a provider configuration counts after its last use. Every
	// reconcile that connects with it is a use.
	capTTL = time.Hour
)

// An allowance is the part of a budget that provider configurations set (requestBudget): calls per
// minute with one admin key, over all routes.
type allowance struct {
	caps     map[string]configuredCap // by provider configuration
	lowest   int32                    // 0 if there is no cap
	limiter  *rate.Limiter
	returned int // calls that were reserved and not made
	queue    queue
	// sinceObserve counts the other calls since a call that only reads began to wait.
	sinceObserve int
}

type configuredCap struct {
	perMinute int32
	used      time.Time
}

// set the cap of a provider configuration in calls per minute; 0 for none. The lowest cap of an admin
// key counts.
func (a *allowance) set(config string, perMinute int32, now time.Time) {
	if perMinute == 0 && len(a.caps) == 0 {
		return
	}
	if a.caps == nil {
		a.caps = map[string]configuredCap{}
	}
	a.caps[config] = configuredCap{perMinute: perMinute, used: now}
	a.prune(func(string) bool { return false }, now)
}

// prune the caps of provider configurations that are gone or unused for capTTL, and apply the lowest
// of the others.
func (a *allowance) prune(gone func(config string) bool, now time.Time) {
	lowest := int32(0)
	for name, c := range a.caps {
		if c.perMinute == 0 || now.Sub(c.used) > capTTL || gone(name) {
			delete(a.caps, name)
			continue
		}
		if lowest == 0 || c.perMinute < lowest {
			lowest = c.perMinute
		}
	}
	if lowest == a.lowest {
		return
	}
	a.lowest = lowest
	if lowest == 0 {
		a.limiter, a.queue, a.returned, a.sinceObserve = nil, queue{}, 0, 0
		return
	}
	perSecond := rate.Limit(float64(lowest) / time.Minute.Seconds())
	size := max(1, int(float64(perSecond)*burst.Seconds()))
	if a.limiter == nil {
		a.limiter = rate.NewLimiter(perSecond, size)
		return
	}
	a.limiter.SetLimitAt(now, perSecond)
	a.limiter.SetBurstAt(now, size)
}

// tokens are the calls that may be made now.
func (a *allowance) tokens(now time.Time) float64 {
	return a.limiter.TokensAt(now) + float64(a.returned)
}

// admits reports whether a caller may make a call now.
func (a *allowance) admits(t *queueEntry, p priority, now time.Time) bool {
	if a.limiter == nil {
		return true
	}
	higher, same := a.queue.ahead(t, p)
	ahead := higher + same
	if a.sinceObserve >= observeEvery-1 {
		if p == priorityRead {
			ahead = same
		} else if a.queue.due(priorityRead, now) {
			ahead++
		}
	}
	return a.tokens(now) >= float64(ahead+1)
}

// nextSlot estimates when a caller can make its call.
func (a *allowance) nextSlot(t *queueEntry, p priority, now time.Time, r random) time.Time {
	higher, same := a.queue.ahead(t, p)
	place := higher + same + 1
	if p == priorityRead {
		place = max(min(place, (same+1)*observeEvery-a.sinceObserve), same+1)
	}
	each := time.Duration(float64(time.Second) / float64(a.limiter.Limit()))
	wait := time.Duration((float64(place) - a.tokens(now)) * float64(each))
	jitter := r.upTo(min(each, time.Second) / 10)
	return now.Add(max(wait, 0) + margin + jitter)
}

// take one call, which was admitted.
func (a *allowance) take(t *queueEntry, p priority, now time.Time) {
	if a.limiter == nil {
		return
	}
	a.queue.leave(t)
	if a.returned > 0 {
		a.returned--
	} else {
		a.limiter.AllowN(now, 1)
	}
	switch {
	case p == priorityRead:
		a.sinceObserve = 0
	case a.queue.waiting(priorityRead):
		a.sinceObserve++
	}
}

// giveBack a call that was not made.
func (a *allowance) giveBack() {
	if a.limiter != nil {
		a.returned = min(a.returned+1, a.limiter.Burst())
	}
}
