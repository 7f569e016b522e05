// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// scopesMissing is OpenAI's message as recorded.
func scopesMissing(scopes ...string) string {
	return "You have insufficient permissions for this operation. Missing scopes: " + strings.Join(scopes, ", ") +
		". Check that you have the correct role in your organization (Reader, Writer, Owner) and project (Member, Owner), and if you're using a restricted API key, that it has the necessary scopes."
}

// failureOf a call that is answered so.
func failureOf(t *testing.T, key string, status int, contentType, body string) *apierror.Error {
	t.Helper()
	s := apitest.Serve(t, apitest.Answer(status, contentType, body))
	_, err := testClient(s.URL+"/v1", key).Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
	var e *apierror.Error
	if !errors.As(err, &e) {
		t.Fatalf("New: want an *Error, got %T: %v", err, err)
	}
	return e
}

// holds reports which of the parts a text lacks, and which of the others it contains.
func holds(s string, parts, others []string) string {
	var wrong []string
	for _, p := range parts {
		if !strings.Contains(s, p) {
			wrong = append(wrong, fmt.Sprintf("want %q in it", p))
		}
	}
	for _, p := range others {
		if strings.Contains(s, p) {
			wrong = append(wrong, fmt.Sprintf("want no %q in it", p))
		}
	}
	return strings.Join(wrong, ", ")
}

const (
	validKey   = "store a valid admin key"
	policy     = "policy"
	ofProjects = "sk-proj-FAKE-not-a-real-key"
)

func TestARefusalSaysWhatHelps(t *testing.T) {
	t.Parallel()
	const invalid = "invalid_request_error"
	cases := map[string]struct {
		reason string
		key    string
		status int
		body   string
		class  apierror.Class
		want   []string
		never  []string
	}{
		"AMissingScopeWithoutACode401": {
			reason: "Most recordings have no code.", status: 401, body: apitest.ErrorBody(invalid, "", scopesMissing("api.management.read")),
			class: apierror.ClassUnauthorized, want: []string{"lacks the permissions api.management.read", "give it these permissions"}, never: []string{validKey},
		},
		"AMissingScopeWithoutACode403": {
			reason: "The same with the other status.", status: 403, body: apitest.ErrorBody(invalid, "", scopesMissing("api.management.read")),
			class: apierror.ClassUnauthorized, want: []string{"lacks the permissions api.management.read", "give it these permissions"}, never: []string{policy},
		},
		"AMissingScopeAsABareString": {
			reason: "Some endpoints answer so.", status: 403, body: fmt.Sprintf(`{"error":%q}`, scopesMissing("api.usage.read")),
			class: apierror.ClassUnauthorized, want: []string{"api.usage.read"}, never: []string{policy, "something between"},
		},
		"AMissingScopeAtTheTop": {
			reason: "A gateway may have unwrapped the error.", status: 403, body: fmt.Sprintf(`{"message":%q}`, scopesMissing("api.usage.read")),
			class: apierror.ClassUnauthorized, want: []string{"api.usage.read"}, never: []string{policy, "something between"},
		},
		"AMissingScopeWithATypeOfItsOwn": {
			reason: "The name may stand in place of the type.", status: 403, body: apitest.ErrorBody("insufficient_permissions", "", "No."),
			class: apierror.ClassUnauthorized, want: []string{"lacks permissions"}, never: []string{policy},
		},
		"AProjectKeyWithoutAdminScopes": {
			reason: "A project's key was stored in place of an admin key.", key: ofProjects, status: 403, body: apitest.ErrorBody(invalid, "", scopesMissing("api.management.read")),
			class: apierror.ClassUnauthorized, want: []string{"api.management.read", "project's API key", "sk-admin-"}, never: []string{policy, "sk-proj-"},
		},
		"ARevokedProjectKey": {
			reason: "As above.", key: ofProjects, status: 401, body: apitest.ErrorBody(invalid, "invalid_api_key", "Incorrect API key provided."),
			class: apierror.ClassUnauthorized, want: []string{"project's API key", "sk-admin-"}, never: []string{"sk-proj-"},
		},
		"AKeyThatIsWrong": {
			reason: "Another key is what helps.", status: 401, body: apitest.ErrorBody(invalid, "", "Incorrect API key provided: sk-admin****fake."),
			class: apierror.ClassUnauthorized, want: []string{validKey, apitest.Origin},
		},
		"AnotherHost": {
			reason: "Data residency.", status: 401,
			body:  `{"error":{"message":"Attempted to access resource with incorrect regional hostname. Please make your request to us.api.openai.com","type":"invalid_request_error","code":"incorrect_hostname","param":null},"status":401}`,
			class: apierror.ClassUnauthorized, want: []string{`"https://us.api.openai.com/v1"`, "gateway at baseURL"}, never: []string{validKey},
		},
		"AnotherHostWithoutACode": {
			reason: "Codes are often null.", status: 401,
			body:  apitest.ErrorBody(invalid, "", "Attempted to access resource with incorrect regional hostname. Please make your request to eu.api.openai.com."),
			class: apierror.ClassUnauthorized, want: []string{`"https://eu.api.openai.com/v1"`}, never: []string{validKey},
		},
		"AnotherHostThatIsNotOpenAIs": {
			reason: "The admin key must go nowhere else because a reply says so.", status: 401,
			body:  apitest.ErrorBody(invalid, "incorrect_hostname", "Please make your request to api.openai.com.example.org or api.openai.com-x.example.org"),
			class: apierror.ClassUnauthorized, want: []string{"baseURL"}, never: []string{validKey, "example.org"},
		},
		"AnAddressThatIsNotAllowed": {
			reason: "An IP allowlist. The address may differ from try to try.", status: 401, body: apitest.ErrorBody(invalid, "ip_not_authorized", "Your IP 203.0.113.7 is not authorized."),
			class: apierror.ClassUnauthorized, want: []string{"IP allowlist"}, never: []string{validKey, "203.0.113"},
		},
		"AnAddressThatIsNotAllowedWithoutACode": {
			reason: "Codes are often null.", status: 403, body: apitest.ErrorBody(invalid, "", "Your IP is not allowed."),
			class: apierror.ClassUnauthorized, want: []string{"IP allowlist"}, never: []string{validKey, policy},
		},
		"AnotherOrganization": {
			reason: "organizationID is wrong.", status: 401, body: apitest.ErrorBody(invalid, "mismatched_organization", "OpenAI-Organization header should match organization for API key"),
			class: apierror.ClassUnauthorized, want: []string{"organizationID", "mismatched_organization"}, never: []string{validKey},
		},
		"AnUnknownOrganization": {
			reason: "organizationID is mistyped.", status: 404, body: apitest.ErrorBody(invalid, "", "No such organization: org-x."),
			class: apierror.ClassUnauthorized, want: []string{"organizationID"}, never: []string{validKey},
		},
		"AnotherProject": {
			reason: "The provider does not send the header.", status: 401, body: apitest.ErrorBody(invalid, "mismatched_project", "OpenAI-Project header should match project for API key"),
			class: apierror.ClassUnauthorized, want: []string{"OpenAI-Project", "gateway"}, never: []string{validKey},
		},
		"AnotherCountry": {
			reason: "Egress in the wrong place.", status: 403, body: apitest.ErrorBody("request_forbidden", "unsupported_country_region_territory", "Country, region, or territory not supported"),
			class: apierror.ClassForbidden, want: []string{"country or region"}, never: []string{policy},
		},
		"ADeactivatedAccount": {
			reason: "Another key of the account does not help.", status: 401, body: apitest.ErrorBody(invalid, "account_deactivated", "The OpenAI account associated with this API key has been deactivated."),
			class: apierror.ClassUnauthorized, want: []string{"deactivated", "another account"}, never: []string{validKey},
		},
		"ACodeThatNobodyKnows": {
			reason: "What it means is not known, but what OpenAI says is.", status: 401, body: apitest.ErrorBody(invalid, "customer_storage_not_ready", "The storage is not ready."),
			class: apierror.ClassUnauthorized, want: []string{"customer_storage_not_ready: The storage is not ready."}, never: []string{validKey},
		},
		"NoCreditByCode": {
			reason: "It has the status of a rate limit.", status: 429, body: apitest.ErrorBody("insufficient_quota", "insufficient_quota", "You exceeded your current quota, please check your plan and billing details."),
			class: apierror.ClassQuota, want: []string{"Billing", "insufficient_quota"}, never: []string{"limit for the Administration API"},
		},
		"NoCreditByType": {
			reason: "Codes are often null.", status: 429, body: apitest.ErrorBody("insufficient_quota", "", "No."),
			class: apierror.ClassQuota, want: []string{"Billing", "insufficient_quota"},
		},
		"NoCreditByWords": {
			reason: "A gateway may have changed the type.", status: 429, body: apitest.ErrorBody(invalid, "", "You exceeded your current quota, please check your plan and billing details."),
			class: apierror.ClassQuota, want: []string{"Billing"},
		},
		"ASpendLimit": {
			reason: "The code says which limit.", status: 429, body: apitest.ErrorBody("insufficient_quota", "project_spend_limit_exceeded", "The project's spend limit is reached."),
			class: apierror.ClassQuota, want: []string{"Limits", "project_spend_limit_exceeded"},
		},
		"AHardLimitOfBilling": {
			reason: "It has been seen as a bad request.", status: 400, body: apitest.ErrorBody(invalid, "billing_hard_limit_reached", "Billing hard limit has been reached"),
			class: apierror.ClassQuota, want: []string{"Billing"}, never: []string{"rejects"},
		},
		"AnAccountThatIsNotPaid": {
			reason: "Recorded with code null.", status: 429, body: apitest.ErrorBody("billing_not_active", "", "Your account is not active, please check your billing details on our website."),
			class: apierror.ClassQuota, want: []string{"Billing", "billing_not_active"},
		},
		"NoCreditByAGateway": {
			reason: "It passes on the code, though not the form.", status: 429, body: `{"error":{"message":"No.","code":"insufficient_quota"}}`,
			class: apierror.ClassQuota, want: []string{"gateway"}, never: []string{"Billing"},
		},
		"ARateLimitWithAnotherType": {
			reason: "The code counts.", status: 429, body: apitest.ErrorBody("insufficient_quota", "rate_limit_exceeded", "Rate limit reached, try again in 20s."),
			class: apierror.ClassThrottled, want: []string{"rate limit"}, never: []string{"money"},
		},
		"APolicyAboutKeys": {
			reason: "No account was deactivated.", status: 403, body: apitest.ErrorBody(invalid, "", "Your organization has deactivated user API keys."),
			class: apierror.ClassForbidden, want: []string{policy, "deactivated user API keys"}, never: []string{"another account"},
		},
		"ASuspendedServiceAccount": {
			reason: "As above.", status: 403, body: apitest.ErrorBody(invalid, "", "The service account user-1 is suspended."),
			class: apierror.ClassForbidden, want: []string{policy}, never: []string{"another account"},
		},
		"AnInactiveServiceAccount": {
			reason: "It is not about money.", status: 403, body: apitest.ErrorBody(invalid, "", "The service account is not active in project proj_1."),
			class: apierror.ClassForbidden, want: []string{"not active"}, never: []string{"money"},
		},
		"ANameThatReadsLikeTheDefaultProject": {
			reason: "Users choose names.", status: 400, body: apitest.ErrorBody(invalid, "", "A service account named 'default project bot' exists already."),
			class: apierror.ClassInvalid, want: []string{"exists already"}, never: []string{"another project"},
		},
		"ANameThatReadsLikeScopes": {
			reason: "As above.", status: 400, body: apitest.ErrorBody(invalid, "", "Project 'missing scopes: evil.example.com/fix' is archived."),
			class: apierror.ClassInvalid, want: []string{"is archived"}, never: []string{"lacks the permissions"},
		},
		"ANameThatReadsLikeQuotaBehindACode": {
			reason: "As above, at the beginning: the code counts.", status: 400, body: apitest.ErrorBody(invalid, "project_archived", "You exceeded your current quota is archived."),
			class: apierror.ClassInvalid, want: []string{"project_archived"}, never: []string{"money"},
		},
		"AnAuthenticationPolicy": {
			reason: "Another key does not help.", status: 401, body: apitest.ErrorBody(invalid, "", "Multi-factor authentication is required."),
			class: apierror.ClassUnauthorized, want: []string{"Multi-factor"}, never: []string{validKey},
		},
		"NotFoundForAnotherReason": {
			reason: "Nothing is gone.", status: 404, body: apitest.ErrorBody(invalid, "ip_not_authorized", "No."),
			class: apierror.ClassUnauthorized, want: []string{"IP allowlist"},
		},
		"NotFoundForWantOfAScope": {
			reason: "As above.", status: 404, body: apitest.ErrorBody(invalid, "", "Your API key does not have the required scope api.management.read."),
			class: apierror.ClassUnauthorized, want: []string{"lacks"},
		},
		"TooEarly": {
			reason: "It passes.", status: 425, body: apitest.ErrorBody(invalid, "", "Too early."),
			class: apierror.ClassTransient, want: []string{"repeated"},
		},
		"ARateLimitThatIsOne": {
			reason: "Pace, not money.", status: 429, body: apitest.ErrorBody("requests", "rate_limit_exceeded", "Rate limit reached for requests."),
			class: apierror.ClassThrottled, want: []string{"rate limit"}, never: []string{"Billing"},
		},
		"TheDefaultProject": {
			reason: "OpenAI lets nobody change it.", status: 400, body: apitest.ErrorBody(invalid, "", "The default project cannot be updated."),
			class: apierror.ClassInvalid, want: []string{"Default project", "Observe"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if tc.key == "" {
				tc.key = apitest.FakeKey
			}
			e := failureOf(t, tc.key, tc.status, "application/json", tc.body)
			if diff := cmp.Diff(tc.class, e.Class); diff != "" {
				t.Errorf("%s\nclass: -want, +got:\n%s", tc.reason, diff)
			}
			if wrong := holds(e.Error(), tc.want, tc.never); wrong != "" {
				t.Errorf("%s\n%s: %s", tc.reason, e, wrong)
			}
		})
	}
}

func TestTheMissingScopesAreNamed(t *testing.T) {
	t.Parallel()
	many := make([]string, 0, 40)
	for i := range cap(many) {
		many = append(many, fmt.Sprintf("api.some.very.long.name.of.a.scope.%02d", i))
	}
	cases := map[string]struct {
		reason  string
		message string
		want    []string
	}{
		"One":          {"The usual.", scopesMissing("api.management.read"), []string{"api.management.read"}},
		"Several":      {"In one order, whatever OpenAI's is.", scopesMissing("b.write", "a.read", "b.write"), []string{"a.read", "b.write"}},
		"More":         {"The list is never cut.", scopesMissing(many...), many},
		"Long":         {"Nor is it if there are many.", scopesMissing(strings.Split(strings.TrimSuffix(strings.Repeat("a.very.long.scope.read,", 40), ","), ",")...), []string{"a.very.long.scope.read"}},
		"WithAnd":      {"In prose.", "Missing scopes: a.read, b.read and c.read", []string{"a.read", "b.read", "c.read"}},
		"Quoted":       {"As a list of Python.", "Missing scopes: ['a.read', 'b.read'].", []string{"a.read", "b.read"}},
		"Singular":     {"One scope.", "Missing scope: a.read.", []string{"a.read"}},
		"NoneNamed":    {"It only says that some are missing.", "You have insufficient permissions for this operation.", nil},
		"AKeyInPlace":  {"What looks like a key is no scope.", "Missing scopes: " + apitest.FakeKey, []string{}},
		"NothingAtAll": {"The list is cut off.", "Missing scopes: ", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := failureOf(t, apitest.FakeKey, http.StatusForbidden, "application/json", apitest.ErrorBody("invalid_request_error", "", tc.message))
			if len(e.Scopes)+len(tc.want) > 0 {
				if diff := cmp.Diff(tc.want, e.Scopes); diff != "" {
					t.Errorf("%s\nscopes: -want, +got:\n%s", tc.reason, diff)
				}
			}
			if wrong := holds(e.Error(), tc.want, []string{apitest.FakeKey}); wrong != "" {
				t.Errorf("%s\n%s: %s", tc.reason, e, wrong)
			}
		})
	}
}

func TestAFailureIsTerminalIfOnlyTheUserCanEndIt(t *testing.T) {
	t.Parallel()
	own := func(status int, code string) *apierror.Error {
		return failureOf(t, apitest.FakeKey, status, "application/json", apitest.ErrorBody("invalid_request_error", code, "No API key can do this."))
	}
	cases := map[string]struct {
		reason string
		e      *apierror.Error
		want   bool
	}{
		"AWrongKey":        {"Another key is needed.", own(401, "invalid_api_key"), true},
		"AWeakKey":         {"Permissions are needed.", own(403, "missing_scope"), true},
		"AHost":            {"Another base URL is needed.", own(401, "incorrect_hostname"), true},
		"APolicy":          {"An administrator is needed.", own(403, ""), true},
		"ARequest":         {"Another spec is needed.", own(400, "invalid_value"), true},
		"Money":            {"Money is needed.", own(429, "insufficient_quota"), true},
		"MoneyByAGateway":  {"It may be the gateway's.", failureOf(t, apitest.FakeKey, 429, "application/json", `{"error":{"message":"No.","code":"insufficient_quota"}}`), false},
		"ARateLimit":       {"Time ends it.", own(429, "rate_limit_exceeded"), false},
		"NotFound":         {"It may be there later.", own(404, ""), false},
		"Conflict":         {"Time ends it.", own(409, ""), false},
		"AServerError":     {"OpenAI ends it.", own(500, ""), false},
		"AFirewallsPage":   {"It proves nothing.", failureOf(t, apitest.FakeKey, 403, "text/html", "<html>"), false},
		"AGatewaysRefusal": {"It proves nothing.", failureOf(t, apitest.FakeKey, 401, "application/json", `{"error":"unauthorized"}`), false},
		"NoAnswer":         {"The network ends it.", transportError(Settings{BaseURL: DefaultBaseURL}, context.DeadlineExceeded), false},
		"HeldBack":         {"The turn comes.", &apierror.Error{Class: apierror.ClassThrottled}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.e.Terminal(); got != tc.want {
				t.Errorf("%s\nTerminal of %q: want %t, got %t", tc.reason, tc.e, tc.want, got)
			}
		})
	}
}
