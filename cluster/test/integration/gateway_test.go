// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A gateway stands between one tenant and OpenAI, as those of companies and clouds
// do, and answers some calls in OpenAI's place.
type gateway struct {
	*httptest.Server
	openai http.Handler

	mu       sync.Mutex
	troubles []trouble
	// met counts the calls of a method and path that met trouble.
	met map[string]int
}

// A trouble is what a gateway does to some calls.
type trouble struct {
	// meets tells which calls.
	meets func(r *http.Request) bool
	// count of such calls of each method and path; 0 means all.
	count int
	// afterwards tells that OpenAI carries the call out, and only its reply is replaced.
	afterwards bool
	// rewrite changes what OpenAI replied, in place of a reply.
	rewrite rewriting
	reply
}

// A reply replaces OpenAI's.
type reply struct {
	status            int
	contentType, body string
}

// newGateway starts a gateway without trouble.
func newGateway(t *testing.T) *gateway {
	t.Helper()
	root, err := url.Parse(sim.Root())
	if err != nil {
		t.Fatal(err)
	}
	g := &gateway{openai: httputil.NewSingleHostReverseProxy(root)}
	g.Server = httptest.NewServer(g)
	t.Cleanup(g.Close)
	return g
}

// serve a tenant; for newTenant.
func (g *gateway) serve(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.BaseURL = new(g.URL + "/v1") }

// begin troubles. A call meets the first that it fits.
func (g *gateway) begin(troubles ...trouble) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.troubles, g.met = troubles, map[string]int{}
}

// answered counts the calls with an end of their path that met trouble.
func (g *gateway) answered(end string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for call, times := range g.met {
		if strings.HasSuffix(call, end) {
			n += times
		}
	}
	return n
}

// ServeHTTP implements [http.Handler].
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	tr := g.take(r)
	if tr == nil {
		g.openai.ServeHTTP(w, r)
		return
	}
	if tr.rewrite != nil {
		g.rewrite(w, r, tr.rewrite)
		return
	}
	if tr.afterwards {
		g.openai.ServeHTTP(httptest.NewRecorder(), r)
	}
	if tr.contentType != "" {
		w.Header().Set("Content-Type", tr.contentType)
	}
	w.WriteHeader(tr.status)
	_, _ = w.Write([]byte(tr.body))
}

func (g *gateway) take(r *http.Request) *trouble {
	g.mu.Lock()
	defer g.mu.Unlock()
	call := r.Method + " " + r.URL.Path
	for i := range g.troubles {
		if tr := &g.troubles[i]; tr.meets(r) && (tr.count == 0 || g.met[call] < tr.count) {
			g.met[call]++
			return tr
		}
	}
	return nil
}

// endsAThing tells the calls that end a thing at OpenAI.
func endsAThing(r *http.Request) bool {
	return r.Method == http.MethodDelete || strings.HasSuffix(r.URL.Path, "/archive")
}

// listsThings tells the calls that list things.
func listsThings(r *http.Request) bool {
	return r.Method == http.MethodGet && slices.Contains([]string{"projects", "service_accounts", "api_keys"}, path.Base(r.URL.Path))
}

// readsAThing tells the calls that get one thing.
func readsAThing(r *http.Request) bool { return r.Method == http.MethodGet && !listsThings(r) }

// makesAThing tells the calls that make a thing.
func makesAThing(r *http.Request) bool {
	return r.Method == http.MethodPost && slices.Contains([]string{"projects", "service_accounts", "api_keys"}, path.Base(r.URL.Path))
}

// notFounds are replies of status 404 that are not OpenAI's, by what they are.
var notFounds = map[string]reply{
	"APage":              {http.StatusNotFound, "text/html", "<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>"},
	"AnEmptyBody":        {status: http.StatusNotFound},
	"AMessage":           {http.StatusNotFound, "application/json", `{"message":"no Route matched with those values"}`},
	"AnErrorOfOneWord":   {http.StatusNotFound, "application/json", `{"timestamp":"2026-11-23T12:00:00Z","status":404,"error":"Not Found","path":"/v1"}`},
	"AnErrorWithoutType": {http.StatusNotFound, "application/json; charset=UTF-8", `{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}`},
}

// noneListed is a list without anything in it, as one that lags may be.
var noneListed = reply{http.StatusOK, "application/json", `{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}`}

// openAINotFound is how OpenAI says that something does not exist.
var openAINotFound = reply{http.StatusNotFound, "application/json", `{"error":{"message":"No such thing.","type":"invalid_request_error","param":null,"code":null}}`}
