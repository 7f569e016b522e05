// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// An oidcIssuer publishes its keys.
type oidcIssuer struct {
	*httptest.Server
	// claims to be this issuer.
	claims  string
	keys    body
	down    bool
	fetched int
}

func newIssuer(t *testing.T, keys body) *oidcIssuer {
	t.Helper()
	i := &oidcIssuer{keys: keys}
	i.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		i.fetched++
		reply := map[string]body{
			"/.well-known/openid-configuration": {"issuer": i.claims, "jwks_uri": i.URL + "/keys"},
			"/keys":                             i.keys,
		}[r.URL.Path]
		if reply == nil || i.down {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		if err := json.NewEncoder(w).Encode(reply); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(i.Close)
	i.claims = i.URL
	return i
}

func TestKeysAreDiscoveredAndCached(t *testing.T) {
	at := newIssuer(t, publicKeys(t, rsaSigner(t)))
	f := newFederation(t, simulator.WithDiscoveryClient(at.Client()))
	f.changeProvider(t, body{"issuer": at.URL, "verification": body{"type": "discovery", "discovery_url": nil}})
	claims := claimsWith(body{"iss": at.URL})
	f.accessToken(t, claims)
	f.accessToken(t, claims)
	if at.fetched != 2 {
		t.Errorf("fetched %d times, want the configuration and the keys once", at.fetched)
	}

	at.keys = publicKeys(t, ecSigner(t))
	f.Advance(10*time.Minute - time.Second)
	if _, err := f.exchange(t, ecSigner(t).token(t, claims)); err == nil {
		t.Error("a key was fetched within ten minutes")
	}
	f.Advance(time.Second)
	if _, err := f.exchange(t, ecSigner(t).token(t, claims)); err != nil {
		t.Errorf("a new key after ten minutes: %v: %s", err, f.lastExchange(t).Reason)
	}
}

func TestKeysThatCannotBeDiscovered(t *testing.T) {
	cases := map[string]struct {
		reason string
		given  func(t *testing.T, f federation, at *oidcIssuer)
		want   string
	}{
		"AtAnotherURL": {
			reason: "The keys may be published elsewhere, with or without the path of the configuration.",
			given: func(t *testing.T, f federation, at *oidcIssuer) {
				at.claims = issuer
				f.changeProvider(t, body{"issuer": issuer, "verification": body{
					"type": "discovery", "discovery_url": at.URL + "/.well-known/openid-configuration",
				}})
			},
		},
		"Unreachable": {
			reason: "Nothing verifies the token.",
			given:  func(_ *testing.T, _ federation, at *oidcIssuer) { at.down = true },
			want:   "replied with the status 503",
		},
		"NotTrusted": {
			reason: "The issuer of the configuration is another one.",
			given:  func(_ *testing.T, _ federation, at *oidcIssuer) { at.claims = "https://evil.example.org" },
			want:   `is the configuration of the issuer "https://evil.example.org"`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			at := newIssuer(t, publicKeys(t, rsaSigner(t)))
			f := newFederation(t, simulator.WithDiscoveryClient(at.Client()))
			f.changeProvider(t, body{"issuer": at.URL, "verification": body{"type": "discovery", "discovery_url": nil}})
			tc.given(t, f, at)
			token := rsaSigner(t).token(t, claimsWith(body{"iss": at.claims}))
			_, err := f.exchange(t, token)
			if got := f.lastExchange(t); (err == nil) != (tc.want == "") || !strings.Contains(got.Reason, tc.want) {
				t.Errorf("\n%s\n%v: %+v, want the reason %q", tc.reason, err, got, tc.want)
			}
		})
	}
}
