// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A kindsGateway stands between one tenant and OpenAI, and changes what they say to each
// other: as OpenAI may do itself, which documents little of the forms of its fields.
type kindsGateway struct {
	*httptest.Server
	openai http.Handler

	mu    sync.Mutex
	rules kindsRules
	// seen are the last bodies of replies with status 200, by method and path.
	seen map[string][]byte
}

// kindsRules say what a kindsGateway changes. Each may be nil.
type kindsRules struct {
	// asked changes the body of a request.
	asked func(r *http.Request, o map[string]any)
	// answered changes each thing in a reply: the reply itself, or what it lists.
	answered func(r *http.Request, o map[string]any)
	// stale tells which calls are answered as they were before.
	stale func(r *http.Request) bool
}

// newKindsGateway starts a gateway that changes nothing.
func newKindsGateway(t *testing.T) *kindsGateway {
	t.Helper()
	root, err := url.Parse(sim.Root())
	if err != nil {
		t.Fatal(err)
	}
	g := &kindsGateway{openai: httputil.NewSingleHostReverseProxy(root), seen: map[string][]byte{}}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

// serve a tenant; for newTenant.
func (g *kindsGateway) serve(pc *v1alpha1.ClusterProviderConfig) {
	pc.Spec.BaseURL = new(g.URL + "/v1")
}

// begin to follow other rules.
func (g *kindsGateway) begin(rules kindsRules) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rules = rules
}

// ServeHTTP implements [http.Handler].
func (g *kindsGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	rules := g.rules
	g.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	body = kindsRewritten(r, body, rules.asked)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))

	reply := httptest.NewRecorder()
	g.openai.ServeHTTP(reply, r)
	status, answer := reply.Code, reply.Body.Bytes()
	if status == http.StatusOK {
		answer = kindsRewritten(r, answer, rules.answered)
	}
	call := r.Method + " " + r.URL.Path
	g.mu.Lock()
	if before := g.seen[call]; rules.stale != nil && rules.stale(r) && before != nil {
		status, answer = http.StatusOK, before
	} else if status == http.StatusOK {
		g.seen[call] = answer
	}
	g.mu.Unlock()
	for _, h := range []string{"Content-Type", "Date", "Retry-After"} {
		if v := reply.Header().Get(h); v != "" {
			w.Header().Set(h, v)
		}
	}
	w.WriteHeader(status)
	_, _ = w.Write(answer)
}

// kindsRewritten is a JSON body of which each thing was changed.
func kindsRewritten(r *http.Request, body []byte, change func(r *http.Request, o map[string]any)) []byte {
	o := map[string]any{}
	if change == nil || json.Unmarshal(body, &o) != nil {
		return body
	}
	if list, ok := o["data"].([]any); ok {
		for _, item := range list {
			if thing, ok := item.(map[string]any); ok {
				change(r, thing)
			}
		}
	} else {
		change(r, o)
	}
	changed, err := json.Marshal(o)
	if err != nil {
		return body
	}
	return changed
}
