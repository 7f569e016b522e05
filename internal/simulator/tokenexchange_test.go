// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"encoding/json"
	"errors"
	"maps"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/auth"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAWorkloadCallsOpenAIWithTheSDKAlone(t *testing.T) {
	for _, s := range []signer{rsaSigner(t), ecSigner(t)} {
		t.Run(s.kid, func(t *testing.T) {
			f := newFederation(t)
			models := openai.NewModelService(option.WithBaseURL("https://api.openai.com/v1/"), option.WithHTTPClient(f.client()), option.WithMaxRetries(0),
				option.WithWorkloadIdentity(f.workload(s.token(t, claimsWith(nil)))))
			for range 2 {
				if _, err := models.List(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			want := []simulator.Exchange{{
				Time: start, IdentityProviderID: f.provider, ServiceAccountID: f.account, FederationRuleID: f.rule,
				KeyID: s.kid, Subject: subject, ExpiresAt: start.Add(30 * time.Minute), Result: simulator.ExchangeOK,
			}}
			if diff := cmp.Diff(want, f.Exchanges()); diff != "" {
				t.Errorf("exchanges: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestSubjectTokensThatAreAccepted(t *testing.T) {
	cases := map[string]struct {
		reason  string
		signer  func(t *testing.T) signer
		changed body
		given   func(t *testing.T, f federation)
		seconds float64
	}{
		"RS512":             {reason: "A longer digest.", signer: func(t *testing.T) signer { return signer{jose.RS512, made(t, rsaKey), "without-alg"} }},
		"PS256":             {reason: "Another padding.", signer: func(t *testing.T) signer { return signer{jose.PS256, made(t, rsaKey), "without-alg"} }},
		"AudienceAsString":  {reason: "An audience may be a string.", changed: body{"aud": "openai"}},
		"SeveralAudiences":  {reason: "One of the audiences is OpenAI's.", changed: body{"aud": []string{"cluster", "openai"}}},
		"SlashAfterIssuer":  {reason: "A slash at the end of an issuer means nothing.", changed: body{"iss": issuer + "/"}},
		"LongLived":         {reason: "An access token lives an hour at most.", changed: body{"exp": start.Add(10 * time.Hour).Unix()}, seconds: 3600},
		"ShortLived":        {reason: "An access token does not outlive its subject token.", changed: body{"exp": start.Unix() + 90}, seconds: 90},
		"WithoutNotBefore":  {reason: "The nbf is optional.", changed: body{"nbf": nil}},
		"ClockOfTheIssuer":  {reason: "The issuer's clock may be a minute ahead.", changed: body{"iat": start.Unix() + 60, "nbf": start.Unix() + 60}},
		"FractionOfASecond": {reason: "Times may have fractions.", changed: body{"iat": float64(start.Unix()) + 0.5}},
		"NamespaceMatches": {
			reason: "A derived attribute is matched like a claim.",
			given: func(t *testing.T, f federation) {
				f.changeProvider(t, body{"attribute_transformations": []any{
					body{"attribute": "namespace", "expression": "assertion['kubernetes.io'].namespace"},
				}})
				f.changeRule(t, body{"attribute_matchers": body{"namespace": "shop"}})
			},
		},
		"AllScalars": {
			reason:  "Booleans and numbers are matched by value, whether claimed or derived.",
			changed: body{"beta": true, "run": 7},
			given: func(t *testing.T, f federation) {
				f.changeProvider(t, body{"attribute_transformations": []any{
					body{"attribute": "length", "expression": "size(assertion.sub)"},
					body{"attribute": "prod", "expression": "assertion.sub.endsWith('checkout')"},
				}})
				f.changeRule(t, body{"attribute_matchers": body{"beta": true, "run": 7.0, "length": len(subject), "prod": true}})
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFederation(t)
			signs := rsaSigner(t)
			if tc.signer != nil {
				signs = tc.signer(t)
				keys := publicKeys(t, signs)
				delete(keys["keys"].([]any)[0].(body), "alg")
				f.changeProvider(t, body{"verification": body{"type": "uploaded_jwks", "jwks": keys}})
			}
			if tc.given != nil {
				tc.given(t, f)
			}
			status, reply := f.post(t, f.exchangeBody(signs.token(t, claimsWith(tc.changed))))
			value, _ := reply["access_token"].(string)
			if status != 200 || !f.Works(value) {
				t.Fatalf("\n%s\nstatus %d: %s", tc.reason, status, f.lastExchange(t).Reason)
			}
			delete(reply, "access_token")
			if tc.seconds == 0 {
				tc.seconds = 1800
			}
			want := body{"issued_token_type": "urn:ietf:params:oauth:token-type:access_token", "token_type": "Bearer", "expires_in": tc.seconds}
			if diff := cmp.Diff(want, reply); diff != "" {
				t.Errorf("\n%s\nreply: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// exchangeBody is the body of an exchange as the SDK sends it.
func (f federation) exchangeBody(token string) body {
	return body{
		"grant_type": auth.TokenExchangeGrantType, "subject_token_type": auth.JWTTokenType, "subject_token": token,
		"identity_provider_id": f.provider, "service_account_id": f.account,
	}
}

func TestSubjectTokensThatAreRefused(t *testing.T) {
	type refusal struct {
		Status int
		Code   string
		Reason string
	}
	unverified := func(reason string) refusal { return refusal{401, "invalid_grant", reason} }
	notAllowed := func(reason string) refusal { return refusal{403, "access_denied", reason} }
	const noRule = "no enabled federation rule for the service account matches the subject token"

	cases := map[string]struct {
		reason string
		given  func(t *testing.T, f federation)
		// signer of the token, the RSA key by default, with the changed claims.
		signer  func(t *testing.T) signer
		changed body
		// token instead.
		token func(t *testing.T) string
		want  refusal
	}{
		"OtherAudience": {
			reason: "The token is for somebody else.", changed: body{"aud": "https://kubernetes.default.svc"},
			want: unverified(`the subject token has the aud ["https://kubernetes.default.svc"], want "openai"`),
		},
		"OtherIssuer": {
			reason: "The token is of somebody else.", changed: body{"iss": "https://other.example.org"},
			want: unverified(`the subject token has the iss "https://other.example.org", want "https://issuer.example.org"`),
		},
		"Expired": {
			reason: "The simulator's clock decides, without leeway.",
			given:  func(_ *testing.T, f federation) { f.Advance(30 * time.Minute) },
			want:   unverified("the subject token expired at 2026-11-01T12:30:00Z"),
		},
		"IssuedLater": {
			reason: "A minute is the leeway.", changed: body{"iat": start.Unix() + 61},
			want: unverified("the subject token is issued at 2026-11-01T12:01:01Z only"),
		},
		"NotYetValid": {
			reason: "A minute is the leeway.", changed: body{"nbf": start.Unix() + 61},
			want: unverified("the subject token is not valid before 2026-11-01T12:01:01Z"),
		},
		"WithoutSubject":  {reason: "It is required.", changed: body{"sub": nil}, want: unverified("the subject token has no sub")},
		"WithoutExpiry":   {reason: "It is required.", changed: body{"exp": nil}, want: unverified("the subject token has no exp")},
		"WithoutIssuedAt": {reason: "It is required.", changed: body{"iat": nil}, want: unverified("the subject token has no iat")},
		"WithoutIssuer": {
			reason: "It is required.", changed: body{"iss": nil},
			want: unverified(`the subject token has the iss "", want "https://issuer.example.org"`),
		},
		"WithoutAudience": {
			reason: "It is required.", changed: body{"aud": nil},
			want: unverified(`the subject token has the aud [], want "openai"`),
		},
		"ExpiryAsText": {reason: "A time is a number.", changed: body{"exp": "tomorrow"}, want: unverified("the subject token has no exp")},
		"WithoutKeyID": {
			reason: "It is required.", signer: func(t *testing.T) signer { return signer{jose.RS256, made(t, rsaKey), ""} },
			want: unverified("the subject token has no kid"),
		},
		"UnknownKeyID": {
			reason: "The key was not uploaded.", signer: func(t *testing.T) signer { return signer{jose.ES256, made(t, otherKey), "new"} },
			want: unverified(`the identity provider has no key "new"`),
		},
		"KeyOfAnotherProvider": {
			reason: "The key of one provider says nothing to another.",
			given: func(t *testing.T, f federation) {
				f.made(t, families, nil, body{
					"name": "other", "issuer": issuer, "audience": "openai", "type": "oidc",
					"verification": body{"type": "uploaded_jwks", "jwks": publicKeys(t, signer{jose.ES256, made(t, otherKey), "others"})},
				})
			},
			signer: func(t *testing.T) signer { return signer{jose.ES256, made(t, otherKey), "others"} },
			want:   unverified(`the identity provider has no key "others"`),
		},
		"WrongSignature": {
			reason: "Another key signed the token.", signer: func(t *testing.T) signer { return signer{jose.ES256, made(t, otherKey), "ec"} },
			want: unverified(`key "ec" did not sign the subject token`),
		},
		"OtherAlgorithmOfTheKey": {
			reason: "The key is for one algorithm.", signer: func(t *testing.T) signer { return signer{jose.RS512, made(t, rsaKey), "rsa"} },
			want: unverified(`key "rsa" is for the alg "RS256", the subject token has "RS512"`),
		},
		"NoSignature": {
			reason: "A token without a signature proves nothing.",
			token: func(t *testing.T) string {
				_, rest, _ := strings.Cut(rsaSigner(t).token(t, claimsWith(nil)), ".")
				claims, _, _ := strings.Cut(rest, ".")
				return "eyJhbGciOiJub25lIiwia2lkIjoicnNhIn0." + claims + "." // {"alg":"none","kid":"rsa"}
			},
			want: unverified(`the subject token has the alg "none", which is not supported`),
		},
		"SignedWithThePublicKey": {
			reason: "Everybody knows the public key.",
			signer: func(t *testing.T) signer {
				b, err := json.Marshal(publicKeys(t, rsaSigner(t)))
				if err != nil {
					t.Fatal(err)
				}
				return signer{jose.HS256, b, "rsa"}
			},
			want: unverified(`the subject token has the alg "HS256", which is not supported`),
		},
		"NoToken": {reason: "Any text.", token: func(*testing.T) string { return "swordfish" }, want: unverified("the subject token is no signed JWT")},
		"ProviderDisabled": {
			reason: "Nobody trusts the issuer any more.",
			given:  func(t *testing.T, f federation) { f.changeProvider(t, body{"enabled": false}) },
			want:   notAllowed(`identity provider "wip_" is disabled`),
		},
		"ProviderDeleted": {
			reason: "Nobody trusts the issuer any more.",
			given: func(t *testing.T, f federation) {
				f.must(t, ruleNames, remove, []string{f.provider, f.rule}, nil)
				f.must(t, families, remove, []string{f.provider}, nil)
			},
			want: notAllowed(`there is no identity provider "wip_"`),
		},
		"RuleDisabled": {
			reason: "The rule does not count.",
			given:  func(t *testing.T, f federation) { f.changeRule(t, body{"enabled": false}) },
			want:   notAllowed(noRule),
		},
		"OtherSubject": {
			reason: "The rule is for another workload.", changed: body{"sub": "system:serviceaccount:shop:cart"},
			want: notAllowed(noRule),
		},
		"Wildcard": {
			reason: "A rule has no wildcards.",
			given: func(t *testing.T, f federation) {
				f.changeRule(t, body{"attribute_matchers": body{"sub": "system:serviceaccount:shop:*"}})
			},
			want: notAllowed(noRule),
		},
		"NumberAsText": {
			reason: "A number is not its text.", changed: body{"run": "7"},
			given: func(t *testing.T, f federation) { f.changeRule(t, body{"attribute_matchers": body{"run": 7}}) },
			want:  notAllowed(noRule),
		},
		"NestedClaim": {
			reason: "Only an expression reaches into a claim.",
			given: func(t *testing.T, f federation) {
				f.changeRule(t, body{"attribute_matchers": body{"kubernetes.io.namespace": "shop"}})
			},
			want: notAllowed(noRule),
		},
		"NotDerived": {
			reason: "An expression that fails yields no attribute, not even the claim of its name.",
			given: func(t *testing.T, f federation) {
				f.changeProvider(t, body{"attribute_transformations": []any{body{"attribute": "sub", "expression": "assertion.missing"}}})
			},
			want: notAllowed(noRule),
		},
		"OtherNamespace": {
			reason:  "The derived attribute is that of another namespace.",
			changed: body{"kubernetes.io": body{"namespace": "evil"}},
			given: func(t *testing.T, f federation) {
				f.changeProvider(t, body{"attribute_transformations": []any{
					body{"attribute": "namespace", "expression": "assertion['kubernetes.io'].namespace"},
				}})
				f.changeRule(t, body{"attribute_matchers": body{"namespace": "shop"}})
			},
			want: notAllowed(noRule),
		},
		"ProjectArchived": {
			reason: "Nobody acts in an archived project.",
			given:  func(t *testing.T, f federation) { f.must(t, "projects", remove, []string{f.project}, nil) },
			want:   notAllowed(`project "proj_" is not active`),
		},
		"AccountDeleted": {
			reason: "Nobody is there to act as.",
			given: func(t *testing.T, f federation) {
				f.must(t, "projects/service_accounts", remove, []string{f.project, f.account}, nil)
			},
			want: notAllowed(`project "proj_" has no service account "user-"`),
		},
		"AccountOfAnotherProject": {
			reason: "The account has to be in the project of the rule.",
			given: func(t *testing.T, f federation) {
				f.edit(t, ruleNames, body{"project_id": f.fixture.project(t)}, f.provider, f.rule)
			},
			want: notAllowed(`project "proj_" has no service account "user-"`),
		},
		"AccountWithoutRole": {
			reason: "Its keys do not work either.",
			given: func(t *testing.T, f federation) {
				f.edit(t, "projects/service_accounts", body{"role": "none"}, f.project, f.account)
			},
			want: notAllowed(`service account "user-" has no role in project "proj_"`),
		},
	}
	random := regexp.MustCompile(`(wip_|proj_|user-)\w+`)
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFederation(t)
			if tc.given != nil {
				tc.given(t, f)
			}
			if tc.signer == nil {
				tc.signer = func(t *testing.T) signer { return rsaSigner(t) }
			}
			if tc.token == nil {
				tc.token = func(t *testing.T) string { return tc.signer(t).token(t, claimsWith(tc.changed)) }
			}
			token := tc.token(t)

			_, err := f.exchange(t, token)
			var refused *auth.OAuthError
			if !errors.As(err, &refused) {
				t.Fatalf("\n%s\nno refusal as the SDK knows it: %v", tc.reason, err)
			}
			got := f.lastExchange(t)
			if diff := cmp.Diff(tc.want, refusal{refused.StatusCode, string(refused.ErrorCode), random.ReplaceAllString(got.Reason, "$1")}); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if got.Result != tc.want.Code || got.IdentityProviderID != f.provider || got.ServiceAccountID != f.account {
				t.Errorf("\n%s\nlogged: %+v", tc.reason, got)
			}

			_, reply := f.post(t, f.exchangeBody(token))
			if description, _ := reply["error_description"].(string); description == "" || description == got.Reason || len(reply) != 2 {
				t.Errorf("\n%s\nthe reply says too little or too much: %v", tc.reason, reply)
			}
		})
	}
}

func TestRequestsThatAreNoExchange(t *testing.T) {
	cases := map[string]struct {
		reason  string
		changed body
		want    body
	}{
		"OtherGrant": {
			reason: "There is one grant.", changed: body{"grant_type": "client_credentials"},
			want: body{"error": "unsupported_grant_type", "error_description": "The grant_type must be urn:ietf:params:oauth:grant-type:token-exchange."},
		},
		"OtherTokenType": {
			reason: "There are two types of tokens.", changed: body{"subject_token_type": "urn:ietf:params:oauth:token-type:saml2"},
			want: body{"error": "invalid_request", "error_description": "The subject_token_type must be urn:ietf:params:oauth:token-type:jwt or urn:ietf:params:oauth:token-type:id_token."},
		},
		"WithoutAccount": {
			reason: "The client names the account.", changed: body{"service_account_id": nil},
			want: body{"error": "invalid_request", "error_description": "Missing required parameter: service_account_id."},
		},
		"WrongType": {
			reason: "Parameters are strings.", changed: body{"subject_token": 7},
			want: body{"error": "invalid_request", "error_description": "The request is no JSON object of strings."},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFederation(t)
			in := f.exchangeBody(rsaSigner(t).token(t, claimsWith(nil)))
			maps.Copy(in, tc.changed)
			status, reply := f.post(t, in)
			if diff := cmp.Diff(tc.want, reply); status != 400 || diff != "" {
				t.Errorf("\n%s\nstatus %d, -want, +got:\n%s", tc.reason, status, diff)
			}
			if got := f.lastExchange(t).Result; got != tc.want["error"] {
				t.Errorf("\n%s\nlogged as %q", tc.reason, got)
			}
		})
	}
}

func TestExchangesAreLoggedWithoutTokensAndCountedApart(t *testing.T) {
	f := newFederation(t)
	mutating := f.CountMutating()
	subjectToken := rsaSigner(t).token(t, claimsWith(nil))
	value, err := f.exchange(t, subjectToken)
	if err != nil {
		t.Fatal(err)
	}
	f.changeRule(t, body{"enabled": false})
	if _, err := f.exchange(t, subjectToken); err == nil {
		t.Fatal("the rule is disabled")
	}
	if got := f.CountMutating(); got != mutating+1 {
		t.Errorf("mutating calls: want %d, that of the rule, got %d", mutating+1, got)
	}
	if got := f.CountCalls(simulator.RouteExchangeToken); got != 2 {
		t.Errorf("exchanges in the log of calls: want 2, got %d", got)
	}

	var log simulator.ExchangeList
	f.control(t, "GET", "exchanges", nil, &log)
	if diff := cmp.Diff(f.Exchanges(), log.Exchanges); diff != "" || len(log.Exchanges) != 2 {
		t.Errorf("%d exchanges: -want, +got:\n%s", len(log.Exchanges), diff)
	}
	b, err := json.Marshal([]any{log, f.Calls()})
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{subjectToken, value} {
		if strings.Contains(string(b), secret) {
			t.Error("a log holds a token")
		}
	}
	f.changeRule(t, body{"enabled": true})
	f.control(t, "DELETE", "exchanges", nil, nil)
	if left := len(f.Exchanges()); left != 0 || !f.Works(value) {
		t.Errorf("after a reset: %d exchanges, the access token works: %t", left, f.Works(value))
	}
}
