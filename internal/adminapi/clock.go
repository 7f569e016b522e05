// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// dateTolerance is how much the Dates of two replies may disagree about OpenAI's clock: they are in
// whole seconds, and replies take time to arrive.
const dateTolerance = 5 * time.Second

// maxClockOffset is the largest error of the provider's clock that is corrected: hours if a time zone is
// wrong, a day if the date is. A larger one is more likely a wrong Date, which would expire keys too
// early; and with such a clock OpenAI's certificate would hardly be valid.
const maxClockOffset = 48 * time.Hour

// A Clock estimates OpenAI's clock from the Date header of its replies. Times in replies are to be
// compared with it, since the provider's own clock may be wrong. The zero value is ready for use. It is
// safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	known  bool
	offset time.Duration

	// unconfirmed is an offset that one reply showed, and no other confirmed yet.
	unconfirmed *time.Duration
}

// Offset is how far OpenAI's clock is ahead of the provider's; behind if negative. It is accurate to
// about a second. known is false until the first reply with a Date.
func (c *Clock) Offset() (offset time.Duration, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset, c.known
}

// read the Date of a reply that was received at a time. One that contradicts the known offset counts
// only once the next reply agrees with it, since gateways answer from caches.
func (c *Clock) read(h http.Header, at time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	if age, err := strconv.Atoi(h.Get("Age")); err == nil && age > 0 {
		if age > int(maxClockOffset.Seconds()) {
			return
		}
		date = date.Add(time.Duration(age) * time.Second)
	}
	// Dates are cut to the second, which is half a second on average.
	offset := date.Add(time.Second / 2).Sub(at)
	if offset.Abs() > maxClockOffset {
		return
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.known, agree(offset, c.offset):
		c.known, c.offset, c.unconfirmed = true, offset, nil
	case c.unconfirmed != nil && agree(offset, *c.unconfirmed):
		c.offset, c.unconfirmed = offset, nil
	default:
		c.unconfirmed = &offset
	}
}

func agree(a, b time.Duration) bool { return (a - b).Abs() <= dateTolerance }
