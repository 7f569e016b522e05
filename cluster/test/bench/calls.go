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
	// project in the path of the call, if any.
	project      string
	began, ended time.Time
	status       int
}

// An openAI is the simulator with a log of calls that can be drained.
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

// forgetEvery is the number of calls after which the simulator's own log is cleared, which would
// otherwise grow with the run.
const forgetEvery = 1000

func (o *openAI) serve(w http.ResponseWriter, r *http.Request) {
	c := call{began: time.Now()}
	s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
	o.ServeHTTP(s, r)
	c.ended, c.status = time.Now(), s.status
	// The simulator's router sets the pattern of the request.
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

// take returns the calls since the last take.
func (o *openAI) take() []call {
	o.mu.Lock()
	defer o.mu.Unlock()
	taken := o.calls
	o.calls = nil
	return taken
}

// projectOf returns the project ID in a path of the API.
func projectOf(path string) string {
	_, rest, found := strings.Cut(path, "/organization/projects/")
	if !found {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// byRoute counts calls by route.
func byRoute(calls []call) map[string]int {
	counts := map[string]int{}
	for _, c := range calls {
		counts[string(c.route)]++
	}
	return counts
}

// rateLimited counts the calls that were answered with 429. Of these, late counts those that began
// after the first 429 of their route and window, when the client could know the limit; within is
// the longest time from that 429 to the beginning of a late call. windows returns the beginnings of
// a route's windows.
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

// A statusWriter records the status of a reply.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader records the status.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap supports [http.ResponseController].
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
