// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

var redirects = []int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect}

// redirecting answers every call with a redirect, in whose body is an error of OpenAI's
// form. It fails the test if anybody follows.
func redirecting(t *testing.T, status int, elsewhere bool) *apitest.Counter {
	t.Helper()
	followed := func(r *http.Request) { t.Errorf("%d was followed: %s %s", status, r.Method, r.URL) }
	target := ""
	if elsewhere {
		target = apitest.Serve(t, func(_ http.ResponseWriter, r *http.Request) { followed(r) }).URL
	}
	return apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/followed") {
			followed(r)
			return
		}
		w.Header().Set("Location", target+"/followed"+r.URL.Path)
		apitest.Answer(status, "application/json", apitest.ErrorBody("invalid_request_error", "invalid_api_key", "Incorrect API key provided."))(w, r)
	})
}

// TestNoRedirectIsFollowed shows that a call is made where it was meant to be, and that
// neither success nor refusal is concluded from a redirect.
func TestNoRedirectIsFollowed(t *testing.T) {
	t.Parallel()
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete, http.MethodPatch} {
		for _, status := range redirects {
			for _, elsewhere := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s%dElsewhere%t", method, status, elsewhere), func(t *testing.T) {
					t.Parallel()
					s := redirecting(t, status, elsewhere)
					c := openai.Client{Options: testClient(s.URL+"/v1", apitest.FakeKey).Options}
					err := c.Execute(t.Context(), method, "organization/projects/proj_1", struct{}{}, &struct{}{})
					if err == nil || !apierror.OutcomeUnknown(err) || apierror.HadNoEffect(err) {
						t.Errorf("want a failure after which a change may have been carried out, got %v", err)
					}
					if n := s.Requests.Load(); n != 1 {
						t.Errorf("requests: want 1, got %d", n)
					}
				})
			}
		}
	}
}

func TestARedirectProvesNothingOfAKey(t *testing.T) {
	t.Parallel()
	for _, status := range redirects {
		for _, elsewhere := range []bool{false, true} {
			t.Run(fmt.Sprintf("%dElsewhere%t", status, elsewhere), func(t *testing.T) {
				t.Parallel()
				s := redirecting(t, status, elsewhere)
				ok, err := testClient(s.URL+"/v1", apitest.FakeKey).AcceptsKey(t.Context(), "sk-svcacct-FAKE-of-a-user-that-is-long-enough")
				if ok || err == nil || !strings.Contains(err.Error(), "gateway") {
					t.Errorf("want an error that names what may be in between, got %t, %v", ok, err)
				}
			})
		}
	}
}

func TestAStatusWithoutAReplyIsNeitherSuccessNorRefusal(t *testing.T) {
	t.Parallel()
	const refusal = `{"error":{"message":"No.","type":"invalid_request_error","param":null,"code":"invalid_value"}}`
	cases := map[string]struct {
		reason string
		raw    string
	}{
		"SwitchingProtocols": {"What follows is no reply, and may never end.", "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n{}"},
		"NoContent":          {"OpenAI says what it did.", "HTTP/1.1 204 No Content\r\n\r\n"},
		"ResetContent":       {"As above.", "HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n"},
		"Empty":              {"As above.", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
		"MultipleChoices":    {"It is no refusal, whatever its body.", fmt.Sprintf("HTTP/1.1 300 Multiple Choices\r\nContent-Length: %d\r\n\r\n%s", len(refusal), refusal)},
		"NotModified":        {"A cache answers.", "HTTP/1.1 304 Not Modified\r\n\r\n"},
		"UnknownRedirect":    {"It is no refusal, whatever its body.", fmt.Sprintf("HTTP/1.1 399 Odd\r\nContent-Length: %d\r\n\r\n%s", len(refusal), refusal)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := testClient(serveRaw(t, func(string) string { return tc.raw })+"/v1", apitest.FakeKey)
			_, err := c.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
			if err == nil || !apierror.OutcomeUnknown(err) || apierror.HadNoEffect(err) {
				t.Errorf("%s\nwant a failure after which the project may have been made, got %v", tc.reason, err)
			}
		})
	}
}
