// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A call to OpenAI, as its client saw it.
type call struct {
	route simulator.Route
	// project that the call was about, if any.
	project      string
	began, ended time.Time
	status       int
}

// An openAI is the simulator with a record of the calls to it that can be emptied.
type openAI struct {
	*simulator.Server
	listener *httptest.Server

	mu    sync.Mutex
	calls []call
	total int
}

func newOpenAI() *openAI {
	o := &openAI{Server: simulator.New()}
	o.listener = httptest.NewServer(http.HandlerFunc(o.serve))
	return o
}

func (o *openAI) baseURL() string { return o.listener.URL + "/v1/" }

func (o *openAI) close() {
	o.listener.CloseClientConnections()
	o.listener.Close()
}

// forgetEvery so many calls the simulator's own log is emptied, which would else
// grow with the run.
const forgetEvery = 1000

func (o *openAI) serve(w http.ResponseWriter, r *http.Request) {
	c := call{began: time.Now()}
	s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	o.ServeHTTP(s, r)
	c.ended, c.status = time.Now(), s.status
	// The simulator's router leaves the pattern that it found.
	c.route = simulator.Route(r.Pattern)
	c.project = projectOf(r.URL.Path)

	o.mu.Lock()
	o.calls = append(o.calls, c)
	o.total++
	forget := o.total%forgetEvery == 0
	o.mu.Unlock()
	if forget {
		o.ResetCalls()
	}
}

// take the calls since it was asked last.
func (o *openAI) take() []call {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken := o.calls
	o.calls = nil
	return taken
}

// projectOf a path of the API.
func projectOf(path string) string {
	_, rest, found := strings.Cut(path, "/organization/projects/")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// byRoute counts calls.
func byRoute(calls []call) map[string]int {
	counts := map[string]int{}
	for _, c := range calls {
		counts[string(c.route)]++
	}
	return counts
}

// rateLimited counts the calls that were answered 429, and of these the late ones,
// which began after the first such answer of their route and window had been given,
// so that their client knew better, or was about to. The last of them began so long
// after it. windows tells when those of a route began.
func rateLimited(calls []call, windows func(simulator.Route) []time.Time) (all, late int, within time.Duration) {
	type window struct {
		route simulator.Route
		start time.Time
	}
	refused := map[window][]call{}
	for _, c := range calls {
		if c.status != http.StatusTooManyRequests {
			continue
		}
		w := window{route: c.route}
		for _, start := range windows(c.route) {
			if !start.After(c.began) {
				w.start = start
			}
		}
		refused[w] = append(refused[w], c)
	}
	for _, in := range refused {
		all += len(in)
		first := in[0].ended
		for _, c := range in {
			if c.ended.Before(first) {
				first = c.ended
			}
		}
		for _, c := range in {
			if c.began.After(first) {
				late++
				within = max(within, c.began.Sub(first))
			}
		}
	}
	return all, late, within
}

// A statusWriter remembers the status of a reply.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap gives [http.ResponseController] what it needs.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
