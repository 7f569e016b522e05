// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"time"

	"golang.org/x/time/rate"
)

const (
	// burst is the time whose calls a configured limit allows at once.
	burst = 2 * time.Second

	// observeEvery: at least one in so many calls only reads, if any such call waits.
	observeEvery = 10

	// configuredTTL is how long the limit of a provider configuration counts after its last use. Every
	// reconcile that connects with it is a use.
	configuredTTL = time.Hour
)

// A configuredLimit is what provider configurations set (rateLimit): calls per minute with one admin key,
// over all routes.
type configuredLimit struct {
	limits   map[string]limitOfConfig // by provider configuration
	lowest   int32                    // 0 if there is no limit
	bucket   *rate.Limiter
	returned int // calls that were reserved and not made
	queue    queue
	// sinceObserve counts the other calls since a call that only reads began to wait.
	sinceObserve int
}

type limitOfConfig struct {
	perMinute int32
	used      time.Time
}

// set the limit of a provider configuration in calls per minute; 0 for none. The lowest of an admin key
// counts.
func (c *configuredLimit) set(config string, perMinute int32, now time.Time) {
	if perMinute == 0 && len(c.limits) == 0 {
		return
	}
	if c.limits == nil {
		c.limits = map[string]limitOfConfig{}
	}
	c.limits[config] = limitOfConfig{perMinute: perMinute, used: now}
	c.prune(func(string) bool { return false }, now)
}

// prune the limits of provider configurations that were deleted or unused for configuredTTL, and apply the
// lowest of the others.
func (c *configuredLimit) prune(deleted func(config string) bool, now time.Time) {
	lowest := int32(0)
	for name, limit := range c.limits {
		if limit.perMinute == 0 || now.Sub(limit.used) > configuredTTL || deleted(name) {
			delete(c.limits, name)
			continue
		}
		if lowest == 0 || limit.perMinute < lowest {
			lowest = limit.perMinute
		}
	}
	if lowest == c.lowest {
		return
	}
	c.lowest = lowest
	if lowest == 0 {
		c.bucket, c.queue, c.returned, c.sinceObserve = nil, queue{}, 0, 0
		return
	}
	perSecond := rate.Limit(float64(lowest) / time.Minute.Seconds())
	size := max(1, int(float64(perSecond)*burst.Seconds()))
	if c.bucket == nil {
		c.bucket = rate.NewLimiter(perSecond, size)
		return
	}
	c.bucket.SetLimitAt(now, perSecond)
	c.bucket.SetBurstAt(now, size)
}

// tokens are the calls that may be made now.
func (c *configuredLimit) tokens(now time.Time) float64 {
	return c.bucket.TokensAt(now) + float64(c.returned)
}

// admits reports whether a caller may make a call now.
func (c *configuredLimit) admits(e *queueEntry, p priority, now time.Time) bool {
	if c.bucket == nil {
		return true
	}
	higher, same := c.queue.ahead(e, p)
	ahead := higher + same
	if c.sinceObserve >= observeEvery-1 {
		if p == priorityRead {
			ahead = same
		} else if c.queue.due(priorityRead, now) {
			ahead++
		}
	}
	return c.tokens(now) >= float64(ahead+1)
}

// nextSlot estimates when a caller can make its call.
func (c *configuredLimit) nextSlot(e *queueEntry, p priority, now time.Time, r random) time.Time {
	higher, same := c.queue.ahead(e, p)
	place := higher + same + 1
	if p == priorityRead {
		place = max(min(place, (same+1)*observeEvery-c.sinceObserve), same+1)
	}
	each := time.Duration(float64(time.Second) / float64(c.bucket.Limit()))
	wait := time.Duration((float64(place) - c.tokens(now)) * float64(each))
	jitter := r.upTo(min(each, time.Second) / 10)
	return now.Add(max(wait, 0) + margin + jitter)
}

// take one call, which was admitted.
func (c *configuredLimit) take(e *queueEntry, p priority, now time.Time) {
	if c.bucket == nil {
		return
	}
	c.queue.leave(e)
	if c.returned > 0 {
		c.returned--
	} else {
		c.bucket.AllowN(now, 1)
	}
	switch {
	case p == priorityRead:
		c.sinceObserve = 0
	case c.queue.waiting(priorityRead):
		c.sinceObserve++
	}
}

// giveBack a call that was not made.
func (c *configuredLimit) giveBack() {
	if c.bucket != nil {
		c.returned = min(c.returned+1, c.bucket.Burst())
	}
}
