// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"strconv"
	"sync"
	"time"
)

// dateTolerance is how far the Dates of two replies may disagree about OpenAI's clock:
// they are in whole seconds, and a reply takes its time.
const dateTolerance = 5 * time.Second

// farthestOff is the most that the provider's clock is believed to be wrong: by hours if a
// time zone was mistaken, by a day if a date was. Beyond, a made-up Date is more likely,
// which would end keys before their time; OpenAI's certificate would hardly be valid.
const farthestOff = 48 * time.Hour

// A Clock is OpenAI's, as the Date of its replies tells it. Times in replies are to be
// compared with it, since the provider's own clock may be wrong. The zero value knows
// nothing yet; it is safe for concurrent use.
type Clock struct {
	mu     sync.Mutex
	known  bool
	offset time.Duration

	// suspected is the offset that a reply told and no other confirmed yet.
	suspected *time.Duration
}

// Offset is how far OpenAI's clock is ahead of the provider's; behind if negative. It is
// accurate to about a second, and known is false before the first reply that tells.
func (c *Clock) Offset() (offset time.Duration, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.offset, c.known
}

// read the Date of a reply that arrived at a time. One that contradicts what is known
// counts only once the next reply agrees with it: gateways answer from caches.
func (c *Clock) read(h http.Header, at time.Time) {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return
	}
	if age, err := strconv.Atoi(h.Get("Age")); err == nil && age > 0 {
		if age > int(farthestOff.Seconds()) {
			return
		}
		date = date.Add(time.Duration(age) * time.Second)
	}
	// A Date was cut to the second: on average it is half of one late.
	told := date.Add(time.Second / 2).Sub(at)
	if told.Abs() > farthestOff {
		return
	}

	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.known, agree(told, c.offset):
		c.known, c.offset, c.suspected = true, told, nil
	case c.suspected != nil && agree(told, *c.suspected):
		c.offset, c.suspected = told, nil
	default:
		c.suspected = &told
	}
}

func agree(a, b time.Duration) bool { return (a - b).Abs() <= dateTolerance }
