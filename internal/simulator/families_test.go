// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAProjectIsCreatedUpdatedAndArchived(t *testing.T) {
	f := newFixture(t)

	p, err := f.admin.New(t.Context(), openai.AdminOrganizationProjectNewParams{
		Name: "team-a", ExternalKeyID: openai.String("ek_1"), Residency: openai.ProjectResidencyEuStorageProcessing,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^proj_[0-9A-Za-z]{24}$`).MatchString(p.ID) {
		t.Errorf("project ID %q has another form", p.ID)
	}
	type state struct {
		Name, ExternalKeyID, Residency, Status string
		CreatedAt, ArchivedAt                  int64
		Object                                 string
	}
	of := func(p *openai.Project) state {
		return state{p.Name, p.ExternalKeyID, string(p.Residency), p.Status, p.CreatedAt, p.ArchivedAt, string(p.Object)}
	}
	want := state{"team-a", "ek_1", "EU_STORAGE_PROCESSING", "active", start.Unix(), 0, "organization.project"}
	if diff := cmp.Diff(want, of(p)); diff != "" {
		t.Errorf("created: -want, +got:\n%s", diff)
	}

	if _, err := f.admin.Update(t.Context(), p.ID, openai.AdminOrganizationProjectUpdateParams{Name: openai.String("team-b")}); err != nil {
		t.Fatal(err)
	}
	got, err := f.admin.Get(t.Context(), p.ID)
	if err != nil {
		t.Fatal(err)
	}
	want.Name = "team-b"
	if diff := cmp.Diff(want, of(got)); diff != "" {
		t.Errorf("updated: -want, +got:\n%s", diff)
	}

	f.Advance(time.Hour)
	if _, err := f.admin.Archive(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	got, err = f.admin.Get(t.Context(), p.ID)
	if err != nil {
		t.Fatalf("an archived project can still be read: %v", err)
	}
	want.Status, want.ArchivedAt = "archived", start.Add(time.Hour).Unix()
	if diff := cmp.Diff(want, of(got)); diff != "" {
		t.Errorf("archived: -want, +got:\n%s", diff)
	}
}

func TestAnExternalKeyIsDetachedByNull(t *testing.T) {
	f := newFixture(t)
	p, err := f.admin.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "team-a", ExternalKeyID: openai.String("ek_1")})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		reason string
		params openai.AdminOrganizationProjectUpdateParams
		want   string
	}{
		{"What is left out stays.", openai.AdminOrganizationProjectUpdateParams{Name: openai.String("team-b")}, "ek_1"},
		{"Null detaches.", openai.AdminOrganizationProjectUpdateParams{ExternalKeyID: param.Null[string]()}, ""},
	} {
		got, err := f.admin.Update(t.Context(), p.ID, step.params)
		if err != nil {
			t.Fatal(err)
		}
		if got.ExternalKeyID != step.want {
			t.Errorf("%s\nencryption key: want %q, got %q", step.reason, step.want, got.ExternalKeyID)
		}
	}
}

func TestArchivedProjectsAreListedOnRequest(t *testing.T) {
	f := newFixture(t)
	id := f.project(t)
	if _, err := f.admin.Archive(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason string
		params openai.AdminOrganizationProjectListParams
		want   []string
	}{
		"WithoutArchived": {
			reason: "An archived project is not listed by default.",
			want:   []string{"Default project"},
		},
		"WithArchived": {
			reason: "An archived project is listed if it is asked for.",
			params: openai.AdminOrganizationProjectListParams{IncludeArchived: openai.Bool(true)},
			want:   []string{"Default project", "team-a"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			page, err := f.admin.List(t.Context(), tc.params)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, p := range page.Data {
				got = append(got, p.Name)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\nList(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAServiceAccountIsCreatedWithAKeyUnlessTheRequestSaysOtherwise(t *testing.T) {
	cases := map[string]struct {
		reason     string
		params     openai.AdminOrganizationProjectServiceAccountNewParams
		wantRole   string
		wantKey    bool
		wantExpiry int64
	}{
		"ByDefault": {
			reason:   "The first key is in the reply, and does not expire.",
			params:   openai.AdminOrganizationProjectServiceAccountNewParams{Name: "robot"},
			wantRole: "member", wantKey: true,
		},
		"WithExpiry": {
			reason:   "The first key expires when asked to.",
			params:   openai.AdminOrganizationProjectServiceAccountNewParams{Name: "robot", ExpiresInSeconds: openai.Int(60)},
			wantRole: "member", wantKey: true, wantExpiry: start.Unix() + 60,
		},
		"Only": {
			reason:   "An account alone has no role and no key.",
			params:   openai.AdminOrganizationProjectServiceAccountNewParams{Name: "robot", CreateServiceAccountOnly: openai.Bool(true)},
			wantRole: "none",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p := f.project(t)
			a, err := f.admin.ServiceAccounts.New(t.Context(), p, tc.params)
			if err != nil {
				t.Fatal(err)
			}
			if !regexp.MustCompile(`^user-[0-9A-Za-z]{24}$`).MatchString(a.ID) {
				t.Errorf("service account ID %q has another form", a.ID)
			}
			if got := string(a.Role); got != tc.wantRole {
				t.Errorf("\n%s\nrole: want %q, got %q", tc.reason, tc.wantRole, got)
			}
			if got := a.JSON.APIKey.Valid(); got != tc.wantKey {
				t.Errorf("\n%s\nreply has a key: want %t, got %t", tc.reason, tc.wantKey, got)
			}
			if got := f.Works(a.APIKey.Value); got != tc.wantKey {
				t.Errorf("\n%s\nkey works: want %t, got %t", tc.reason, tc.wantKey, got)
			}
			if a.APIKey.ExpiresAt != tc.wantExpiry {
				t.Errorf("\n%s\nexpiry: want %d, got %d", tc.reason, tc.wantExpiry, a.APIKey.ExpiresAt)
			}
		})
	}
}

func TestAServiceAccountIsUpdatedAndDeletedWithItsKeys(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	k := f.key(t, p, sa, newKey{})

	_, err := f.admin.ServiceAccounts.Update(t.Context(), p, sa, openai.AdminOrganizationProjectServiceAccountUpdateParams{
		Name: openai.String("android"), Role: openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleOwner,
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := f.admin.ServiceAccounts.Get(t.Context(), p, sa)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "android" || got.Role != "owner" {
		t.Errorf("updated: got name %q and role %q", got.Name, got.Role)
	}

	gone, err := f.admin.ServiceAccounts.Delete(t.Context(), p, sa)
	if err != nil {
		t.Fatal(err)
	}
	if !gone.Deleted || gone.ID != sa {
		t.Errorf("deletion is not confirmed: %s", gone.RawJSON())
	}
	if f.Works(k.Value) {
		t.Error("the key of a deleted service account still works")
	}
	if diff := cmp.Diff([]string{}, f.listKeys(t, p, "any")); diff != "" {
		t.Errorf("keys of a deleted service account: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(&problem{Status: 404}, refused(second(f.admin.ServiceAccounts.Delete(t.Context(), p, sa)))); diff != "" {
		t.Errorf("second deletion: -want, +got:\n%s", diff)
	}
}

// second is the error of a call whose reply does not matter.
func second[T any](_ T, err error) error { return err }

func TestAKeysValueIsShownOnceAndItsScopesNever(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	k := f.key(t, p, sa, newKey{
		Name: openai.String("checkout"), Scopes: []string{"api.model.read"}, ExpiresInSeconds: openai.Int(3600),
	})
	if !regexp.MustCompile(`^sk-svcacct-SIMULATED-[0-9A-Za-z]{40}$`).MatchString(k.Value) {
		t.Fatal("the value has another form")
	}
	if strings.Contains(k.RawJSON(), "scope") {
		t.Errorf("the reply to the creation has scopes")
	}

	got, err := f.admin.APIKeys.Get(t.Context(), p, k.ID)
	if err != nil {
		t.Fatal(err)
	}
	page, err := f.admin.APIKeys.List(t.Context(), p, openai.AdminOrganizationProjectAPIKeyListParams{})
	if err != nil {
		t.Fatal(err)
	}
	for what, raw := range map[string]string{"Get": got.RawJSON(), "List": page.RawJSON()} {
		// The object that OpenAI's service accounts have is left out for owners.
		if strings.Contains(raw, `"organization.project.service_account"`) {
			t.Errorf("%s: the owner has an object: %s", what, raw)
		}
		if strings.Contains(raw, "scope") || strings.Contains(raw, k.Value) || strings.Contains(raw, `"value"`) {
			t.Errorf("%s shows the value or the scopes", what)
		}
	}

	type state struct {
		Name, Redacted, Owner, OwnerID, OwnerRole, Access, Object string
		CreatedAt, ExpiresAt, LastUsedAt                          int64
	}
	want := state{
		Name: "checkout", Redacted: "sk-svcac" + strings.Repeat("*", 155) + k.Value[len(k.Value)-4:],
		Owner: "service_account", OwnerID: sa, OwnerRole: "member", Access: "active",
		Object: "organization.project.api_key", CreatedAt: start.Unix(), ExpiresAt: start.Unix() + 3600,
	}
	have := state{
		got.Name, got.RedactedValue, got.Owner.Type, got.Owner.ServiceAccount.ID, got.Owner.ServiceAccount.Role,
		string(got.OwnerProjectAccess), string(got.Object), got.CreatedAt, got.ExpiresAt, got.LastUsedAt,
	}
	if diff := cmp.Diff(want, have); diff != "" {
		t.Errorf("Get: -want, +got:\n%s", diff)
	}

	snap, ok := f.KeyByValue(k.Value)
	wantSnap := simulator.KeySnapshot{
		ID: k.ID, Name: "checkout", ProjectID: p, RedactedValue: want.Redacted, ServiceAccountID: sa,
		Scopes: []string{"api.model.read"}, CreatedAt: start, ExpiresAt: start.Add(time.Hour), Works: true,
	}
	if diff := cmp.Diff(wantSnap, snap); !ok || diff != "" {
		t.Errorf("KeyByValue: found %t, -want, +got:\n%s", ok, diff)
	}
	if diff := cmp.Diff([]simulator.KeySnapshot{wantSnap}, f.LiveKeys(p)); diff != "" {
		t.Errorf("LiveKeys: -want, +got:\n%s", diff)
	}
}

func TestDeletingAKeyLeavesItsOwnerAndTheOtherKeys(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	one, two := f.key(t, p, sa, newKey{Name: openai.String("one")}), f.key(t, p, sa, newKey{Name: openai.String("two")})

	gone, err := f.admin.APIKeys.Delete(t.Context(), p, one.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !gone.Deleted || gone.ID != one.ID {
		t.Errorf("deletion is not confirmed: %s", gone.RawJSON())
	}
	if f.Works(one.Value) || !f.Works(two.Value) {
		t.Errorf("works: deleted key %t, other key %t", f.Works(one.Value), f.Works(two.Value))
	}
	if diff := cmp.Diff([]string{"two"}, f.listKeys(t, p, "")); diff != "" {
		t.Errorf("keys: -want, +got:\n%s", diff)
	}
	if _, err := f.admin.ServiceAccounts.Get(t.Context(), p, sa); err != nil {
		t.Errorf("the service account is gone: %v", err)
	}
}

func TestKeysAreListedByTheAccessOfTheirOwners(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	f.key(t, p, f.account(t, p), newKey{Name: openai.String("member's")})
	outsider, err := f.admin.ServiceAccounts.New(t.Context(), p, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: "outsider", CreateServiceAccountOnly: openai.Bool(true),
	})
	if err != nil {
		t.Fatal(err)
	}
	lost := f.key(t, p, outsider.ID, newKey{Name: openai.String("outsider's")})
	if f.Works(lost.Value) {
		t.Error("the key of an owner without access works")
	}
	value, err := f.AddUserKey(p, "person's", "ada@example.org")
	if err != nil {
		t.Fatal(err)
	}
	if !f.Works(value) {
		t.Error("the key of a person does not work")
	}

	cases := map[string]struct {
		reason string
		access openai.AdminOrganizationProjectAPIKeyListParamsOwnerProjectAccess
		want   []string
	}{
		"Omitted":  {reason: "Keys of owners without access are hidden by default.", want: []string{"member's", "person's"}},
		"Active":   {reason: "Only owners with access.", access: "active", want: []string{"member's", "person's"}},
		"Inactive": {reason: "Only owners without access.", access: "inactive", want: []string{"outsider's"}},
		"Any":      {reason: "All keys.", access: "any", want: []string{"member's", "outsider's", "person's"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, f.listKeys(t, p, tc.access)); diff != "" {
				t.Errorf("\n%s\nList(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
