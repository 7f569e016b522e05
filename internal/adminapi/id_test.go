// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

func TestNoCallIsMadeWithWhatCannotBeAnID(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, id string
		sent       bool
	}{
		"Key":            {reason: "OpenAI's own.", id: "key_abc123", sent: true},
		"RateLimit":      {reason: "Models have dots.", id: "rl-gpt-4.1", sent: true},
		"FineTuned":      {reason: "And colons.", id: "rl-ft:gpt-4o-mini-2024-07-18:org::abc", sent: true},
		"PredefinedRole": {reason: "And underscores.", id: "role-api-project-owner__proj_abc", sent: true},
		"Verb":           {reason: "It is the ID of a resource here.", id: "archive", sent: true},
		"Up":             {reason: "A gateway that cleans paths crosses projects.", id: "../../proj_other/service_accounts/user-1"},
		"Dots":           {reason: "As above.", id: ".."},
		"Dot":            {reason: "As above.", id: "."},
		"Slash":          {reason: "Another collection.", id: "user-1/api_keys"},
		"Encoded":        {reason: "A gateway that decodes once more.", id: "..%2F..%2Fproj_other"},
		"Backslash":      {reason: "Some take it for a slash.", id: `..\..\proj_other`},
		"FullWidth":      {reason: "Some make it a slash.", id: "..／proj_other"},
		"Query":          {reason: "The rest would be another part of the URL.", id: "user-1?x=y"},
		"Fragment":       {reason: "As above.", id: "user-1#x"},
		"Parameter":      {reason: "As above.", id: "user-1;x=y"},
		"NewLine":        {reason: "Another header, for who is careless.", id: "user-1\r\nX: y"},
		"Null":           {reason: "The end of a text, for some.", id: "user-1\x00"},
		"Space":          {reason: "No ID has one.", id: "user 1"},
		"Long":           {reason: "No ID is.", id: strings.Repeat("x", 257)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"", "/v1", "/a b/%2e/v1"} {
				sent := false
				srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					sent = true
					w.WriteHeader(http.StatusNotFound)
				}))
				t.Cleanup(srv.Close)
				c := New(Settings{AdminKey: apitest.FakeKey, BaseURL: srv.URL + path}, ratelimit.New("test", true))
				_, err := c.Organization.Projects.ServiceAccounts.Get(t.Context(), "proj_1", tc.id)
				if sent != tc.sent {
					t.Errorf("%s\nbase path %q: sent: want %t, got %t (%v)", tc.reason, path, tc.sent, sent, err)
				}
				var wrong *apierror.IDError
				if errors.As(err, &wrong) == tc.sent || terminal.Is(err) == tc.sent {
					t.Errorf("%s\nbase path %q: want an error that the user can end: %t, got %v", tc.reason, path, !tc.sent, err)
				}
			}
		})
	}
}
