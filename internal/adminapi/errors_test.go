// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// TestReplies calls OpenAI with the real SDK, and has it answer in every way that
// was seen or must be expected.
func TestReplies(t *testing.T) {
	const (
		throttled = "OpenAI's rate limit for the Administration API is reached; the call will be repeated"

		throttledElsewhere = "a rate limit of OpenAI, or of a gateway in its place, is reached; the call will be repeated"
		noScopes           = "the admin key from " + apitest.Origin + " lacks "
		grant              = ": give it these permissions under Settings > Organization > Admin keys, or store an admin key there that has them"
	)
	type reply struct {
		status      int
		contentType string
		body        string
	}
	object := func(status int, code, param, message string) reply {
		return reply{status, "application/json", fmt.Sprintf(`{"error":{"message":%q,"type":"invalid_request_error","param":%q,"code":%q}}`, message, param, code)}
	}
	between := func(status string) string {
		return "something between here and OpenAI answers in its place (" + status + "), which proves nothing; the call will be repeated: if it stays, check baseURL and the gateway, proxy or firewall"
	}
	cases := map[string]struct {
		reason string
		reply  reply
		want   apierror.Class
		text   string
	}{
		"NotFound": {
			"OpenAI has no code for it, so that the status decides.",
			object(404, "", "", "No such project"), apierror.ClassNotFound, "OpenAI answers 404: No such project",
		},
		"NotFoundWithoutABody": {
			"OpenAI's own 404 says what it does not find; a gateway's says nothing about it.",
			reply{404, "", ""}, apierror.ClassTransient, between("404"),
		},
		"Throttled": {
			"Nothing was changed, so that it is safe to repeat.",
			object(429, "rate_limit_exceeded", "", "Please try again after 6.937 seconds."), apierror.ClassThrottled, throttled,
		},
		"ThrottledWithABareString": {
			"The status decides, whatever the body.",
			reply{429, "application/json", `{"error":"slow down"}`}, apierror.ClassThrottled, throttledElsewhere,
		},
		"ThrottledWithAPage": {
			"The status decides, whatever the body.",
			reply{429, "text/html", "<html>Too many</html>"}, apierror.ClassThrottled, throttledElsewhere,
		},
		"InvalidKey": {
			"The Secret must be named, and that another key is needed.",
			object(401, "invalid_api_key", "", "Incorrect API key provided: sk-a***key."), apierror.ClassUnauthorized,
			"OpenAI refuses the admin key from " + apitest.Origin + " (401 invalid_api_key): store a valid admin key there, made under Settings > Organization > Admin keys",
		},
		"MissingScope401": {
			"The key is fine, its permissions are not.",
			object(401, "missing_scope", "", "Missing scopes: api.management.write."), apierror.ClassUnauthorized,
			noScopes + "the permissions api.management.write (401 missing_scope)" + grant,
		},
		"MissingScope403": {
			"Some users see 403 for the same.",
			object(403, "missing_scope", "", "Missing scopes: api.management.write."), apierror.ClassUnauthorized,
			noScopes + "the permissions api.management.write (403 missing_scope)" + grant,
		},
		"BareString401": {
			"Some endpoints answer with a string, which the SDK cannot read.",
			reply{401, "application/json", `{"error":"You have insufficient permissions"}`}, apierror.ClassUnauthorized,
			noScopes + "permissions: OpenAI answers 401: You have insufficient permissions" + grant,
		},
		"BareString403": {
			"Some endpoints answer with a string, which the SDK cannot read.",
			reply{403, "application/json", `{"error":"You have insufficient permissions"}`}, apierror.ClassUnauthorized,
			noScopes + "permissions: OpenAI answers 403: You have insufficient permissions" + grant,
		},
		"BareString400": {
			"Only refusals for want of a permission were seen as a bare string.",
			reply{400, "application/json", `{"error":"What?"}`}, apierror.ClassTransient, between("400"),
		},
		"Policy": {
			"Trying again does not help, an administrator does.",
			object(403, "service_account_api_keys_disabled", "", "Disabled for this organization."), apierror.ClassForbidden,
			"a policy of the OpenAI organization or project forbids this: OpenAI answers 403 service_account_api_keys_disabled: Disabled for this organization.",
		},
		"Lifetime": {
			"A policy on lifetimes shows as a bad request.",
			object(400, "api_key_expiration_required", "expires_in_seconds", "API keys must expire."), apierror.ClassForbidden,
			"the OpenAI organization or project limits how long keys live: OpenAI answers 400 api_key_expiration_required: API keys must expire.; set forProvider.expiresIn within that limit",
		},
		"BadRequest": {
			"The request makes no sense to OpenAI.",
			object(400, "invalid_value", "name", "Too long."), apierror.ClassInvalid, "OpenAI rejects the request: it answers 400 invalid_value: Too long.",
		},
		"Unprocessable": {
			"Statuses that OpenAI does not use today are refusals as well.",
			object(422, "", "", "No."), apierror.ClassInvalid, "OpenAI rejects the request: it answers 422: No.",
		},
		"Conflict": {
			"Another change was under way.",
			object(409, "conflict", "", "Try again."), apierror.ClassTransient, "OpenAI refuses for now: it answers 409 conflict: Try again.; the call will be repeated",
		},
		"RequestTimeout": {
			"Whether the call was carried out is unknown.",
			object(408, "", "", "Timeout."), apierror.ClassTransient, "OpenAI fails for now (408); the call will be repeated",
		},
		"ServerError": {
			"Whether the call was carried out is unknown.",
			object(500, "", "", "Sorry about that! req_0123456789abcdef"), apierror.ClassTransient, "OpenAI fails for now (500); the call will be repeated",
		},
		"ProxyPage": {
			"A page would fill the condition and change from try to try.",
			reply{502, "text/html", "<html><body>Bad gateway, ray 8f3c</body></html>"}, apierror.ClassTransient, "OpenAI fails for now (502); the call will be repeated",
		},
		"ForbiddenPage": {
			"A firewall's page is no explanation.",
			reply{403, "text/html", "<html><body>Blocked</body></html>"}, apierror.ClassTransient, between("403"),
		},
		"NotFoundPage": {
			"A gateway without a route for a path answers so.",
			reply{404, "text/html", "<html>Not found</html>"}, apierror.ClassTransient, between("404"),
		},
		"NotFoundByAGateway": {
			"Gateways have errors of their own.",
			reply{404, "application/json", `{"message":"no Route matched with those values"}`}, apierror.ClassTransient, between("404"),
		},
		"NotFoundByAFramework": {
			"A string is not OpenAI's form of a 404.",
			reply{404, "application/json", `{"status":404,"error":"Not Found","path":"/v1"}`}, apierror.ClassTransient, between("404"),
		},
		"NotFoundByAnImitation": {
			"Gateways that imitate OpenAI leave the type out.",
			reply{404, "application/json", `{"error":{"message":"Resource not found","code":"404"}}`}, apierror.ClassTransient, between("404 404"),
		},
		"UnknownURL": {
			"OpenAI does not serve the path, so that no resource is meant.",
			object(404, "", "", "Invalid URL (GET /organization/projects)"), apierror.ClassInvalid, "OpenAI rejects the request: it answers 404: Invalid URL (GET /organization/projects)",
		},
		"CodeThatIsANumber": {
			"OpenAI's codes are words or null; servers that imitate it send the status.",
			reply{404, "application/json", `{"error":{"message":"Gone","type":"invalid_request_error","code":404}}`}, apierror.ClassTransient, between("404"),
		},
		"NotFoundOfAnotherType": {
			"Other APIs say not found in nearly the same form.",
			reply{404, "application/json", `{"type":"error","error":{"type":"not_found_error","message":"Not found"}}`}, apierror.ClassTransient, between("404"),
		},
		"UnknownRequestURL": {
			"No resource is meant by a path that is not served.",
			object(404, "unknown_url", "", "Unknown request URL: GET /v1"), apierror.ClassInvalid, "OpenAI rejects the request: it answers 404 unknown_url: Unknown request URL: GET /v1",
		},
		"ForbiddenByAFramework": {
			"A bare string that speaks of no permission is not OpenAI's.",
			reply{403, "application/json", `{"status":403,"error":"Forbidden"}`}, apierror.ClassTransient, between("403"),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := apitest.Serve(t, apitest.Answer(tc.reply.status, tc.reply.contentType, tc.reply.body))
			_, err := testClient(s.URL+"/v1", apitest.FakeKey).Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})

			var e *apierror.Error
			if !errors.As(err, &e) {
				t.Fatalf("\n%s\nNew: want an *Error, got %T: %v", tc.reason, err, err)
			}
			if e.Status != tc.reply.status {
				t.Errorf("\n%s\nStatus: want %d, got %d", tc.reason, tc.reply.status, e.Status)
			}
			if diff := cmp.Diff(tc.want, apierror.ClassOf(err)); diff != "" {
				t.Errorf("\n%s\nClassOf: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.text, err.Error()); diff != "" {
				t.Errorf("\n%s\nError: -want, +got:\n%s", tc.reason, diff)
			}
			if n := s.Requests.Load(); n != 1 {
				t.Errorf("\n%s\nrequests: want 1, got %d: the SDK would issue two keys", tc.reason, n)
			}
		})
	}
}

// TestSimulatedFaults shows the class of what the simulator knows to go wrong.
func TestSimulatedFaults(t *testing.T) {
	create := simulator.RouteCreateProject
	cases := map[string]struct {
		reason  string
		arrange func(*simulator.HTTP)
		want    apierror.Class
	}{
		"RateLimitHeader": {
			"The wait is in a header.",
			func(s *simulator.HTTP) {
				addFault(t, s, simulator.Fault{Route: create, Kind: simulator.FaultRateLimitHeader, Duration: time.Second})
			},
			apierror.ClassThrottled,
		},
		"RateLimitBody": {
			"The wait is in the text.",
			func(s *simulator.HTTP) {
				addFault(t, s, simulator.Fault{Route: create, Kind: simulator.FaultRateLimitBody, Duration: time.Second})
			},
			apierror.ClassThrottled,
		},
		"RateLimitBare": {
			"The wait is named nowhere.",
			func(s *simulator.HTTP) {
				addFault(t, s, simulator.Fault{Route: create, Kind: simulator.FaultRateLimitBare})
			},
			apierror.ClassThrottled,
		},
		"RevokedAdminKey": {
			"The key was valid a moment ago.",
			func(s *simulator.HTTP) { s.RemoveAdminKey(simulator.DefaultAdminKey) },
			apierror.ClassUnauthorized,
		},
		"ReadOnlyAdminKey": {
			"The key may read only.",
			func(s *simulator.HTTP) { s.AddAdminKey(readOnlyKey) },
			apierror.ClassUnauthorized,
		},
		"ReadOnlyAdminKey403": {
			"The same with the other status.",
			func(s *simulator.HTTP) {
				s.AddAdminKey(readOnlyKey)
				s.SetQuirks(simulator.Quirks{MissingScopeStatus: http.StatusForbidden})
			},
			apierror.ClassUnauthorized,
		},
		"ReadOnlyAdminKeyBareString": {
			"The same in the form that the SDK cannot read.",
			func(s *simulator.HTTP) {
				s.AddAdminKey(readOnlyKey)
				s.SetQuirks(simulator.Quirks{MissingScopeStatus: http.StatusForbidden, BareStringErrors: true})
			},
			apierror.ClassUnauthorized,
		},
		"ResetBefore": {
			"This cannot be distinguished from a reset after the change.",
			func(s *simulator.HTTP) {
				addFault(t, s, simulator.Fault{Route: create, Kind: simulator.FaultResetBefore})
			},
			apierror.ClassTransient,
		},
		"ResetAfter": {
			"The change was carried out.",
			func(s *simulator.HTTP) {
				addFault(t, s, simulator.Fault{Route: create, Kind: simulator.FaultResetAfter})
			},
			apierror.ClassTransient,
		},
		"ErrorAfter": {
			"The change was carried out.",
			func(s *simulator.HTTP) {
				addFault(t, s, simulator.Fault{Route: create, Kind: simulator.FaultReplaceReply})
			},
			apierror.ClassTransient,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			sim, c := startSimulator(t)
			tc.arrange(sim)
			_, err := c.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
			if err == nil {
				t.Fatalf("\n%s\nNew: want an error, got none", tc.reason)
			}
			if diff := cmp.Diff(tc.want, apierror.ClassOf(err)); diff != "" {
				t.Errorf("\n%s\nClassOf: -want, +got:\n%s", tc.reason, diff)
			}
			if apierror.OutcomeUnknown(err) != (tc.want == apierror.ClassTransient) {
				t.Errorf("\n%s\nOutcomeUnknown: got %t for class %s", tc.reason, apierror.OutcomeUnknown(err), tc.want)
			}
			if n := sim.CountCalls(create); n != 1 {
				t.Errorf("\n%s\ncalls: want 1, got %d", tc.reason, n)
			}
		})
	}
}

var readOnlyKey = simulator.AdminKey{
	Value: simulator.DefaultAdminKey, OrganizationID: simulator.DefaultOrganizationID, Scopes: []string{simulator.ScopeManagementRead},
}

func addFault(t *testing.T, s *simulator.HTTP, f simulator.Fault) {
	t.Helper()
	if _, err := s.AddFault(f); err != nil {
		t.Fatalf("AddFault: %v", err)
	}
}

func TestNoErrorHasNoClass(t *testing.T) {
	for name, is := range map[string]func(error) bool{"IsNotFound": apierror.IsNotFound, "IsInvalid": apierror.IsInvalid, "OutcomeUnknown": apierror.OutcomeUnknown} {
		if is(nil) {
			t.Errorf("%s(nil): want false, got true", name)
		}
	}
}

// TestTextsAreStable answers two calls alike but for what OpenAI changes from try
// to try.
func TestTextsAreStable(t *testing.T) {
	cases := map[string]struct {
		reason        string
		first, second string
	}{
		"RequestID":    {"Every reply has another.", "Bad name (request ID req_0123abc).", "Bad name (request ID req_9876def)."},
		"UUID":         {"Some request IDs are UUIDs.", "See 0b6cc1e2-3b3c-4d1e-9a70-7f1f9d7b4a11.", "See 9d3f7a10-0b1c-4e5f-8a9b-aabbccddeeff."},
		"Wait":         {"Waits differ.", "Please try again after 6.937 seconds.", "Please try again after 41 seconds."},
		"Milliseconds": {"Short waits differ.", "Please try again in 320ms.", "Please try again in 1250ms."},
		"MixedWait":    {"Longer waits are in minutes and seconds.", "Please try again in 6m0s.", "Please try again in 1m26.4s."},
		"Key":          {"A redacted key differs after a rotation.", "Key sk-a***xyz.", "Key sk-c***uvw."},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			bodies := []string{tc.first, tc.second}
			var texts []string
			for _, message := range bodies {
				s := apitest.Serve(t, apitest.Answer(http.StatusBadRequest, "application/json", fmt.Sprintf(`{"error":{"message":%q}}`, message)))
				_, err := testClient(s.URL+"/v1", apitest.FakeKey).Organization.Projects.Get(t.Context(), "proj_1")
				texts = append(texts, apitest.Text(err))
			}
			if diff := cmp.Diff(texts[0], texts[1]); diff != "" {
				t.Errorf("\n%s\nError of two calls: -first, +second:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestLongMessagesAreCut keeps a reply that is not an explanation out of conditions.
func TestLongMessagesAreCut(t *testing.T) {
	s := apitest.Serve(t, apitest.Answer(http.StatusBadRequest, "application/json", fmt.Sprintf(`{"error":{"message":%q}}`, strings.Repeat("ä ", 5000))))
	_, err := testClient(s.URL+"/v1", apitest.FakeKey).Organization.Projects.Get(t.Context(), "proj_1")
	var e *apierror.Error
	if !errors.As(err, &e) {
		t.Fatalf("Get: want an *Error, got %v", err)
	}
	if n := len([]rune(e.Message)); n > 300+1 || !strings.HasSuffix(e.Message, "…") {
		t.Errorf("Message: want %d characters and an ellipsis, got %d characters: %q", 300, n, e.Message)
	}
}

// TestNoTextHoldsAKey has OpenAI, or what stands in its place, echo keys.
func TestNoTextHoldsAKey(t *testing.T) {
	const projectKey = "sk-svcacct-FAKE_not-a-real.key"
	cases := map[string]struct {
		reason      string
		status      int
		contentType string
		body        string
	}{
		"Message":            {"The key is in the explanation.", 400, "application/json", `{"error":{"message":"no: ` + apitest.FakeKey + `."}}`},
		"Code":               {"The key is in the code.", 400, "application/json", `{"error":{"message":"no","code":"` + apitest.FakeKey + `"}}`},
		"Param":              {"The key is in the field.", 400, "application/json", `{"error":{"message":"no","param":"` + apitest.FakeKey + `"}}`},
		"BareString":         {"The key is in a bare string.", 403, "application/json", `{"error":"no: ` + apitest.FakeKey + `"}`},
		"MissingScope":       {"The explanation is shown.", 401, "application/json", `{"error":{"message":"no: ` + apitest.FakeKey + `","code":"missing_scope"}}`},
		"InvalidKey":         {"OpenAI echoes a redacted key.", 401, "application/json", `{"error":{"message":"Incorrect API key provided: ` + apitest.FakeKey + `","code":"invalid_api_key"}}`},
		"Page":               {"A proxy shows the headers it got.", 502, "text/html", "<pre>Authorization: Bearer " + apitest.FakeKey + "</pre>"},
		"Quoted":             {"The key is quoted.", 400, "application/json", `{"error":{"message":"no: \"` + apitest.FakeKey + `\""}}`},
		"InTheMiddleOfAWord": {"The key follows an underscore.", 400, "application/json", `{"error":{"message":"no: key_` + apitest.FakeKey + `"}}`},
		"CutOffReply":        {"A new key's value is in a reply that cannot be read.", 200, "application/json", `{"id":"key_1","value":"` + projectKey + `"`},
		"PageWithAKey":       {"A new key's value is in a reply of the wrong type.", 200, "text/html", `{"id":"key_1","value":"` + projectKey + `"}`},
		"ReplyOfAnotherForm": {"A new key's value is in a reply of the wrong form.", 200, "application/json", `["` + projectKey + `"]`},
		"LongMessage":        {"The key is where the message is cut.", 400, "application/json", `{"error":{"message":"` + strings.Repeat("x", 300-12) + " " + apitest.FakeKey + `"}}`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := apitest.Serve(t, apitest.Answer(tc.status, tc.contentType, tc.body))
			_, err := testClient(s.URL+"/v1", apitest.FakeKey).Organization.Projects.ServiceAccounts.APIKeys.New(t.Context(), "proj_1", "user-1", openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
			if tc.status >= 400 && err == nil {
				t.Fatalf("\n%s\nNew: want an error, got none", tc.reason)
			}
			// All fields, not only those that Error shows today.
			if found := apitest.Keys.FindString(fmt.Sprintf("%v %+v", err, errors.Unwrap(err))); found != "" {
				t.Errorf("\n%s\nError holds %q: %v", tc.reason, found, err)
			}
			var e *apierror.Error
			if errors.As(err, &e) {
				if found := apitest.Keys.FindString(fmt.Sprintf("%#v", *e)); found != "" {
					t.Errorf("\n%s\n*Error holds %q", tc.reason, found)
				}
			}
		})
	}
}

// TestAnAdminKeyOfAnotherFormIsRedacted uses a key as a gateway may hand out, which
// does not begin with sk-.
func TestAnAdminKeyOfAnotherFormIsRedacted(t *testing.T) {
	const key = "gateway-token-0123456789"
	s := apitest.Serve(t, apitest.Answer(http.StatusBadRequest, "application/json", `{"error":{"message":"unknown token `+key+`"}}`))
	_, err := testClient(s.URL, key).Organization.Projects.Get(t.Context(), "proj_1")
	if err == nil || strings.Contains(err.Error(), key) {
		t.Errorf("Get: want an error without the admin key, got %v", err)
	}
}

func TestRedact(t *testing.T) {
	cases := map[string]struct{ reason, in, want string }{
		"Key":      {"A whole key.", "a " + apitest.FakeKey + " b", "a sk-… b"},
		"Redacted": {"A redacted key differs from key to key.", "sk-svc***xyz", "sk-…"},
		"Words":    {"A word that contains sk- is none.", "task-force, disk-full", "task-force, disk-full"},
		"Nothing":  {"No key.", "key_abc", "key_abc"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, apierror.Redact(tc.in)); diff != "" {
				t.Errorf("\n%s\nRedact: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
