// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
)

const (
	// fakeKey has the form of an admin key, but is none.
	fakeKey = "sk-admin-FAKE-not-a-real-key"

	origin = `Secret "crossplane-system/openai" key "admin"`
)

// keys matches what no text may hold.
var keys = regexp.MustCompile(`sk-[A-Za-z0-9_*.-]+`)

// A counter is a server that counts its requests.
type counter struct {
	*httptest.Server
	requests atomic.Int64
}

func serve(t *testing.T, h http.HandlerFunc) *counter {
	t.Helper()
	c := &counter{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.requests.Add(1)
		h(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

// answer with the same reply whatever the request.
func answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// recorded is an error in OpenAI's form; code and param are null if empty.
func recorded(kind, code, message string) string {
	quoted := "null"
	if code != "" {
		quoted = fmt.Sprintf("%q", code)
	}
	return fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":null,"code":%s}}`, message, kind, quoted)
}

// getProject makes a call whose reply does not matter.
func getProject(ctx context.Context, s openai.AdminService) error {
	_, err := s.Organization.Projects.Get(ctx, "proj_1")
	return err
}

func refuses(retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error":{"message":"Rate limit reached.","code":"rate_limit_exceeded"}}`))
	}
}

// fixedWindow forgets all calls a period after the first.
type fixedWindow struct {
	limit  int
	period time.Duration
	start  time.Time
	calls  int
}

func (l *fixedWindow) take(now time.Time) (time.Duration, bool) {
	if now.Sub(l.start) >= l.period {
		l.start, l.calls = now, 0
	}
	if l.calls >= l.limit {
		return l.start.Add(l.period).Sub(now), false
	}
	l.calls++
	return 0, true
}

// Keys that the texts of fuzzed replies may hold: one of OpenAI's form, and one of another.
var fuzzedKeys = []string{"sk-admin-test-0123456789-fake", "gateway/token+test-0123456789"}
