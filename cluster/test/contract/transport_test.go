// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// scripted is a transport that answers with these statuses in order.
type scripted struct {
	statuses []int
	header   http.Header
	bodies   []string // of the calls
}

func (s *scripted) RoundTrip(req *http.Request) (*http.Response, error) {
	b, err := io.ReadAll(req.Body)
	s.bodies = append(s.bodies, string(b))
	status := s.statuses[0]
	s.statuses = s.statuses[1:]
	return &http.Response{StatusCode: status, Header: s.header, Body: io.NopCloser(strings.NewReader("reply")), Request: req}, err
}

func TestCallsKeepThePace(t *testing.T) {
	cases := map[string]struct {
		reason     string
		pace       time.Duration
		statuses   []int
		retryAfter string
		// wait is the longest wait.
		wait   time.Duration
		status int
		calls  int
	}{
		"Fine":             {"The first call need not wait.", 7 * time.Second, []int{200}, "", 0, 200, 1},
		"Throttled":        {"It is sent again after what OpenAI asks for.", 7 * time.Second, []int{429, 200}, "20", 20 * time.Second, 200, 2},
		"ThrottledForLong": {"Nobody waits for hours.", 7 * time.Second, []int{429, 200}, "100000", longestWait, 200, 2},
		"ThrottledSilent":  {"OpenAI's limits are those of a minute.", 7 * time.Second, []int{429, 200}, "", usualWait, 200, 2},
		"ThrottledTwice":   {"Then it is for the check to say so.", 7 * time.Second, []int{429, 429}, "20", 20 * time.Second, 429, 2},
		"Loopback":         {"It is not waited for.", 0, []int{429}, "20", 0, 429, 1},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			next := &scripted{statuses: tc.statuses, header: http.Header{"Retry-After": {tc.retryAfter}}}
			var longest time.Duration
			w := &throttledTransport{next: next, pace: tc.pace, wait: func(_ context.Context, d time.Duration) error {
				longest = max(longest, d)
				return nil
			}}
			req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, "http://localhost/v1/x", strings.NewReader("body"))
			if err != nil {
				t.Fatal(err)
			}
			res, err := w.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			// The interval between the two calls is not longer than the wait.
			if diff := cmp.Diff([]any{tc.status, tc.calls, tc.wait}, []any{res.StatusCode, w.calls, longest}); diff != "" {
				t.Errorf("\n%s\nstatus, calls, longest wait: -want, +got:\n%s", tc.reason, diff)
			}
			for _, body := range next.bodies {
				if body != "body" {
					t.Errorf("\n%s\nwant each call with its body, got %q", tc.reason, body)
				}
			}
		})
	}
}

func TestTheSecondCallWaitsForItsTurn(t *testing.T) {
	var waits []time.Duration
	w := &throttledTransport{next: &scripted{statuses: []int{200, 200}}, pace: time.Hour, wait: func(_ context.Context, d time.Duration) error {
		waits = append(waits, d)
		return nil
	}}
	for range 2 {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://localhost/v1/x", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		res, err := w.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
	}
	if len(waits) != 2 || waits[0] > 0 || waits[1] <= 0 || waits[1] > time.Hour {
		t.Errorf("want no wait before the first call, and at most the pace before the second, got %v", waits)
	}
}

func TestSleepEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := sleep(ctx, time.Hour); err == nil {
		t.Error("want the error of the context, got none")
	}
}
