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

// A gateway is an HTTP proxy between one tenant and OpenAI, as companies and clouds run them. It
// answers some calls in OpenAI's place.
type gateway struct {
	*httptest.Server
	openai http.Handler

	mu            sync.Mutex
	interceptions []interception
	// intercepted counts the intercepted calls by method and path.
	intercepted map[string]int
}

// An interception is what a gateway does to some calls.
type interception struct {
	// matches reports whether a call is intercepted.
	matches func(r *http.Request) bool
	// count limits the intercepted calls of each method and path; 0: all.
	count int
	// afterCall reports that OpenAI carries out the call, and only its reply is replaced.
	afterCall bool
	// rewrite changes OpenAI's reply; it excludes reply.
	rewrite rewriting
	reply
}

// A reply replaces OpenAI's.
type reply struct {
	status            int
	contentType, body string
}

// newGateway starts a gateway that intercepts nothing.
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

// serve makes a tenant use the gateway; an option of newTenant.
func (g *gateway) serve(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.BaseURL = new(g.URL + "/v1") }

// intercept replaces the interceptions. The first that matches a call applies.
func (g *gateway) intercept(interceptions ...interception) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.interceptions, g.intercepted = interceptions, map[string]int{}
}

// answered counts the intercepted calls whose path ends like this.
func (g *gateway) answered(end string) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := 0
	for call, times := range g.intercepted {
		if strings.HasSuffix(call, end) {
			n += times
		}
	}
	return n
}

// ServeHTTP implements [http.Handler].
func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	ic := g.match(r)
	if ic == nil {
		g.openai.ServeHTTP(w, r)
		return
	}
	if ic.rewrite != nil {
		g.rewrite(w, r, ic.rewrite)
		return
	}
	if ic.afterCall {
		g.openai.ServeHTTP(httptest.NewRecorder(), r)
	}
	if ic.contentType != "" {
		w.Header().Set("Content-Type", ic.contentType)
	}
	w.WriteHeader(ic.status)
	_, _ = w.Write([]byte(ic.body))
}

func (g *gateway) match(r *http.Request) *interception {
	g.mu.Lock()
	defer g.mu.Unlock()
	call := r.Method + " " + r.URL.Path
	for i := range g.interceptions {
		if ic := &g.interceptions[i]; ic.matches(r) && (ic.count == 0 || g.intercepted[call] < ic.count) {
			g.intercepted[call]++
			return ic
		}
	}
	return nil
}

// deletesResource reports whether a call deletes, archives or revokes a resource.
func deletesResource(r *http.Request) bool {
	return r.Method == http.MethodDelete || strings.HasSuffix(r.URL.Path, "/archive")
}

// listsResources reports whether a call lists resources.
func listsResources(r *http.Request) bool {
	return r.Method == http.MethodGet && slices.Contains([]string{"projects", "service_accounts", "api_keys"}, path.Base(r.URL.Path))
}

// readsResource reports whether a call gets one resource.
func readsResource(r *http.Request) bool { return r.Method == http.MethodGet && !listsResources(r) }

// createsResource reports whether a call creates a resource.
func createsResource(r *http.Request) bool {
	return r.Method == http.MethodPost && slices.Contains([]string{"projects", "service_accounts", "api_keys"}, path.Base(r.URL.Path))
}

// gatewayNotFounds are replies of status 404 that come from a gateway, not from OpenAI.
var gatewayNotFounds = map[string]reply{
	"APage":              {http.StatusNotFound, "text/html", "<html><head><title>404 Not Found</title></head><body><center>nginx</center></body></html>"},
	"AnEmptyBody":        {status: http.StatusNotFound},
	"AMessage":           {http.StatusNotFound, "application/json", `{"message":"no Route matched with those values"}`},
	"AnErrorOfOneWord":   {http.StatusNotFound, "application/json", `{"timestamp":"2026-11-23T12:00:00Z","status":404,"error":"Not Found","path":"/v1"}`},
	"AnErrorWithoutType": {http.StatusNotFound, "application/json; charset=UTF-8", `{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}`},
}

// emptyList is a list without items, such as a list that lags returns.
var emptyList = reply{http.StatusOK, "application/json", `{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}`}

// openAINotFound is OpenAI's reply for a resource that does not exist.
var openAINotFound = reply{http.StatusNotFound, "application/json", `{"error":{"message":"No such resource.","type":"invalid_request_error","param":null,"code":null}}`}
