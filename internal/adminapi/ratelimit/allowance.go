// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"time"

	"golang.org/x/time/rate"
)

const (
	// burst of calls that a cap lets pass at once, as the time in which they would
	// have been spread.
	burst = 2 * time.Second

	// observesShare is that of so many calls one is an observe, if any waits.
	observesShare = 10

	// longestUnused is how long a provider configuration's cap holds after its last use.
	// One that is used is connected to at every reconcile.
	longestUnused = time.Hour
)

// An allowance is the part of a budget that provider configurations set: calls a
// minute with one credential, over all routes.
type allowance struct {
	caps    map[string]configured // by provider configuration
	lowest  int32                 // 0 if there is no cap
	limiter *rate.Limiter
	unused  int // calls that were reserved and not made
	queue   queue
	// ahead counts the calls that went before an observe that waits.
	ahead int
}

type configured struct {
	perMinute int32
	used      time.Time
}

// set the cap of a provider configuration; 0 for none. The lowest of a credential
// holds.
func (a *allowance) set(config string, perMinute int32, now time.Time) {
	if perMinute == 0 && len(a.caps) == 0 {
		return
	}
	if a.caps == nil {
		a.caps = map[string]configured{}
	}
	a.caps[config] = configured{perMinute: perMinute, used: now}
	a.prune(func(string) bool { return false }, now)
}

// prune the caps of provider configurations that are gone, or that were not used for long,
// and keep to the lowest of the others.
func (a *allowance) prune(gone func(config string) bool, now time.Time) {
	lowest := int32(0)
	for name, c := range a.caps {
		if c.perMinute == 0 || now.Sub(c.used) > longestUnused || gone(name) {
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
		a.limiter, a.queue, a.unused, a.ahead = nil, queue{}, 0, 0
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
	return a.limiter.TokensAt(now) + float64(a.unused)
}

// admits tells whether a caller may make a call now.
func (a *allowance) admits(t *ticket, p priority, now time.Time) bool {
	if a.limiter == nil {
		return true
	}
	higher, same := a.queue.ahead(t, p)
	ahead := higher + same
	if a.ahead >= observesShare-1 {
		if p == priorityObserve {
			ahead = same
		} else if a.queue.due(priorityObserve, now) {
			ahead++
		}
	}
	return a.tokens(now) >= float64(ahead+1)
}

// turn estimates when a caller can make its call.
func (a *allowance) turn(t *ticket, p priority, now time.Time, r random) time.Time {
	higher, same := a.queue.ahead(t, p)
	place := higher + same + 1
	if p == priorityObserve {
		place = max(min(place, (same+1)*observesShare-a.ahead), same+1)
	}
	each := time.Duration(float64(time.Second) / float64(a.limiter.Limit()))
	wait := time.Duration((float64(place) - a.tokens(now)) * float64(each))
	jitter := r.upTo(min(each, time.Second) / 10)
	return now.Add(max(wait, 0) + margin + jitter)
}

// take one call, which was admitted.
func (a *allowance) take(t *ticket, p priority, now time.Time) {
	if a.limiter == nil {
		return
	}
	a.queue.leave(t)
	if a.unused > 0 {
		a.unused--
	} else {
		a.limiter.AllowN(now, 1)
	}
	switch {
	case p == priorityObserve:
		a.ahead = 0
	case a.queue.waiting(priorityObserve):
		a.ahead++
	}
}

// giveBack a call that was not made.
func (a *allowance) giveBack() {
	if a.limiter != nil {
		a.unused = min(a.unused+1, a.limiter.Burst())
	}
}
