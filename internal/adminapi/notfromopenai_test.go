// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"net/http"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// TestSuccessesThatAreNone shows that what is no reply of OpenAI is no success either,
// whatever its status: nothing may be concluded from it, and nothing ends the provider.
func TestSuccessesThatAreNone(t *testing.T) {
	cases := map[string]struct {
		reason string
		answer http.HandlerFunc
	}{
		"Null":      {"The SDK makes nothing of it, which was taken for a page of a list.", apitest.Answer(http.StatusOK, "application/json", "null")},
		"AList":     {"Replies of OpenAI are objects.", apitest.Answer(http.StatusOK, "application/json", "[]")},
		"Page":      {"A portal that wants to be signed in to.", apitest.Answer(http.StatusOK, "text/html", "<html>Sign in</html>")},
		"Nothing":   {"A gateway in a hurry.", apitest.Answer(http.StatusNoContent, "", "")},
		"Truncated": {"The connection was cut.", apitest.Answer(http.StatusOK, "application/json", `{"data":[`)},
		"Redirect": {"A redirect of a POST would become a GET, whose reply says nothing of the change.", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere"+r.URL.Path, http.StatusFound)
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := apitest.Serve(t, tc.answer)
			c := &Connection{Client: testClient(s.URL, apitest.FakeKey), Project: "proj_1"}
			if _, err := ProjectAPIKeys.List(t.Context(), c, "proj_1", time.Now()); apierror.ClassOf(err) != apierror.ClassTransient || err == nil {
				t.Errorf("%s\nList: want a transient failure, got %v", tc.reason, err)
			}
			_, err := c.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
			if err == nil || !apierror.OutcomeUnknown(err) {
				t.Errorf("%s\nNew: want a failure that may have been carried out, got %v", tc.reason, err)
			}
		})
	}
}

// TestBlameBelievesOnlyTheProjectItself shows that members do not end because another
// project did, or because nobody can say what became of theirs.
func TestBlameBelievesOnlyTheProjectItself(t *testing.T) {
	notFound := &apierror.Error{Class: apierror.ClassNotFound, Status: http.StatusNotFound, Message: "No such key"}
	cases := map[string]struct {
		reason   string
		project  http.HandlerFunc
		archived bool
		gone     bool
	}{
		"Active":         {"The member is what is not found.", apitest.Answer(http.StatusOK, "application/json", `{"id":"proj_1","status":"active"}`), false, true},
		"Archived":       {"All that was in it has ended.", apitest.Answer(http.StatusOK, "application/json", `{"id":"proj_1","status":"archived"}`), true, false},
		"AnotherProject": {"A cache answers for another one.", apitest.Answer(http.StatusOK, "application/json", `{"id":"proj_2","status":"archived"}`), false, false},
		"NoAnswer":       {"Whether the member or its project is not found is not known.", apitest.Answer(http.StatusBadGateway, "text/html", "<html>"), false, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := apitest.Serve(t, tc.project)
			c := &Connection{Client: testClient(s.URL, apitest.FakeKey), Project: "proj_1"}
			err := c.ToProjectError(t.Context(), notFound)
			if got := apierror.IsProjectArchived(err); got != tc.archived {
				t.Errorf("%s\narchived: want %t, got %v", tc.reason, tc.archived, err)
			}
			if got := apierror.IsNotFound(err) && !apierror.IsProjectError(err); got != tc.gone {
				t.Errorf("%s\nthe member is gone: want %t, got %v", tc.reason, tc.gone, err)
			}
		})
	}
}

// TestUsesThatAreNotRead shows that a key counts as unused only if OpenAI says so.
func TestUsesThatAreNotRead(t *testing.T) {
	cases := map[string]struct {
		reason string
		used   string
		want   bool
	}{
		"Never":      {"OpenAI says null.", `,"last_used_at":null`, false},
		"Once":       {"A time is a use.", `,"last_used_at":1790000000`, true},
		"InWords":    {"A form that is not understood may be a use.", `,"last_used_at":"2026-11-25T12:00:00Z"`, true},
		"FarAhead":   {"Milliseconds may be of a use.", `,"last_used_at":1790000000000`, true},
		"BeforeTime": {"As above.", `,"last_used_at":-5`, true},
		"OutOfRange": {"As above.", `,"last_used_at":-1e300`, true},
		"ABool":      {"As above.", `,"last_used_at":true`, true},
		"AList":      {"As above.", `,"last_used_at":[]`, true},
		"LeftOut":    {"What is not said is not known.", "", true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := apitest.Serve(t, apitest.Answer(http.StatusOK, "application/json", `{"object":"list","has_more":false,"data":[{"id":"key_1","name":"k","created_at":1780000000`+tc.used+`}]}`))
			c := &Connection{Client: testClient(s.URL, apitest.FakeKey), Project: "proj_1"}
			all, err := ProjectAPIKeys.List(t.Context(), c, "proj_1", time.Now())
			if err != nil {
				t.Fatalf("List: %v", err)
			}
			if k, ok := all.Get("key_1"); !ok || (k.LastUsedAt != 0) != tc.want {
				t.Errorf("%s\nused: want %t, got %+v", tc.reason, tc.want, k)
			}
		})
	}
}
