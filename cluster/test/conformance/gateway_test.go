// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/crossplane-contrib/provider-openai/cluster/test/exchanges"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A gateway is a proxy before the simulator that can answer in OpenAI's place. Calls below /aside
// bypass it: those of the test itself.
type gateway struct {
	openai http.Handler
	mux    *http.ServeMux

	mu            sync.Mutex
	interceptions map[simulator.Route]*interception
	requests      int
}

// An interception is what happens to the calls of a route.
type interception struct {
	reply reply
	// matches reports whether the next call is intercepted; nil: each is.
	matches func() bool
	// count of the calls that were intercepted.
	count int
}

// A reply replaces OpenAI's.
type reply struct {
	status            int
	contentType, body string
	// afterwards reports that OpenAI carries out the call first.
	afterwards bool
	// lost reports that the connection is closed without a reply.
	lost bool
	// rewrite changes OpenAI's own reply; nil: nothing does.
	rewrite func(string) string
}

// newGateway starts a gateway before a simulator, whose own replies a Recorder gets.
func newGateway(sim *simulator.Server, rec *exchanges.Recorder) *gateway {
	openai := rec.Handler(sim)
	g := &gateway{openai: openai, mux: http.NewServeMux(), interceptions: map[simulator.Route]*interception{}}
	for _, route := range sim.Routes() {
		g.mux.HandleFunc(string(route), func(w http.ResponseWriter, r *http.Request) { g.serve(route, w, r) })
	}
	g.mux.Handle("/", openai)
	g.mux.Handle("/aside/", http.StripPrefix("/aside", openai))
	return g
}

// ServeHTTP implements [http.Handler].
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) { g.mux.ServeHTTP(w, r) }

// intercept the calls of a route.
func (g *gateway) intercept(route simulator.Route, t interception) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.interceptions[route] = &t
}

// stop all interceptions.
func (g *gateway) stop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	clear(g.interceptions)
}

// intercepted counts the calls of a route that its current interception matched.
func (g *gateway) intercepted(route simulator.Route) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	if t := g.interceptions[route]; t != nil {
		return t.count
	}
	return 0
}

func (g *gateway) serve(route simulator.Route, w http.ResponseWriter, r *http.Request) {
	with, number := g.match(route)
	if with == nil {
		g.openai.ServeHTTP(w, r)
		return
	}
	if with.rewrite != nil {
		rec := httptest.NewRecorder()
		g.openai.ServeHTTP(rec, r)
		maps.Copy(w.Header(), rec.Header())
		w.WriteHeader(rec.Code)
		_, _ = w.Write([]byte(with.rewrite(rec.Body.String())))
		return
	}
	if with.afterwards {
		g.openai.ServeHTTP(httptest.NewRecorder(), r)
	}
	if with.lost {
		panic(http.ErrAbortHandler)
	}
	// Request IDs are unique, as OpenAI's are.
	id := fmt.Sprintf("req_%032d", number)
	w.Header().Set("X-Request-Id", id)
	w.Header().Set("Content-Type", with.contentType)
	w.WriteHeader(with.status)
	_, _ = w.Write([]byte(strings.ReplaceAll(with.body, requestID, id))) // the client may have closed the connection
}

// match returns the reply to the next call of a route; nil if it is not intercepted.
func (g *gateway) match(route simulator.Route) (with *reply, number int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.interceptions[route]
	if t == nil || (t.matches != nil && !t.matches()) {
		return nil, 0
	}
	t.count++
	g.requests++
	return &t.reply, g.requests
}

// requestID is a placeholder for the request's ID in the body of a reply.
const requestID = "REQUEST-ID"

// first matches this many calls.
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

// lost drops the reply to a call that OpenAI carried out.
var lost = reply{afterwards: true, lost: true}

// openAIError is an error in OpenAI's form.
func openAIError(status int, message string) reply {
	return reply{status: status, contentType: asJSON, body: fmt.Sprintf(`{"error":{"message":%q,"type":"invalid_request_error","param":null,"code":null}}`, message)}
}
