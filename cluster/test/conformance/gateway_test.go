// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/crossplane-contrib/provider-openai/cluster/test/exchanges"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A gateway is what answers in OpenAI's place, as gateways do. What somebody else asks for
// passes it by, below /aside.
type gateway struct {
	openai http.Handler
	mux    *http.ServeMux

	mu       sync.Mutex
	troubles map[simulator.Route]*interception
	requests int
}

// A interception is what the calls of a route meet.
type interception struct {
	reply reply
	// matches reports whether the next call meets it; nil: each does.
	matches func() bool
	// count counts the calls that met it.
	count int
}

// A reply replaces OpenAI's.
type reply struct {
	status            int
	contentType, body string
	// afterwards reports that OpenAI carries out the call.
	afterwards bool
	// lost reports that the connection ends in place of a reply.
	lost bool
}

// newGateway of OpenAI, of which a Recorder gets what OpenAI itself says.
func newGateway(sim *simulator.Server, rec *exchanges.Recorder) *gateway {
	openai := rec.Handler(sim)
	f := &gateway{openai: openai, mux: http.NewServeMux(), troubles: map[simulator.Route]*interception{}}
	for _, route := range sim.Routes() {
		f.mux.HandleFunc(string(route), func(w http.ResponseWriter, r *http.Request) { f.serve(route, w, r) })
	}
	f.mux.Handle("/", openai)
	f.mux.Handle("/aside/", http.StripPrefix("/aside", openai))
	return f
}

// ServeHTTP implements [http.Handler].
func (f *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { f.mux.ServeHTTP(w, r) }

// intercept a trouble of the calls of a route.
func (f *gateway) intercept(route simulator.Route, t interception) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.troubles[route] = &t
}

// stop all troubles.
func (f *gateway) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.troubles)
}

// intercepted counts the calls of a route that met its present trouble.
func (f *gateway) intercepted(route simulator.Route) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if t := f.troubles[route]; t != nil {
		return t.count
	}
	return 0
}

func (f *gateway) serve(route simulator.Route, w http.ResponseWriter, r *http.Request) {
	with, number := f.match(route)
	if with == nil {
		f.openai.ServeHTTP(w, r)
		return
	}
	if with.afterwards {
		f.openai.ServeHTTP(httptest.NewRecorder(), r)
	}
	if with.lost {
		panic(http.ErrAbortHandler)
	}
	// As at OpenAI, no two calls have the same.
	id := fmt.Sprintf("req_%032d", number)
	w.Header().Set("X-Request-Id", id)
	w.Header().Set("Content-Type", with.contentType)
	w.WriteHeader(with.status)
	_, _ = w.Write([]byte(strings.ReplaceAll(with.body, requestID, id))) // A client that has gone away has been served.
}

// match the reply to the next call of a route; nil if it meets no trouble.
func (f *gateway) match(route simulator.Route) (with *reply, number int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	t := f.troubles[route]
	if t == nil || (t.matches != nil && !t.matches()) {
		return nil, 0
	}
	t.count++
	f.requests++
	return &t.reply, f.requests
}

// requestID stands, in the body of a reply, for the ID of the request.
const requestID = "REQUEST-ID"

// first are so many calls.
func first(calls int) func() bool {
	return func() bool {
		calls--
		return calls >= 0
	}
}

const (
	asJSON = "application/json"
	asHTML = "text/html"
)

// lost is the reply to a call that OpenAI carried out.
var lost = reply{afterwards: true, lost: true}

// openAIError is an error in OpenAI's form.
func openAIError(status int, message string) reply {
	return reply{status: status, contentType: asJSON, body: fmt.Sprintf(`{"error":{"message":%q,"type":"invalid_request_error","param":null,"code":null}}`, message)}
}
