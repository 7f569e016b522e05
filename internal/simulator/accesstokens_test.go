// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAnAccessTokenWorksUntilSomethingEndsIt(t *testing.T) {
	refusal := &problem{Status: 401, Code: "invalid_api_key"}
	cases := map[string]struct {
		reason string
		end    func(t *testing.T, f federation)
		want   *problem
	}{
		"NotYetExpired": {reason: "A second is left.", end: func(_ *testing.T, f federation) { f.Advance(30*time.Minute - time.Second) }},
		"Expired":       {reason: "The subject token has expired.", end: func(_ *testing.T, f federation) { f.Advance(30 * time.Minute) }, want: refusal},
		"OtherMatchers": {
			reason: "A rule is matched when tokens are exchanged.",
			end:    func(t *testing.T, f federation) { f.changeRule(t, body{"attribute_matchers": body{"sub": "other"}}) },
		},
		"OtherKeys": {
			reason: "Keys verify when tokens are exchanged.",
			end: func(t *testing.T, f federation) {
				f.changeProvider(t, body{"verification": body{"type": "uploaded_jwks", "jwks": publicKeys(t, ecSigner(t))}})
			},
		},
		"RuleDisabled":     {reason: "Nothing allows it any more.", end: func(t *testing.T, f federation) { f.changeRule(t, body{"enabled": false}) }, want: refusal},
		"ProviderDisabled": {reason: "Its issuer is not trusted any more.", end: func(t *testing.T, f federation) { f.changeProvider(t, body{"enabled": false}) }, want: refusal},
		"RuleDeleted": {
			reason: "Nothing allows it any more.",
			end:    func(t *testing.T, f federation) { f.must(t, ruleNames, remove, []string{f.provider, f.rule}, nil) },
			want:   refusal,
		},
		"AccountDeleted": {
			reason: "Nobody is there to act as.",
			end: func(t *testing.T, f federation) {
				f.must(t, "projects/service_accounts", remove, []string{f.project, f.account}, nil)
			},
			want: refusal,
		},
		"ProjectArchived": {
			reason: "Nobody acts in an archived project.",
			end:    func(t *testing.T, f federation) { f.must(t, "projects", remove, []string{f.project}, nil) },
			want:   refusal,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFederation(t)
			value := f.accessToken(t, claimsWith(nil))
			if err := f.listModels(t.Context(), value, option.WithProject(f.project)); err != nil {
				t.Fatalf("a new access token: %v", err)
			}
			tc.end(t, f)
			if diff := cmp.Diff(tc.want, refused(f.listModels(t.Context(), value))); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if works := f.Works(value); works != (tc.want == nil) {
				t.Errorf("\n%s\nWorks: got %t", tc.reason, works)
			}
		})
	}
}

func TestAnAccessTokenHasTheScopesOfItsRule(t *testing.T) {
	f := newFederation(t)
	f.changeRule(t, body{"permissions": body{"type": "restricted", "scopes": []string{"api.model.read"}}})
	value := f.accessToken(t, claimsWith(nil))
	if err := f.listModels(t.Context(), value); err != nil {
		t.Errorf("what the scopes allow: %v", err)
	}
	_, err := f.chat(t.Context(), value)
	if diff := cmp.Diff(&problem{Status: 403}, refused(err)); diff != "" {
		t.Errorf("what they do not: -want, +got:\n%s", diff)
	}
}

func TestTheAdministrationAPIRefusesAccessTokens(t *testing.T) {
	f := newFederation(t)
	value := f.accessToken(t, claimsWith(nil))
	_, err := adminClient(f.HTTP, value).Get(t.Context(), f.project)
	if got := refused(err); got == nil || got.Status != http.StatusUnauthorized {
		t.Errorf("a token that works elsewhere: got %+v, want status 401", got)
	}
	f.Advance(time.Hour)
	_, err = adminClient(f.HTTP, value).Get(t.Context(), f.project)
	if diff := cmp.Diff(&problem{Status: 401, Code: "invalid_api_key"}, refused(err)); diff != "" {
		t.Errorf("a token that has expired: -want, +got:\n%s", diff)
	}
}

func TestAFaultAffectsExchanges(t *testing.T) {
	f := newFederation(t)
	mustAddFault(t, f.Server, simulator.Fault{Route: simulator.RouteExchangeToken, Kind: simulator.FaultError, Status: 503, Count: 1})
	token := rsaSigner(t).token(t, claimsWith(nil))
	if _, err := f.exchange(t, token); err == nil || len(f.Exchanges()) != 0 {
		t.Errorf("during an outage: %v, and %d exchanges", err, len(f.Exchanges()))
	}
	if _, err := f.exchange(t, token); err != nil {
		t.Errorf("after it: %v", err)
	}
}
