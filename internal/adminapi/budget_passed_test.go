// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// TestMoneyAndFirewallsTeachNothingOfTheRateLimit has a limit learned, and then other
// answers come in place of OpenAI's usual ones.
func TestMoneyAndFirewallsTeachNothingOfTheRateLimit(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		answer http.HandlerFunc
	}{
		"NoCredit": {
			"It has the status of a rate limit, and may name a time.",
			apitest.Answer(http.StatusTooManyRequests, "application/json", apitest.ErrorBody("insufficient_quota", "insufficient_quota", "You exceeded your current quota. Please try again in 10 minutes.")),
		},
		"AFirewall": {"It is not OpenAI's limit that lets the call pass.", apitest.Answer(http.StatusForbidden, "text/html", "<html>")},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const limit = 7
				answers := limitedTo(limit)
				c := testClient("https://api.example.org/v1", apitest.FakeKey)
				call := func() error {
					_, err := c.Organization.Projects.Get(t.Context(), "proj_1", option.WithHTTPClient(&http.Client{
						Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
							w := httptest.NewRecorder()
							answers(w, r)
							return w.Result(), nil
						}),
					}))
					return err
				}
				for range limit {
					if err := call(); err != nil {
						t.Fatalf("within the limit: %v", err)
					}
				}
				if err := call(); apierror.ClassOf(err) != apierror.ClassThrottled {
					t.Fatalf("beyond the limit: want a refusal, got %v", err)
				}
				answers = tc.answer
				for range 15 {
					time.Sleep(time.Minute + time.Second)
					sent := 0
					for apierror.ClassOf(call()) != apierror.ClassThrottled && sent <= 2*limit {
						sent++
					}
					if sent < limit || sent > limit+1 {
						t.Fatalf("%s\ncalls sent in a minute: want the %d that are known to be allowed, and now and then one more, got %d", tc.reason, limit, sent)
					}
				}
			})
		})
	}
}

// limitedTo answers so many calls a minute.
func limitedTo(limit int) http.HandlerFunc {
	l := &apitest.FixedWindow{Limit: limit, Period: time.Minute}
	return func(w http.ResponseWriter, r *http.Request) {
		wait, ok := l.Take(time.Now())
		if ok {
			apitest.Answer(http.StatusOK, "application/json", `{"id":"proj_1"}`)(w, r)
			return
		}
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
		apitest.Answer(http.StatusTooManyRequests, "application/json", apitest.ErrorBody("requests", "rate_limit_exceeded", "Slow down."))(w, r)
	}
}
