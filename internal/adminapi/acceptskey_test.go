// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"strings"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestWhatProvesThatAKeyLives(t *testing.T) {
	t.Parallel()
	const invalid = "invalid_request_error"
	const key = "sk-svcacct-FAKE-not-a-real-key"
	cases := map[string]struct {
		reason string
		status int
		body   string
		want   bool
		err    string
	}{
		"Models":                         {"It may list them.", 200, `{"object":"list","data":[]}`, true, ""},
		"ARestrictedKeyWithoutACode403":  {"OpenAI knows what it may not do.", 403, apitest.ErrorBody(invalid, "", scopesMissing("api.model.read")), true, ""},
		"ARestrictedKeyWithoutACode401":  {"The same with the other status.", 401, apitest.ErrorBody(invalid, "", scopesMissing("api.model.read")), true, ""},
		"ARestrictedKeyWithACode":        {"Some have it.", 403, apitest.ErrorBody(invalid, "missing_scope", "No."), true, ""},
		"ARestrictedKeyAsABareString":    {"Some are so.", 403, `{"error":"You have insufficient permissions for this operation. Missing scopes: model.read"}`, true, ""},
		"AKeyWithoutMoney":               {"OpenAI knows who has to pay.", 429, apitest.ErrorBody("insufficient_quota", "insufficient_quota", "You exceeded your current quota."), true, ""},
		"ADeadKey":                       {"OpenAI does not know it.", 401, apitest.ErrorBody(invalid, "invalid_api_key", "Incorrect API key provided: sk-svcac****fake."), false, ""},
		"ADeadKeyWithoutACode":           {"Codes are often null.", 401, apitest.ErrorBody(invalid, "", "Incorrect API key provided: sk-svcac****fake."), false, ""},
		"AnotherHost":                    {"It says nothing about the key.", 401, apitest.ErrorBody(invalid, "incorrect_hostname", "Please make your request to us.api.openai.com"), false, "us.api.openai.com"},
		"AnAddressThatIsNotAllowed":      {"As above.", 401, apitest.ErrorBody(invalid, "ip_not_authorized", "Your IP is not authorized."), false, "IP allowlist"},
		"AnotherCountry":                 {"As above.", 403, apitest.ErrorBody("request_forbidden", "unsupported_country_region_territory", "Country, region, or territory not supported"), false, "country"},
		"ADeactivatedAccount":            {"As above.", 401, apitest.ErrorBody(invalid, "account_deactivated", "Deactivated."), false, "deactivated"},
		"ACodeThatNobodyKnows":           {"As above.", 401, apitest.ErrorBody(invalid, "not_today", "Not today."), false, "not_today"},
		"AFirewallsPage":                 {"It is not OpenAI's.", 403, "<html>", false, "firewall"},
		"AGatewaysScope":                 {"It is not OpenAI's.", 403, `{"error":"insufficient_scope"}`, false, "gateway"},
		"AGateways401":                   {"It is not OpenAI's.", 401, `{"message":"Unauthorized"}`, false, "gateway"},
		"ARateLimit":                     {"Any key may meet it.", 429, apitest.ErrorBody("requests", "rate_limit_exceeded", "Slow down."), false, "rate limit"},
		"APolicyThatIsNotAboutKeyScopes": {"It is not said whose key it is.", 403, apitest.ErrorBody(invalid, "", "Not allowed."), false, "policy"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dead := apitest.Answer(401, "application/json", apitest.ErrorBody(invalid, "invalid_api_key", "Incorrect API key provided."))
			s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer "+key {
					dead(w, r)
					return
				}
				apitest.Answer(tc.status, "application/json", tc.body)(w, r)
			})
			got, err := testClient(s.URL+"/v1", apitest.FakeKey).AcceptsKey(t.Context(), key)
			if got != tc.want || (err != nil) != (tc.err != "") || !strings.Contains(apitest.Text(err), tc.err) {
				t.Errorf("%s\nAccepts: want %t and an error with %q, got %t and %v", tc.reason, tc.want, tc.err, got, err)
			}
			if strings.Contains(apitest.Text(err), "FAKE") {
				t.Errorf("%s\nthe error contains the key: %v", tc.reason, err)
			}
		})
	}
}

func TestWhatAcceptsAnyKeyProvesNothing(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		status int
		body   string
	}{
		"Models":     {"A gateway puts in a key of its own.", 200, `{"object":"list","data":[]}`},
		"Scopes":     {"A gateway has scopes of its own.", 403, `{"message":"Missing scope: llm.invoke"}`},
		"BareScopes": {"As above.", 401, `{"error":"Missing scopes: gateway:models"}`},
		"Billing":    {"A refusal that is not about the key.", 403, apitest.ErrorBody("invalid_request_error", "", "Only the owner of the team may view billing details.")},
		"NotActive":  {"As above.", 401, apitest.ErrorBody("invalid_request_error", "", "Service account is not active.")},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apitest.Serve(t, apitest.Answer(tc.status, "application/json", tc.body))
			if ok, err := testClient(s.URL+"/v1", apitest.FakeKey).AcceptsKey(t.Context(), "sk-svcacct-FAKE-of-a-user-that-is-long-enough"); ok || err == nil {
				t.Errorf("%s\nAccepts: want an error, got %t and %v", tc.reason, ok, err)
			}
		})
	}
}

func TestWhatCannotBeAKeyIsNotSent(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, value string
		want          bool
		sent          int64
	}{
		"AKey":             {"It is sent, and then one that is made up.", "sk-svcacct-FAKE-of-a-user-that-is-long-enough", true, 2},
		"TooLong":          {"No header holds that much.", "sk-svcacct-FAKE-" + strings.Repeat("x", 4096), false, 0},
		"Nothing":          {"It would go out as no credential at all.", "", false, 0},
		"ALineBreak":       {"It would make another header.", "sk-svcacct-FAKE\r\nX-Injected: 1", false, 0},
		"AControl":         {"No header has it.", "sk-svcacct-FAKE\x00", false, 0},
		"ALetterOfNoKey":   {"As above.", "sk‑svcacct‑FAKE", false, 0},
		"BytesOfNoLetters": {"As above.", "sk-svcacct-FAKE\xff", false, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("Authorization") != "Bearer "+tc.value {
					apitest.Answer(401, "application/json", apitest.ErrorBody("invalid_request_error", "invalid_api_key", "Incorrect API key provided."))(w, r)
					return
				}
				apitest.Answer(200, "application/json", `{"object":"list","data":[]}`)(w, r)
			})
			got, err := testClient(s.URL+"/v1", apitest.FakeKey).AcceptsKey(t.Context(), tc.value)
			if got != tc.want || err != nil {
				t.Errorf("%s\nAccepts: want %t, got %t and %v", tc.reason, tc.want, got, err)
			}
			if n := s.Requests.Load(); n != tc.sent {
				t.Errorf("%s\ncalls: want %d, got %d", tc.reason, tc.sent, n)
			}
		})
	}
}
