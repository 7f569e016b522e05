// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// startAPI serves an API that accepts the keys "first" and "second", and none once revoked is set.
func startAPI(t *testing.T, revoked *atomic.Bool) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch key := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer "); {
		case key == "throttled":
			w.WriteHeader(http.StatusTooManyRequests)
		case revoked.Load() || (key != "first" && key != "second"):
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = w.Write([]byte(`{"error":{"message":"Incorrect API key: ` + key + `","code":"invalid_api_key"}}`))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestConsumersUseTheKeyUntilTheyFinish(t *testing.T) {
	var revoked, rotated atomic.Bool
	follower := &consumer{name: "follower", read: func(context.Context) (string, error) {
		if rotated.Load() {
			return "second", nil
		}
		return "first", nil
	}}
	stayer := &consumer{name: "stayer", read: always("first")}
	using := startConsumers(t.Context(), time.Millisecond, listModels, startAPI(t, &revoked), follower, stayer)
	if err := using.awaitProgress(t.Context()); err != nil {
		t.Error(err)
	}
	rotated.Store(true)
	if err := using.awaitProgress(t.Context()); err != nil {
		t.Error(err)
	}
	sum, err := using.finish()
	if err != nil || sum.accepted < 4*moreUses || sum.refused+sum.unclear != 0 {
		t.Errorf("want every use accepted, got %+v, %v", sum, err)
	}
	if f, s := follower.soFar().values, stayer.soFar().values; f != 2 || s != 1 {
		t.Errorf("want the follower to have seen two values and the other one, got %d and %d", f, s)
	}
	if again, _ := using.finish(); again != sum {
		t.Errorf("want no use after the end, got %+v after %+v", again, sum)
	}
}

func TestConsumersNoticeARefusal(t *testing.T) {
	var revoked atomic.Bool
	using := startConsumers(t.Context(), time.Millisecond, listModels, startAPI(t, &revoked), &consumer{name: "the consumer", read: always("first")})
	if err := using.awaitProgress(t.Context()); err != nil {
		t.Error(err)
	}
	revoked.Store(true)
	const want = "the consumer was refused"
	if err := using.awaitProgress(t.Context()); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "first") {
		t.Errorf("want %q without the key, got %v", want, err)
	}
	if sum, err := using.finish(); err == nil || sum.refused == 0 {
		t.Errorf("want a refusal, got %+v, %v", sum, err)
	}
}

func TestAUseIsCounted(t *testing.T) {
	cases := map[string]struct {
		reason string
		read   valueReader
		want   string
	}{
		"Accepted":  {reason: "OpenAI took the key", read: always("first"), want: "1 times during the rotation, 0 refused"},
		"Refused":   {reason: "OpenAI does not know the key", read: always("wrong"), want: "1 times during the rotation, 1 refused"},
		"Throttled": {reason: "a rate limit says nothing about the key", read: always("throttled"), want: "0 times during the rotation, 0 refused; 1 more answers said nothing about it"},
		"No value": {
			reason: "a consumer without a key cannot work", want: "1 times during the rotation, 1 refused",
			read: func(context.Context) (string, error) { return "", errors.New("there is no Secret") },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			c := &consumer{name: name, read: tc.read}
			c.use(t.Context(), listModels, startAPI(t, new(atomic.Bool)))
			if got := c.soFar().String(); got != tc.want {
				t.Errorf("%s: want %q, got %q", tc.reason, tc.want, got)
			}
		})
	}
}

// Stopping the consumers must not count as a refused key.
func TestAUseThatWasCutOffDoesNotCount(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &consumer{name: "the consumer", read: always("wrong")}
	c.use(ctx, listModels, startAPI(t, new(atomic.Bool)))
	if got := c.soFar(); got != (uses{}) {
		t.Errorf("want nothing counted, got %+v", got)
	}
}

func TestValueInSecret(t *testing.T) {
	if got, err := valueIn(&corev1.Secret{Data: map[string][]byte{keyVariable: []byte("first")}}); got != "first" || err != nil {
		t.Errorf("want the value, got %v", err)
	}
	if _, err := valueIn(&corev1.Secret{}); err == nil {
		t.Error("want an error about an empty Secret")
	}
}
