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

// A rewritingGateway is a proxy between one tenant and OpenAI that changes requests and replies,
// because OpenAI documents little about how it normalizes fields.
type rewritingGateway struct {
	*httptest.Server
	openai http.Handler

	mu    sync.Mutex
	rules rewriteRules
	// seen are the last bodies with status 200, by method and path.
	seen map[string][]byte
}

// rewriteRules say what a rewritingGateway changes. Each may be nil.
type rewriteRules struct {
	// request changes the body of a request.
	request func(r *http.Request, o map[string]any)
	// response changes each resource in a reply: the reply itself, or the items of a list.
	response func(r *http.Request, o map[string]any)
	// stale reports whether a call gets the reply that it got before.
	stale func(r *http.Request) bool
}

// newRewritingGateway starts a gateway that changes nothing.
func newRewritingGateway(t *testing.T) *rewritingGateway {
	t.Helper()
	root, err := url.Parse(sim.Root())
	if err != nil {
		t.Fatal(err)
	}
	g := &rewritingGateway{openai: httputil.NewSingleHostReverseProxy(root), seen: map[string][]byte{}}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

// serve makes a tenant use the gateway; an option of newTenant.
func (g *rewritingGateway) serve(pc *v1alpha1.ClusterProviderConfig) {
	pc.Spec.BaseURL = new(g.URL + "/v1")
}

// setRules replaces the rules.
func (g *rewritingGateway) setRules(rules rewriteRules) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.rules = rules
}

// ServeHTTP implements [http.Handler].
func (g *rewritingGateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	rules := g.rules
	g.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	body = rewrittenBody(r, body, rules.request)
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))

	reply := httptest.NewRecorder()
	g.openai.ServeHTTP(reply, r)
	status, answer := reply.Code, reply.Body.Bytes()
	if status == http.StatusOK {
		answer = rewrittenBody(r, answer, rules.response)
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

// rewrittenBody changes each resource in a JSON body.
func rewrittenBody(r *http.Request, body []byte, change func(r *http.Request, o map[string]any)) []byte {
	o := map[string]any{}
	if change == nil || json.Unmarshal(body, &o) != nil {
		return body
	}
	if list, ok := o["data"].([]any); ok {
		for _, item := range list {
			if item, ok := item.(map[string]any); ok {
				change(r, item)
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
