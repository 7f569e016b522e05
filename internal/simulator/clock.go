// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"sync/atomic"
	"time"
)

// A clock is the time for creation, expiry, rate limits and lagging lists: a source plus
// the sum of all Advances.
type clock struct {
	source func() time.Time
	offset atomic.Int64
}

func (c *clock) now() time.Time {
	return c.source().Add(time.Duration(c.offset.Load()))
}

func (c *clock) advance(d time.Duration) {
	c.offset.Add(int64(d))
}

// unix is a time in seconds, as in the API; null for the zero time.
func unix(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	u := t.Unix()
	return &u
}
