// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package apitest has servers and texts that stand in for OpenAI in unit tests.
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
	// FakeKey has the form of an admin key, but is none.
	FakeKey = "sk-admin-FAKE-not-a-real-key"

	Origin = `Secret "crossplane-system/openai" key "admin"`
)

// Keys matches what no text may hold.
var Keys = regexp.MustCompile(`sk-[A-Za-z0-9_*.-]+`)

// A Counter is a server that counts its requests.
type Counter struct {
	*httptest.Server
	Requests atomic.Int64
}

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

// Answer with the same reply whatever the request.
func Answer(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}
}

func Text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// Recorded is an error in OpenAI's form; code and param are null if empty.
func Recorded(kind, code, message string) string {
	quoted := "null"
	if code != "" {
		quoted = fmt.Sprintf("%q", code)
	}
	return fmt.Sprintf(`{"error":{"message":%q,"type":%q,"param":null,"code":%s}}`, message, kind, quoted)
}

// GetProject makes a call whose reply does not matter.
func GetProject(ctx context.Context, s openai.AdminService) error {
	_, err := s.Organization.Projects.Get(ctx, "proj_1")
	return err
}

func Refuses(retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error":{"message":"Rate limit reached.","code":"rate_limit_exceeded"}}`))
	}
}

// FixedWindow forgets all calls a period after the first.
type FixedWindow struct {
	Limit  int
	Period time.Duration
	Start  time.Time
	Calls  int
}

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

// Keys that the texts of fuzzed replies may hold: one of OpenAI's form, and one of another.
var FuzzedKeys = []string{"sk-admin-test-0123456789-fake", "gateway/token+test-0123456789"}
