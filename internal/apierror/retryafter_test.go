// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package apierror

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 1, 12, 0, 0, 0, time.UTC)
	header := func(kv ...string) http.Header {
		h := http.Header{}
		for i := 0; i < len(kv); i += 2 {
			h.Set(kv[i], kv[i+1])
		}
		return h
	}
	cases := map[string]struct {
		reason  string
		header  http.Header
		message string
		want    time.Duration
	}{
		"Seconds":          {"The usual header.", header("Retry-After", "20"), "", 20 * time.Second},
		"Milliseconds":     {"OpenAI's more precise header goes first.", header("Retry-After", "2", "Retry-After-Ms", "1500"), "", 1500 * time.Millisecond},
		"Date":             {"HTTP allows a date.", header("Retry-After", "Tue, 01 Sep 2026 12:01:00 GMT"), "", time.Minute},
		"DateOfTheirClock": {"Clocks differ.", header("Retry-After", "Tue, 01 Sep 2026 13:01:00 GMT", "Date", "Tue, 01 Sep 2026 13:00:00 GMT"), "", time.Minute},
		"DateInThePast":    {"It says nothing.", header("Retry-After", "Tue, 01 Sep 2026 11:00:00 GMT"), "", 0},
		"HeaderFirst":      {"The header is made for programs.", header("Retry-After", "20"), "Please try again in 3s.", 20 * time.Second},
		"Words":            {"As admin endpoints were seen to say.", nil, "Please try again after 6.937 seconds.", 6937 * time.Millisecond},
		"Short":            {"As other endpoints say.", nil, "Rate limit reached. Please try again in 20s. Visit the docs.", 20 * time.Second},
		"Composed":         {"As other endpoints say.", nil, "Please try again in 1m3s.", 63 * time.Second},
		"ShortMs":          {"As other endpoints say.", nil, "Please try again in 500ms.", 500 * time.Millisecond},
		"MinutesInWords":   {"Another likely form.", nil, "Try again in 2 minutes 5 seconds", 125 * time.Second},
		"HourBound":        {"No reply may stop the provider for a day.", nil, "Please try again in 24h", time.Hour},
		"HugeHeader":       {"No reply may stop the provider for a day.", header("Retry-After", "1e300"), "", time.Hour},
		"Negative":         {"It says nothing.", header("Retry-After", "-5"), "", 0},
		"NotANumber":       {"It says nothing.", header("Retry-After", "NaN"), "", 0},
		"Nothing":          {"Not every refusal says.", nil, "Rate limit reached for requests.", 0},
		"OtherNumbers":     {"Only a wait is one.", nil, "Limit 7, used 7 in 3 projects after 2 seasons.", 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := retryAfter(tc.header, tc.message, now)
			if diff := cmp.Diff(tc.want, max(got, 0)); diff != "" {
				t.Errorf("\n%s\nretryAfter: -want, +got:\n%s", tc.reason, diff)
			}
			if ok != (tc.want > 0) {
				t.Errorf("\n%s\nretryAfter: ok is %t", tc.reason, ok)
			}
		})
	}
}
