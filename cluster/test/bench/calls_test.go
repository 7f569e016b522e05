// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestRateLimitedCountsLateCalls(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	post, list := simulator.RouteCreateServiceAccountAPIKey, simulator.RouteListProjectAPIKeys
	at := func(route simulator.Route, status, began, ended int) call {
		return call{route: route, status: status, began: start.Add(time.Duration(began) * time.Second), ended: start.Add(time.Duration(ended) * time.Second)}
	}
	windows := func(simulator.Route) []time.Time { return []time.Time{start, start.Add(time.Minute)} }
	const ok, refused = http.StatusOK, http.StatusTooManyRequests
	cases := map[string]struct {
		reason    string
		calls     []call
		all, late int
		within    time.Duration
	}{
		"NoneRefused": {
			reason: "success is no news",
			calls:  []call{at(post, ok, 1, 2)},
		},
		"OneInEachWindowAndRoute": {
			reason: "the limit is learned from the first refusal of each",
			calls:  []call{at(post, refused, 1, 2), at(post, refused, 61, 62), at(list, refused, 3, 4)},
			all:    3,
		},
		"InFlightTogether": {
			reason: "a call that had begun before the refusal was given could not know of it",
			calls:  []call{at(post, refused, 1, 5), at(post, refused, 2, 3), at(post, refused, 2, 6)},
			all:    3,
		},
		"AfterTheFirst": {
			reason: "its client knew the wait",
			calls:  []call{at(post, refused, 1, 2), at(post, refused, 3, 4), at(post, refused, 59, 60)},
			all:    3, late: 2, within: 57 * time.Second,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			all, late, within := rateLimited(tc.calls, windows)
			if all != tc.all || late != tc.late || within != tc.within {
				t.Errorf("\n%s\nrateLimited: want %d, %d of them late within %s, got %d, %d within %s", tc.reason, tc.all, tc.late, tc.within, all, late, within)
			}
		})
	}
}

func TestCallsAreRecordedWithTheirRouteAndProject(t *testing.T) {
	t.Parallel()
	o := newOpenAI()
	defer o.close()
	get := func(path string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.baseURL()+path, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Authorization", "Bearer "+simulator.DefaultAdminKey)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if err := res.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
	get("organization/projects")
	get("organization/projects/proj_unknown/api_keys")

	type seen struct {
		Route   simulator.Route
		Project string
		Status  int
	}
	var got []seen
	for _, c := range o.take() {
		got = append(got, seen{c.route, c.project, c.status})
	}
	want := []seen{
		{simulator.RouteListProjects, "", http.StatusOK},
		{simulator.RouteListProjectAPIKeys, "proj_unknown", http.StatusNotFound},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls: -want, +got:\n%s", diff)
	}
	if again := o.take(); len(again) != 0 {
		t.Errorf("calls that were taken already: %v", again)
	}
}
