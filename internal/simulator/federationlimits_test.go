// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestIdentityProvidersThatTheAPIRefuses(t *testing.T) {
	uploaded := func(keys ...any) body {
		return body{"verification": body{"type": "uploaded_jwks", "jwks": body{"keys": keys}}}
	}
	derived := func(all ...any) body { return body{"attribute_transformations": all} }
	many := func(n int) body {
		var all []any
		for i := range n {
			all = append(all, body{"attribute": fmt.Sprint(i), "expression": "assertion.sub"})
		}
		return derived(all...)
	}
	public := func(kid string) body { return body{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": kid} }
	private := func(parameter string) body {
		return body{"kty": "RSA", "n": "AA", "e": "AQAB", "kid": "a", parameter: "AA"}
	}

	cases := map[string]struct {
		reason string
		in     body
		want   string
	}{
		"PlainHTTP":         {reason: "Anybody could change what it says.", in: body{"issuer": "http://issuer.example.org"}, want: "Invalid 'issuer'"},
		"NoHost":            {reason: "Nobody issues the tokens.", in: body{"issuer": "https://"}, want: "Invalid 'issuer'"},
		"EmptyAudience":     {reason: "The tokens are for nobody.", in: body{"audience": ""}, want: "Invalid 'audience'"},
		"LongestAudience":   {reason: "It may be so long.", in: body{"audience": strings.Repeat("é", 1024)}},
		"LongAudience":      {reason: "It is longer.", in: body{"audience": strings.Repeat("a", 1025)}, want: "Invalid 'audience'"},
		"Keys":              {reason: "Two keys.", in: uploaded(public("a"), public("b"))},
		"NoKeys":            {reason: "Nothing could be verified.", in: uploaded(), want: "Invalid 'verification.jwks'"},
		"NoSetOfKeys":       {reason: "A key is no set.", in: body{"verification": body{"type": "uploaded_jwks", "jwks": public("a")}}, want: "Invalid 'verification.jwks'"},
		"KeyWithoutID":      {reason: "No token could name it.", in: uploaded(body{"kty": "EC"}), want: "key 0 has no kid"},
		"KeyWithEmptyID":    {reason: "No token could name it.", in: uploaded(public("a"), public("")), want: "key 1 has no kid"},
		"KeysWithOneID":     {reason: "Which is meant?", in: uploaded(public("a"), public("a")), want: `two keys have the kid "a"`},
		"SymmetricKey":      {reason: "Its secret would be uploaded.", in: uploaded(private("k")), want: "'k' of a private key"},
		"PrivateKey":        {reason: "Its secret would be uploaded.", in: uploaded(private("d")), want: "'d' of a private key"},
		"PrivatePrime":      {reason: "Its secret would be uploaded.", in: uploaded(private("q")), want: "'q' of a private key"},
		"PrivateOthers":     {reason: "Its secret would be uploaded.", in: uploaded(private("oth")), want: "'oth' of a private key"},
		"MostExpressions":   {reason: "There may be so many.", in: many(20)},
		"ManyExpressions":   {reason: "There are more.", in: many(21), want: "21, must be at most 20"},
		"SameAttribute":     {reason: "Which is meant?", in: derived(body{"attribute": "a", "expression": "'1'"}, body{"attribute": "a", "expression": "'2'"}), want: `two are of the attribute "a"`},
		"NoAttribute":       {reason: "No rule could name it.", in: derived(body{"attribute": "", "expression": "'1'"}), want: "from 1 to 256"},
		"NoExpression":      {reason: "It says nothing.", in: derived(body{"attribute": "a", "expression": ""}), want: "from 1 to 4096"},
		"LongExpression":    {reason: "It is too long.", in: derived(body{"attribute": "a", "expression": "'" + strings.Repeat("a", 4095) + "'"}), want: "from 1 to 4096"},
		"NoCEL":             {reason: "It cannot be compiled.", in: derived(body{"attribute": "a", "expression": "assertion.("}), want: `the expression of "a" is no CEL`},
		"UnknownIdentifier": {reason: "Only the assertion is known.", in: derived(body{"attribute": "a", "expression": "token.sub"}), want: `the expression of "a" is no CEL`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			id := f.made(t, families, nil, providerBody(0))
			status, reply := f.call(t, families, update, []string{id}, tc.in)
			if accepted := status == http.StatusOK; accepted != (tc.want == "") || !accepted && status != http.StatusBadRequest {
				t.Errorf("\n%s\nstatus %d: %s", tc.reason, status, reply)
			}
			if why, _ := decoded(t, reply)["error"].(body); tc.want != "" && !strings.Contains(fmt.Sprint(why["message"]), tc.want) {
				t.Errorf("\n%s\nwant the message to contain %q: %s", tc.reason, tc.want, reply)
			}
		})
	}
}

func TestAnOrganizationHasFiftyIdentityProviders(t *testing.T) {
	f := newFixture(t)
	var last string
	for i := range 50 {
		last = f.made(t, families, nil, providerBody(i))
	}
	if got := f.refusal(t, families, create, nil, providerBody(50)); got.Status != http.StatusBadRequest {
		t.Errorf("the 51st: status %d", got.Status)
	}
	f.must(t, families, remove, []string{last}, nil)
	f.made(t, families, nil, providerBody(50))
}

func TestAnIdentityProviderHasFiftyRulesOneForEachAccount(t *testing.T) {
	f := newFederation(t)
	rule := func(account string) body {
		return body{"project_id": f.project, "service_account_id": account, "attribute_matchers": body{"sub": "other"}}
	}
	f.changeRule(t, body{"enabled": false})
	if got := f.refusal(t, ruleNames, create, []string{f.provider}, rule(f.account)); got.Status != http.StatusBadRequest {
		t.Errorf("another rule for the account: status %d", got.Status)
	}
	for range 49 {
		f.made(t, ruleNames, []string{f.provider}, rule(f.fixture.account(t, f.project)))
	}
	if got := f.refusal(t, ruleNames, create, []string{f.provider}, rule(f.fixture.account(t, f.project))); got.Status != http.StatusBadRequest {
		t.Errorf("the 51st rule: status %d", got.Status)
	}
	other := f.made(t, families, nil, providerBody(0))
	f.made(t, ruleNames, []string{other}, rule(f.account))
}

func TestAVerificationIsRepliedAsItWasGiven(t *testing.T) {
	key := body{"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA", "kid": "a", "use": "sig", "example.org/note": "kept"}
	for name, verification := range map[string]body{
		"UploadedKeys":   {"type": "uploaded_jwks", "jwks": body{"keys": []any{key}, "note": "kept"}},
		"NoDiscoveryURL": {"type": "discovery", "discovery_url": nil},
		"ADiscoveryURL":  {"type": "discovery", "discovery_url": "https://keys.example.org"},
		"ByDefault":      nil,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			in, want := providerBody(0), verification
			if verification == nil {
				want = body{"type": "discovery", "discovery_url": nil}
			} else {
				in["verification"] = verification
			}
			reply := f.must(t, families, create, nil, in)
			id := []string{reply["id"].(string)}
			listed := f.must(t, families, list, nil, nil)["data"].([]any)
			for call, got := range map[string]any{
				"create": reply["verification"],
				"get":    f.must(t, families, get, id, nil)["verification"],
				"update": f.must(t, families, update, id, body{"name": "other"})["verification"],
				"list":   listed[0].(body)["verification"],
			} {
				if diff := cmp.Diff(any(want), got); diff != "" {
					t.Errorf("%s: -want, +got:\n%s", call, diff)
				}
			}
		})
	}
}
