// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"hash/fnv"
	"math/rand/v2"
	"time"

	"k8s.io/apimachinery/pkg/types"
)

// NextPoll is how long it is to the next poll of an object. The polls of one object are an interval
// apart, and each object has its own place in the interval, which follows from its UID. So objects
// that were reconciled together, because the provider started or because they were created together,
// are spread evenly from their first poll on. The first poll comes before an interval has passed,
// which costs no call: a list that was fetched for others answers it. The jitter is added on top.
func (o Options) NextPoll(uid types.UID, interval time.Duration) time.Duration {
	return o.nextPoll(uid, interval, time.Now())
}

func (o Options) nextPoll(uid types.UID, interval time.Duration, now time.Time) time.Duration {
	if interval <= 0 {
		return interval
	}
	h := fnv.New32a()
	h.Write([]byte(uid))
	place := time.Duration(float64(h.Sum32()) / (1 << 32) * float64(interval))
	wait := place - time.Duration(now.UnixNano()%int64(interval))
	// A poll that was just made is not due again at once, even if the clock was set back a
	// little.
	if wait < interval/100 {
		wait += interval
	}
	return wait + o.jitter(interval)
}

// Jitter lengthens an interval at random, within PollJitter.
func (o Options) Jitter(interval time.Duration) time.Duration {
	return interval + o.jitter(interval)
}

func (o Options) jitter(interval time.Duration) time.Duration {
	return time.Duration(rand.Float64() * o.PollJitter * float64(interval)) //nolint:gosec // Spreading polls needs no secure randomness.
}
