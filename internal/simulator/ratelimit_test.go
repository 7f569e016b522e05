// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAMinuteOfTheRateLimitCanBeMadeShorter(t *testing.T) {
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
