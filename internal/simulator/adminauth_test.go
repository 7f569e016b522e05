// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAdminCallsNeedTheRightCredential(t *testing.T) {
	const (
		reader   = "sk-admin-SIMULATED-reader"
		expiring = "sk-admin-SIMULATED-expiring"
		revoked  = "sk-admin-SIMULATED-revoked"
	)
	f := newFixture(t,
		simulator.WithAdminKey(simulator.AdminKey{Value: simulator.DefaultAdminKey, OrganizationID: simulator.DefaultOrganizationID}),
		simulator.WithAdminKey(simulator.AdminKey{Value: reader, OrganizationID: simulator.DefaultOrganizationID, Scopes: []string{simulator.ScopeManagementRead}}),
		simulator.WithAdminKey(simulator.AdminKey{Value: expiring, OrganizationID: simulator.DefaultOrganizationID, ExpiresAt: start}),
		simulator.WithAdminKey(simulator.AdminKey{Value: revoked, OrganizationID: simulator.DefaultOrganizationID}),
	)
	f.RemoveAdminKey(revoked)
	p := f.project(t)
	projectKey := f.key(t, p, f.account(t, p), newKey{}).Value
	invalid := &problem{Status: 401, Code: "invalid_api_key"}
	lacking := &problem{Status: 401}

	cases := map[string]struct {
		reason    string
		key       string
		opts      []option.RequestOption
		wantRead  *problem
		wantWrite *problem
	}{
		"Admin":       {reason: "An admin key may do everything.", key: simulator.DefaultAdminKey},
		"Wrong":       {reason: "A key that never was.", key: "sk-admin-SIMULATED-wrong", wantRead: invalid, wantWrite: invalid},
		"Expired":     {reason: "An expired admin key.", key: expiring, wantRead: invalid, wantWrite: invalid},
		"Revoked":     {reason: "A removed admin key.", key: revoked, wantRead: invalid, wantWrite: invalid},
		"ReadOnly":    {reason: "An admin key without the scope to write.", key: reader, wantWrite: lacking},
		"ProjectKey":  {reason: "A project key is for the data plane.", key: projectKey, wantRead: lacking, wantWrite: lacking},
		"NoKey":       {reason: "No credential at all has no code.", key: "x", opts: []option.RequestOption{option.WithHeaderDel("Authorization")}, wantRead: &problem{Status: 401}, wantWrite: &problem{Status: 401}},
		"RightHeader": {reason: "The key's own organization.", key: simulator.DefaultAdminKey, opts: []option.RequestOption{option.WithOrganization(simulator.DefaultOrganizationID)}},
		"WrongHeader": {
			reason: "Another organization than the key's.", key: simulator.DefaultAdminKey,
			opts:     []option.RequestOption{option.WithOrganization("org-other")},
			wantRead: &problem{Status: 401, Code: "mismatched_organization"}, wantWrite: &problem{Status: 401, Code: "mismatched_organization"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			admin := adminClient(f.HTTP, tc.key, tc.opts...)
			_, err := admin.Get(t.Context(), p)
			if diff := cmp.Diff(tc.wantRead, refused(err)); diff != "" {
				t.Errorf("\n%s\nread: -want, +got:\n%s", tc.reason, diff)
			}
			_, err = admin.Update(t.Context(), p, openai.AdminOrganizationProjectUpdateParams{Name: openai.String("team-a")})
			if diff := cmp.Diff(tc.wantWrite, refused(err)); diff != "" {
				t.Errorf("\n%s\nwrite: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestOrganizationsSeeTheirOwnProjectsOnly(t *testing.T) {
	f := newFixture(t)
	const key = "sk-admin-SIMULATED-other"
	f.AddAdminKey(simulator.AdminKey{Value: key, OrganizationID: "org-other"})
	p := f.project(t)
	_, err := adminClient(f.HTTP, key).Get(t.Context(), p)
	if diff := cmp.Diff(&problem{Status: 404}, refused(err)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	if one, other := f.DefaultProjectID(simulator.DefaultOrganizationID), f.DefaultProjectID("org-other"); one == other || other == "" {
		t.Errorf("default projects: %q and %q", one, other)
	}
}

func TestRepliesNameTheOrganization(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	get := func(id string) string {
		var res *http.Response
		_, _ = adminClient(f.HTTP, simulator.DefaultAdminKey, option.WithResponseInto(&res)).Get(t.Context(), id)
		return res.Header.Get("openai-organization")
	}
	for what, id := range map[string]string{"a project": p, "no project": "proj_x"} {
		if got := get(id); got != simulator.DefaultOrganizationID {
			t.Errorf("reply about %s: want %q, got %q", what, simulator.DefaultOrganizationID, got)
		}
	}
	f.SetQuirks(simulator.Quirks{NoOrganizationHeader: true})
	if got := get(p); got != "" {
		t.Errorf("reply without the header: got %q", got)
	}
}

func TestAWrongCredentialIsNotRepeatedInFull(t *testing.T) {
	f := newFixture(t)
	_, err := adminClient(f.HTTP, "sk-admin-SIMULATED-wrong-abcd").Get(t.Context(), "proj_x")
	want := &problem{
		Status: 401, Code: "invalid_api_key",
		Message: "Incorrect API key provided: sk-admi****abcd. You can find your API key at https://platform.openai.com/account/api-keys.",
	}
	if diff := cmp.Diff(want, problemOf(err)); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestRefusalsOfScopesHaveTheObservedForms(t *testing.T) {
	const reader = "sk-admin-SIMULATED-reader"
	cases := map[string]struct {
		reason     string
		quirks     simulator.Quirks
		wantStatus int
		wantObject bool
		wantCode   string
	}{
		"Default":    {reason: "401 and an object with code null.", wantStatus: 401, wantObject: true},
		"Forbidden":  {reason: "403 and an object with code null.", quirks: simulator.Quirks{MissingScopeStatus: 403}, wantStatus: 403, wantObject: true},
		"Coded":      {reason: "A code.", quirks: simulator.Quirks{MissingScopeCode: true}, wantStatus: 401, wantObject: true, wantCode: "missing_scope"},
		"BareString": {reason: "403 and a string, which the SDK fails to read: its error then has no status.", quirks: simulator.Quirks{MissingScopeStatus: 403, BareStringErrors: true}, wantStatus: 403},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t, simulator.WithQuirks(tc.quirks))
			f.AddAdminKey(simulator.AdminKey{Value: reader, OrganizationID: simulator.DefaultOrganizationID, Scopes: []string{simulator.ScopeManagementRead}})
			var raw *http.Response
			_, err := adminClient(f.HTTP, reader).New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"}, option.WithResponseInto(&raw))
			if raw == nil || raw.StatusCode != tc.wantStatus {
				t.Fatalf("\n%s\nreply: want status %d, got %+v, %v", tc.reason, tc.wantStatus, raw, err)
			}
			var e *openai.Error
			if object := errors.As(err, &e) && strings.Contains(e.Message, "Missing scopes: "+simulator.ScopeManagementWrite); object != tc.wantObject || (object && e.Code != tc.wantCode) {
				t.Errorf("\n%s\nthe SDK reads an object: want %t, got %t (%v)", tc.reason, tc.wantObject, object, err)
			}
		})
	}
}

func TestEveryReplyHasItsOwnRequestID(t *testing.T) {
	f := newFixture(t)
	seen := map[string]bool{}
	for _, id := range []string{"proj_x", "proj_x", f.project(t)} {
		var raw *http.Response
		_, _ = f.admin.Get(t.Context(), id, option.WithResponseInto(&raw))
		if raw == nil {
			t.Fatal("no reply")
		}
		got := raw.Header.Get("X-Request-Id")
		if !strings.HasPrefix(got, "req_") || seen[got] {
			t.Errorf("request ID %q, seen before: %t", got, seen[got])
		}
		seen[got] = true
	}
}

func TestTheRateLimitIsPerRouteAndCredentialAndRefills(t *testing.T) {
	const other = "sk-admin-SIMULATED-other"
	f := newFixture(t)
	f.AddAdminKey(simulator.AdminKey{Value: other, OrganizationID: simulator.DefaultOrganizationID})
	p := f.project(t)
	f.SetRateLimit(2)
	get := func(key string) *problem {
		return problemOf(second(adminClient(f.HTTP, key).Get(t.Context(), p)))
	}
	for range 2 {
		if got := get(simulator.DefaultAdminKey); got != nil {
			t.Fatalf("within the limit: %+v", got)
		}
	}
	f.Advance(53063 * time.Millisecond)
	want := &problem{Status: 429, Code: "rate_limit_exceeded", Message: "Rate limit reached for requests. Please try again after 6.937 seconds."}
	if diff := cmp.Diff(want, get(simulator.DefaultAdminKey)); diff != "" {
		t.Errorf("beyond the limit: -want, +got:\n%s", diff)
	}
	if got := get(other); got != nil {
		t.Errorf("another credential: %+v", got)
	}
	if _, err := f.admin.List(t.Context(), openai.AdminOrganizationProjectListParams{}); err != nil {
		t.Errorf("another route: %v", err)
	}
	f.Advance(7 * time.Second)
	if got := get(simulator.DefaultAdminKey); got != nil {
		t.Errorf("after a minute: %+v", got)
	}
}
