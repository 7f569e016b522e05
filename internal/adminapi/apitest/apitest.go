// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package apitest has fake servers and replies for unit tests of OpenAI's API.
package apitest

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
	// FakeKey has the form of an admin key, but is not one.
	FakeKey = "sk-admin-FAKE-not-a-real-key"

	// Origin is where tests say that FakeKey is stored.
	Origin = `Secret "crossplane-system/openai" key "admin"`
)

// Keys matches the values of keys, which no text may contain.
var Keys = regexp.MustCompile(`sk-[A-Za-z0-9_*.-]+`)

// A Counter is a server that counts its requests.
type Counter struct {
	*httptest.Server
	Requests atomic.Int64
}

// Serve requests with a handler until the test ends.
func Serve(t *testing.T, h http.HandlerFunc) *Counter {
	t.Helper()
	c := &Counter{}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.Requests.Add(1)
		h(w, r)
	}))
	t.Cleanup(c.Close)
	return c
}

// Answer every request with the same reply.
func Answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

// Text of an error; empty for nil.
func Text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// ErrorBody is the body of an error in OpenAI's form; an empty code is null.
func ErrorBody(kind, code, message string) string {
	quoted := "null"
	if code != "" {
		quoted = fmt.Sprintf("%q", code)
	}
	return fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":null,"code":%s}}`, message, kind, quoted)
}

// GetProject makes a call, and returns its error.
func GetProject(ctx context.Context, s openai.AdminService) error {
	_, err := s.Organization.Projects.Get(ctx, "proj_1")
	return err
}

// Refuses every request for its rate limit, with a header Retry-After.
func Refuses(retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error":{"message":"Rate limit reached.","code":"rate_limit_exceeded"}}`))
	}
}

// A FixedWindow is a rate limit whose count is reset a period after the first call.
type FixedWindow struct {
	Limit  int
	Period time.Duration
	Start  time.Time
	Calls  int
}

// Take a call, or return how long to wait for it.
func (l *FixedWindow) Take(now time.Time) (time.Duration, bool) {
	if now.Sub(l.Start) >= l.Period {
		l.Start, l.Calls = now, 0
	}
	if l.Calls >= l.Limit {
		return l.Start.Add(l.Period).Sub(now), false
	}
	l.Calls++
	return 0, true
}

// FuzzedKeys are keys that fuzzed replies may contain: one of OpenAI's form, and one of another.
var FuzzedKeys = []string{"sk-admin-test-0123456789-fake", "gateway/token+test-0123456789"}
