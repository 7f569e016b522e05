// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAKeyInFlightIsLookedForOnlyWhileItIsNotListed(t *testing.T) {
	cases := map[string]struct {
		reason string
		tells  inFlight
		lists  int
	}{
		"NothingUnsettled": {
			reason: "A list as old as the poll interval is young enough.",
		},
		"ListedByNow": {
			reason: "The cache still has the object as it was before its key was issued.",
			tells:  inFlight{1: time.Now()},
		},
		"NotListed": {
			reason: "Only a list that does not lag reports whether an interrupted issuance made a key.",
			tells:  inFlight{1: time.Now(), 2: time.Now()},
			lists:  1,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.mustIssue(t)
			f.keyClient.listedSince = time.Now().Add(-time.Hour)
			f.keyClient.now = time.Now
			tc.tells.write(f.cr)
			f.observe(t)
			got := 0
			for _, c := range f.Calls() {
				if c.Route == simulator.RouteListProjectAPIKeys {
					got++
				}
			}
			if got != tc.lists {
				t.Errorf("%s: lists: want %d, got %d", tc.reason, tc.lists, got)
			}
		})
	}
}
