// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestAnswersAreTakenOnlyWith200(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/ready" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write([]byte("said"))
	}))
	t.Cleanup(server.Close)
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	cases := map[string]struct {
		reason string
		url    string
		want   string
	}{
		"Ready":    {"It is what was awaited.", server.URL + "/ready", "said"},
		"NotReady": {"A program may listen before it can work.", server.URL + "/other", ""},
		"NotThere": {"A program may not listen yet.", gone.URL, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text, err := Get(t.Context(), http.DefaultClient, tc.url)
			if string(text) != tc.want || (err == nil) != (tc.want != "") {
				t.Errorf("%s\nGet(%q): want %q, got %q, %v", tc.reason, tc.url, tc.want, text, err)
			}
			if got := Answers(http.DefaultClient, tc.url)(t.Context()); got != (tc.want != "") {
				t.Errorf("%s\nAnswers(%q): got %t", tc.reason, tc.url, got)
			}
		})
	}
}
