// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"regexp"
	"slices"
	"time"
)

// rateWindow is the length of a window of the rate limit, as users measured it; OpenAI does
// not document the limits of admin endpoints.
const rateWindow = time.Minute

// retryAfterDocumented matches the routes whose 429 has Retry-After according to OpenAI's
// OpenAPI document.
var retryAfterDocumented = regexp.MustCompile(`/(certificates|groups|roles)\b`)

// rateLimits counts the calls of each admin route and credential in windows that begin with
// the first call.
type rateLimits struct {
	perMinute int
	// minute is the length of a window; zero means rateWindow.
	minute  time.Duration
	windows map[rateKey]*rateCount
}

type rateKey struct {
	route      Route
	credential string
}

type rateCount struct {
	// starts of the windows, the current one last.
	starts []time.Time
	calls  int
}

// SetRateLimit limits the calls per minute, by the simulator's clock, of each admin route
// and admin key. Zero means no limit. Further calls are answered with 429 and the time to
// wait in the message, and in Retry-After where OpenAI documents it.
func (s *Server) SetRateLimit(perMinute int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = rateLimits{perMinute: perMinute, minute: s.limits.minute}
}

// SetRateWindow sets the length of the "minute" of the rate limit, by the simulator's
// clock, so that a test need not wait for real minutes. Zero means a minute.
func (s *Server) SetRateWindow(minute time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = rateLimits{perMinute: s.limits.perMinute, minute: minute}
}

// RateWindows returns when the windows of a route's rate limit began, of all admin keys, in
// order.
func (s *Server) RateWindows(route Route) []time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	var starts []time.Time
	for k, c := range s.limits.windows {
		if k.route == route {
			starts = append(starts, c.starts...)
		}
	}
	slices.SortFunc(starts, time.Time.Compare)
	return starts
}

// spend counts a call, or refuses it.
func (l *rateLimits) spend(route Route, token string, now time.Time) *apiError {
	if l.perMinute <= 0 {
		return nil
	}
	if l.windows == nil {
		l.windows = make(map[rateKey]*rateCount)
	}
	k := rateKey{route: route, credential: Fingerprint(token)}
	c := l.windows[k]
	if c == nil {
		c = &rateCount{}
		l.windows[k] = c
	}
	window := cmp.Or(l.minute, rateWindow)
	if len(c.starts) == 0 || now.Sub(c.starts[len(c.starts)-1]) >= window {
		c.starts, c.calls = append(c.starts, now), 0
	}
	if c.calls >= l.perMinute {
		return rateLimitedFor(window - now.Sub(c.starts[len(c.starts)-1]))
	}
	c.calls++
	return nil
}
