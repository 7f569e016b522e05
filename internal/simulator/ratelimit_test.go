// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestEveryReplyHasADateAndARateLimitMayHaveRetryAfter(t *testing.T) {
	cases := map[string]struct {
		reason string
		quirks simulator.Quirks
		want   string
	}{
		"Undocumented": {reason: "For projects OpenAI documents no header."},
		"Everywhere":   {reason: "In whole seconds, rounded up.", quirks: simulator.Quirks{RetryAfterHeader: true}, want: "60"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, simulator.WithQuirks(tc.quirks))
			p := f.project(t)
			f.SetRateLimit(1)
			for _, status := range []int{200, 429} {
				var raw *http.Response
				_, _ = f.admin.Get(t.Context(), p, option.WithResponseInto(&raw))
				if raw == nil || raw.StatusCode != status {
					t.Fatalf("%s\nwant %d, got %+v", tc.reason, status, raw)
				}
				if got := raw.Header.Get("Date"); got != start.Format(http.TimeFormat) {
					t.Errorf("%s\nDate of %d: got %q", tc.reason, status, got)
				}
				if got := raw.Header.Get("Retry-After"); status == 429 && got != tc.want {
					t.Errorf("%s\nRetry-After: want %q, got %q", tc.reason, tc.want, got)
				}
			}
		})
	}
}

func TestTheWindowOfTheRateLimitCanBeShorter(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	f.SetRateWindow(3 * time.Second)
	// A limit that is set later keeps the window.
	f.SetRateLimit(1)
	get := func() *problem { return problemOf(second(f.admin.Get(t.Context(), p))) }

	if got := get(); got != nil {
		t.Fatalf("within the limit: %+v", got)
	}
	f.Advance(129 * time.Millisecond)
	want := &problem{Status: 429, Code: "rate_limit_exceeded", Message: "Rate limit reached for requests. Please try again after 2.871 seconds."}
	if diff := cmp.Diff(want, get()); diff != "" {
		t.Errorf("beyond the limit: -want, +got:\n%s", diff)
	}
	f.Advance(2871 * time.Millisecond)
	if got := get(); got != nil {
		t.Errorf("in the next window: %+v", got)
	}
	if diff := cmp.Diff([]time.Time{start, start.Add(3 * time.Second)}, f.RateWindows(simulator.RouteGetProject)); diff != "" {
		t.Errorf("windows: -want, +got:\n%s", diff)
	}
	if got := f.RateWindows(simulator.RouteListProjects); len(got) != 0 {
		t.Errorf("windows of a route that was not called: want none, got %v", got)
	}
}
