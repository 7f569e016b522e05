// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "time"

// rateWindow is how long a rate limit takes to refill, as measured by users;
// OpenAI does not document the limits of admin endpoints.
const rateWindow = time.Minute

// rateLimits counts the calls of each admin route and credential in windows
// that begin with the first call.
type rateLimits struct {
	perMinute int
	windows   map[rateKey]*rateCount
}

type rateKey struct {
	route      Route
	credential string
}

type rateCount struct {
	start time.Time
	calls int
}

// SetRateLimit limits the calls per minute, by the simulator's clock, of each
// admin route and admin key. Zero means no limit. Calls beyond the limit are
// answered 429, with a hint in the body only.
func (s *Server) SetRateLimit(perMinute int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = rateLimits{perMinute: perMinute}
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
	if c == nil || now.Sub(c.start) >= rateWindow {
		c = &rateCount{start: now}
		l.windows[k] = c
	}
	if c.calls >= l.perMinute {
		return rateLimitedFor(rateWindow - now.Sub(c.start))
	}
	c.calls++
	return nil
}
