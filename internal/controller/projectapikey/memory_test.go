// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"
	"time"
)

func TestRequeueAfter(t *testing.T) {
	const poll = 10 * time.Minute
	cases := map[string]struct {
		reason string
		at     []time.Time
		want   time.Duration
	}{
		"None":      {"Nothing falls due.", nil, poll},
		"Sooner":    {"OpenAI counts in whole seconds, so that a moment is added.", []time.Time{start.Add(time.Minute)}, time.Minute + time.Second},
		"Later":     {"The poll comes first.", []time.Time{start.Add(time.Hour)}, poll},
		"Past":      {"What is due already is done at once, but not in a loop.", []time.Time{start.Add(-time.Hour)}, time.Second},
		"Replaced":  {"The last decision counts.", []time.Time{start.Add(time.Minute), start.Add(2 * time.Minute)}, 2*time.Minute + time.Second},
		"TurnedOff": {"What was due is done.", []time.Time{start.Add(time.Minute), {}}, poll},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			m := &memory{}
			m.forObject("another").reconcileAt = start
			for _, at := range tc.at {
				m.forObject("uid-1").reconcileAt = at
			}
			if got := m.forObject("uid-1").requeueAfter(poll, start); got != tc.want {
				t.Errorf("\n%s\nrequeueAfter: want %s, got %s", tc.reason, tc.want, got)
			}
		})
	}
}
