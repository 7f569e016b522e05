// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// proxies of one replay, plain http on loopback.
type proxies struct {
	kubernetes, openAI *httptest.Server
}

func (p *proxies) close() {
	for _, s := range []*httptest.Server{p.kubernetes, p.openAI} {
		if s != nil {
			s.CloseClientConnections()
			s.Close()
		}
	}
}

// newProxies starts the proxies of a replay in a namespace.
func newProxies(t *tap, namespace string) (*proxies, error) {
	upstream, err := url.Parse(kubeHTTP.Host)
	if err != nil {
		return nil, fmt.Errorf("cannot read the API server's address %q: %w", kubeHTTP.Host, err)
	}
	transport, err := rest.TransportFor(kubeHTTP)
	if err != nil {
		return nil, fmt.Errorf("cannot connect to the API server: %w", err)
	}
	toKubernetes := newProxy(upstream, transport)
	simulator, err := url.Parse(sim.Root())
	if err != nil {
		return nil, fmt.Errorf("cannot read the simulator's address %q: %w", sim.Root(), err)
	}
	toOpenAI := newProxy(simulator, http.DefaultTransport)

	return &proxies{
		kubernetes: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if label := kubernetesLabel(r.Method, r.URL.Path, namespace); label != "" {
				t.mutate(w, r, kubernetes, label, toKubernetes) //nolint:contextcheck // a request that was sent is not canceled
				return
			}
			confine(r.URL, namespace)
			toKubernetes.ServeHTTP(w, r)
		})),
		openAI: httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			label := openAILabel(r.Method, r.URL.Path)
			if r.Method == http.MethodGet {
				t.read(w, r, label, toOpenAI)
				return
			}
			t.mutate(w, r, openAI, label, toOpenAI) //nolint:contextcheck // As above.
		})),
	}, nil
}

func newProxy(to *url.URL, transport http.RoundTripper) http.Handler {
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.Out.Host = ""
		},
		Transport: transport,
		// Watches stream.
		FlushInterval: -1,
		// Killed providers break their connections, so that these errors are expected.
		ErrorLog: log.New(io.Discard, "", 0),
	}
}

// confine limits a list or watch of the whole cluster to a single namespace, so that this replay's
// provider ignores the objects of others.
func confine(u *url.URL, namespace string) {
	group := "/apis/" + v1alpha1.SchemeGroupVersion.Group + "/"
	version, resource, ok := strings.Cut(strings.TrimPrefix(u.Path, group), "/")
	if !strings.HasPrefix(u.Path, group) || !ok || strings.Contains(resource, "/") {
		return
	}
	if resource == "clusterproviderconfigs" {
		q := u.Query()
		q.Set("fieldSelector", "metadata.name="+namespace)
		u.RawQuery = q.Encode()
		return
	}
	u.Path = group + version + "/namespaces/" + namespace + "/" + resource
}

var (
	uid = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

	// unimportant resources: faults in their writes have no consequences, and their number differs
	// from run to run.
	unimportant = []string{"events", "leases", "selfsubjectaccessreviews"}
)

// kubernetesLabel names a request for a change; empty for any other.
func kubernetesLabel(method, path, namespace string) string {
	if method == http.MethodGet || method == http.MethodHead {
		return ""
	}
	parts := strings.Split(strings.Trim(path, "/"), "/")
	// api/v1 or apis/group/version
	parts = parts[min(len(parts), map[string]int{"api": 2, "apis": 3}[parts[0]]):]
	if len(parts) > 2 && parts[0] == "namespaces" {
		parts = parts[2:]
	}
	if len(parts) == 0 || slices.Contains(unimportant, parts[0]) {
		return ""
	}
	resource := strings.ReplaceAll(strings.Join(parts, "/"), namespace, "{namespace}")
	return method + " " + uid.ReplaceAllString(resource, "{uid}")
}

// openAILabel names a request.
func openAILabel(method, path string) string {
	parts := strings.Split(strings.TrimPrefix(path, "/v1/organization/"), "/")
	for i := range parts {
		if i > 0 && slices.Contains([]string{"projects", "service_accounts", "api_keys"}, parts[i-1]) {
			parts[i] = "{id}"
		}
	}
	return method + " " + strings.Join(parts, "/")
}
