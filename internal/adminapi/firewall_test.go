// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"testing"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// TestWhatAFirewallAnswersIsNoWordOfOpenAI shows that a refusal of another product is
// neither a policy of OpenAI's nor its verdict on the admin key, and is tried again as
// soon as any passing failure.
func TestWhatAFirewallAnswersIsNoWordOfOpenAI(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, contentType, body string }{
		"APage":           {"Zscaler, AWS WAF and others.", "text/html", "<html><head><title>403 Forbidden</title></head></html>"},
		"ACloudflarePage": {"A challenge.", "text/html; charset=UTF-8", "<!DOCTYPE html><title>Attention Required! | Cloudflare</title>"},
		"ACloudflareJSON": {"For clients that ask for JSON.", "application/json", `{"type":"https://developers.cloudflare.com/1020","title":"Error 1020: Access denied","status":403,"error_code":1020}`},
		"AnIstioText":     {"An authorization policy of a mesh.", "text/plain", "RBAC: access denied"},
		"AMessage":        {"AWS API Gateway and Kong.", "application/json", `{"message":"Forbidden"}`},
		"ACapitalMessage": {"AWS IAM.", "application/json", `{"Message":"User is not authorized to access this resource with an explicit deny"}`},
		"AFault":          {"Apigee.", "application/json", `{"fault":{"faultstring":"Insufficient scope","detail":{"errorcode":"steps.oauth.v2.InsufficientScope"}}}`},
		"AWord":           {"Frameworks.", "application/json", `{"error":"forbidden"}`},
		"AnOAuthWord":     {"RFC 6750.", "application/json", `{"error":"insufficient_scope","error_description":"The request requires higher privileges"}`},
		"AnAzureError":    {"Azure API Management.", "application/json", `{"statusCode":403,"message":"Access denied due to invalid subscription key."}`},
		"AnAzureCode":     {"Azure OpenAI.", "application/json", `{"error":{"code":"403","message":"Access denied due to Virtual Network/Firewall rules."}}`},
		"AGoogleError":    {"Google Cloud.", "application/json", `{"error":{"code":403,"message":"Permission denied","status":"PERMISSION_DENIED"}}`},
		"AnotherAPI":      {"Anthropic's form.", "application/json", `{"type":"error","error":{"type":"permission_error","message":"Not allowed"}}`},
		"AProblem":        {"RFC 9457.", "application/problem+json", `{"type":"about:blank","title":"Forbidden","status":403}`},
		"Nothing":         {"A load balancer.", "", ""},
		"Null":            {"JSON that says nothing.", "application/json", "null"},
		"AnIPMessage":     {"The firewall's allowlist is not OpenAI's.", "application/json", `{"error":"Your IP is not allowed"}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, status := range []int{401, 403, 407, 451} {
				e := failureOf(t, apitest.FakeKey, status, tc.contentType, tc.body)
				if !e.NotFromOpenAI || !apierror.OutcomeUnknown(e) || e.Terminal() {
					t.Errorf("%s\n%d: want a passing failure of something else than OpenAI, got %+v", tc.reason, status, *e)
				}
				if wrong := holds(e.Error(), []string{"gateway", "firewall"}, []string{policy, validKey}); wrong != "" {
					t.Errorf("%s\n%d: %s: %s", tc.reason, status, e, wrong)
				}
			}
		})
	}
}

func TestTheWaitAfterARefusalFitsWhoRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		status int
		body   string
		waits  bool
		turn   bool
	}{
		"APolicy":    {"People change policies.", 403, apitest.ErrorBody("invalid_request_error", "", "Not allowed."), true, false},
		"Money":      {"People pay. It is no rate limit.", 429, apitest.ErrorBody("insufficient_quota", "insufficient_quota", "No."), true, false},
		"AFirewall":  {"It may be over at once.", 403, "<html>", false, false},
		"AKey":       {"It is stored at any time.", 401, apitest.ErrorBody("invalid_request_error", "invalid_api_key", "No."), false, false},
		"ARateLimit": {"It has a turn.", 429, apitest.ErrorBody("requests", "rate_limit_exceeded", "No."), false, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apitest.Serve(t, apitest.Answer(tc.status, "application/json", tc.body))
			ctx, state := reconcilestate.New(t.Context(), "")
			_, err := testClient(s.URL+"/v1", apitest.FakeKey).Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: "p"})
			if err == nil {
				t.Fatal("New: want an error, got none")
			}
			if got := state.Wait() > 0; got != tc.waits {
				t.Errorf("%s\nwaits: want %t, got %v", tc.reason, tc.waits, state.Wait())
			}
			if _, got := state.Throttled(); got != tc.turn {
				t.Errorf("%s\nwaits for the rate limit: want %t, got %t", tc.reason, tc.turn, got)
			}
		})
	}
}
