// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// decodingGateway decodes and cleans URL paths before it forwards calls, as some gateways do.
func decodingGateway(t *testing.T) func(*v1alpha1.ClusterProviderConfig) {
	t.Helper()
	root, err := url.Parse(sim.Root())
	if err != nil {
		t.Fatal(err)
	}
	openai := httputil.NewSingleHostReverseProxy(root)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path, r.URL.RawPath = path.Clean(r.URL.Path), ""
		openai.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	return func(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.BaseURL = new(srv.URL + "/v1") }
}

func TestAnExternalNameReachesNothingOfAnotherProject(t *testing.T) {
	t.Parallel()
	victim := newTenant(t)
	account := victim.newAccount("victim")
	cases := map[string]struct {
		reason string
		object func(tn *tenant) resource.Managed
		name   string
	}{
		"Account": {
			"A gateway that decodes paths would read from the other project.",
			func(tn *tenant) resource.Managed { return tn.accountObject("pointed") },
			"../../" + victim.project + "/service_accounts/" + account,
		},
		"Encoded": {
			"As above, with a gateway that decodes twice.",
			func(tn *tenant) resource.Managed { return tn.accountObject("pointed") },
			"..%2F..%2F" + victim.project + "%2Fservice_accounts%2F" + account,
		},
		"Project": {
			"As above.",
			func(tn *tenant) resource.Managed { return tn.projectObject(tn.namespace + "-pointed") },
			"x/../" + victim.project,
		},
		"Key": {
			"As above.",
			func(tn *tenant) resource.Managed { return tn.key("pointed") },
			"../../" + victim.project + "/api_keys/key_1",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t, decodingGateway(t))
			o := tc.object(tn)
			meta.SetExternalName(o, tc.name)
			tn.create(o)
			if got := tn.awaitProblem(o); !strings.Contains(got, "cannot be an ID") {
				t.Errorf("%s\nwant a problem that says what is wrong with the external name, got %q", tc.reason, got)
			}
			if id := o.(interface{ ObservedID() string }).ObservedID(); id != "" {
				t.Errorf("%s\nthe object observed %q", tc.reason, id)
			}
			tn.delete(o)
			tn.awaitGone(o)
			if got := victim.accountsNamed("victim"); len(got) != 1 || got[0] != account {
				t.Errorf("%s\naccounts of the other project: want %q, got %q", tc.reason, account, got)
			}
		})
	}
}
