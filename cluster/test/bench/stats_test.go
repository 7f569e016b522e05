// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	hundred := make([]time.Duration, 0, 100)
	for i := range 100 {
		// Unordered.
		hundred = append(hundred, time.Duration((i*37)%100+1))
	}
	cases := map[string]struct {
		reason    string
		durations []time.Duration
		p         float64
		want      time.Duration
	}{
		"TheMedianOfAHundred":       {"half of them take no longer", hundred, 50, 50},
		"TheSlowestOneInAHundred":   {"ninety-nine take no longer", hundred, 99, 99},
		"TheSlowest":                {"none takes longer", hundred, 100, 100},
		"TheOnlyOne":                {"it is every percentile", []time.Duration{7}, 50, 7},
		"ARankIsNeverBetweenValues": {"only what was measured is reported", []time.Duration{10, 20}, 99, 20},
		"None":                      {"nothing was measured", nil, 99, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := percentile(tc.durations, tc.p); got != tc.want {
				t.Errorf("\n%s\npercentile %v: want %d, got %d", tc.reason, tc.p, tc.want, got)
			}
		})
	}
}

func TestListPages(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		keys   int
		want   int
	}{
		"FewKeys":           {"a project with ten keys has one page", 100, 10},
		"FullPages":         {"a full page needs no second one", 1000, 10},
		"OneBeyondFullPage": {"the project with 101 keys needs a second page", 1001, 11},
		"ManyKeys":          {"a thousand keys are ten pages", 10000, 100},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := listPages(tc.keys); got != tc.want {
				t.Errorf("\n%s\nlistPages(%d): want %d, got %d", tc.reason, tc.keys, tc.want, got)
			}
		})
	}
}

func TestAllowedSeconds(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		keys   int
		want   float64
	}{
		"WithinOneWindow":   {"nothing has to wait", 60, 6},
		"OneBeyondAWindow":  {"the last call waits for the second window", 61, 3.1},
		"AThousandKeys":     {"sixteen windows pass before the one for the last forty", 1000, 52},
		"AMultipleOfWindow": {"the last window's share is a full one", 120, 9},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := allowedSeconds(tc.keys, 60, 3*time.Second, 0.1); got < tc.want-1e-9 || got > tc.want+1e-9 {
				t.Errorf("\n%s\nallowedSeconds(%d): want %v, got %v", tc.reason, tc.keys, tc.want, got)
			}
		})
	}
}
