// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestScopesDecideWhatAKeyMayDo(t *testing.T) {
	denied := &problem{Status: 403}
	cases := map[string]struct {
		reason     string
		scopes     []string
		wantModels *problem
		wantChat   *problem
	}{
		"None":         {reason: "No scopes mean all permissions."},
		"All":          {reason: "All permissions.", scopes: []string{"api.all"}},
		"ReadOnly":     {reason: "Read only allows to list models.", scopes: []string{"api.all.read"}, wantChat: denied},
		"ModelRead":    {reason: "The short name of the scope.", scopes: []string{"model.read"}, wantChat: denied},
		"APIModelRead": {reason: "The long name of the scope.", scopes: []string{"api.model.read"}, wantChat: denied},
		"ModelRequest": {reason: "Requests alone do not list models.", scopes: []string{"model.request", "api.model.request"}, wantModels: denied},
		"Unrelated":    {reason: "Scopes for something else.", scopes: []string{"api.files.read"}, wantModels: denied, wantChat: denied},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p := f.project(t)
			k := f.key(t, p, f.account(t, p), newKey{Scopes: tc.scopes})
			if diff := cmp.Diff(tc.wantModels, refused(f.listModels(t.Context(), k.Value))); diff != "" {
				t.Errorf("\n%s\nlist models: -want, +got:\n%s", tc.reason, diff)
			}
			_, err := f.chat(t.Context(), k.Value)
			if diff := cmp.Diff(tc.wantChat, refused(err)); diff != "" {
				t.Errorf("\n%s\nchat completion: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestChangingScopesInPlaceTakesEffect(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	k := f.key(t, p, f.account(t, p), newKey{})
	if said, err := f.chat(t.Context(), k.Value); err != nil || said == "" {
		t.Fatalf("chat completion with all permissions: %q, %v", said, err)
	}

	set := func(scopes []string) {
		t.Helper()
		_, err := f.admin.APIKeys.Update(t.Context(), p, k.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{Scopes: scopes})
		if err != nil {
			t.Fatal(err)
		}
	}
	set([]string{"api.all.read"})
	_, err := f.chat(t.Context(), k.Value)
	if diff := cmp.Diff(&problem{Status: 403}, refused(err)); diff != "" {
		t.Errorf("narrowed: -want, +got:\n%s", diff)
	}
	set([]string{})
	if _, err := f.chat(t.Context(), k.Value); err != nil {
		t.Errorf("no scopes again mean all permissions: %v", err)
	}
}

func TestOnlyLiveKeysAuthenticate(t *testing.T) {
	cases := map[string]struct {
		reason string
		kill   func(t *testing.T, f fixture, projectID, keyID string)
		want   *problem
	}{
		"Live": {reason: "Nothing happened.", kill: func(*testing.T, fixture, string, string) {}},
		"NotYetExpired": {
			reason: "A second before its time is up, a key works.",
			kill:   func(_ *testing.T, f fixture, _, _ string) { f.Advance(59 * time.Second) },
		},
		"Expired": {
			reason: "A key stops working when its time is up.",
			kill:   func(_ *testing.T, f fixture, _, _ string) { f.Advance(time.Minute) },
			want:   &problem{Status: 401, Code: "invalid_api_key"},
		},
		"Deleted": {
			reason: "A deleted key does not work.",
			kill: func(t *testing.T, f fixture, p, k string) {
				if _, err := f.admin.APIKeys.Delete(t.Context(), p, k); err != nil {
					t.Fatal(err)
				}
			},
			want: &problem{Status: 401, Code: "invalid_api_key"},
		},
		"ProjectArchived": {
			reason: "Keys of archived projects do not work.",
			kill: func(t *testing.T, f fixture, p, _ string) {
				if _, err := f.admin.Archive(t.Context(), p); err != nil {
					t.Fatal(err)
				}
			},
			want: &problem{Status: 401, Code: "invalid_api_key"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p := f.project(t)
			k := f.key(t, p, f.account(t, p), newKey{ExpiresInSeconds: openai.Int(60)})
			tc.kill(t, f, p, k.ID)
			if diff := cmp.Diff(tc.want, refused(f.listModels(t.Context(), k.Value))); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if works := f.Works(k.Value); works != (tc.want == nil) {
				t.Errorf("\n%s\nWorks: got %t", tc.reason, works)
			}
			if live := len(f.LiveKeys(p)); live == 1 != (tc.want == nil) {
				t.Errorf("\n%s\nLiveKeys: got %d", tc.reason, live)
			}
		})
	}
}

func TestTheLastUseOfAKeyIsReported(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	k := f.key(t, p, f.account(t, p), newKey{})
	f.Advance(time.Hour)
	if err := f.listModels(t.Context(), k.Value); err != nil {
		t.Fatal(err)
	}
	got, err := f.admin.APIKeys.Get(t.Context(), p, k.ID)
	if err != nil {
		t.Fatal(err)
	}
	if want := start.Add(time.Hour).Unix(); got.LastUsedAt != want {
		t.Errorf("last_used_at: want %d, got %d", want, got.LastUsedAt)
	}
}

func TestExpiredKeysAreListedUntilDeleted(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	k := f.key(t, p, f.account(t, p), newKey{Name: openai.String("short"), ExpiresInSeconds: openai.Int(1)})
	f.Advance(time.Minute)
	if diff := cmp.Diff([]string{"short"}, f.listKeys(t, p, "any")); diff != "" {
		t.Errorf("by default: -want, +got:\n%s", diff)
	}
	f.SetQuirks(simulator.Quirks{DropExpired: true})
	if diff := cmp.Diff([]string{}, f.listKeys(t, p, "any")); diff != "" {
		t.Errorf("with DropExpired: -want, +got:\n%s", diff)
	}
	if _, err := f.admin.APIKeys.Delete(t.Context(), p, k.ID); err != nil {
		t.Errorf("an expired key can be deleted: %v", err)
	}
}

func TestAnUpdateMovesTheExpiryFromTheTimeOfTheRequest(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	k := f.key(t, p, f.account(t, p), newKey{ExpiresInSeconds: openai.Int(3600)})
	f.Advance(10 * time.Minute)
	got, err := f.admin.APIKeys.Update(t.Context(), p, k.ID, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: 3600})
	if err != nil {
		t.Fatal(err)
	}
	if want := start.Add(70 * time.Minute).Unix(); got.ExpiresAt != want {
		t.Errorf("expires_at: want %d, got %d", want, got.ExpiresAt)
	}
}

func TestHeadersMustMatchTheKey(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	k := f.key(t, p, f.account(t, p), newKey{})
	cases := map[string]struct {
		reason string
		opt    option.RequestOption
		want   *problem
	}{
		"SameOrganization":  {reason: "The key's own organization.", opt: option.WithOrganization(simulator.DefaultOrganizationID)},
		"OtherOrganization": {reason: "Another organization.", opt: option.WithOrganization("org-other"), want: &problem{Status: 401, Code: "mismatched_organization"}},
		"SameProject":       {reason: "The key's own project.", opt: option.WithProject(p)},
		"OtherProject":      {reason: "Another project.", opt: option.WithProject("proj_other"), want: &problem{Status: 401, Code: "mismatched_project"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, refused(f.listModels(t.Context(), k.Value, tc.opt))); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
