// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/packages/param"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestCallsThatTheAPIRefuses(t *testing.T) {
	type project = openai.AdminOrganizationProjectNewParams
	type account = openai.AdminOrganizationProjectServiceAccountNewParams
	type keyUpdate = openai.AdminOrganizationProjectAPIKeyUpdateParams
	type target struct{ project, account, key string }

	cases := map[string]struct {
		reason string
		do     func(t *testing.T, f fixture, on target) error
		want   *problem
	}{
		"ProjectWithoutName": {
			reason: "A project needs a name.",
			do:     func(t *testing.T, f fixture, _ target) error { return second(f.admin.New(t.Context(), project{})) },
			want:   &problem{Status: 400, Code: "missing_required_parameter"},
		},
		"UnknownResidency": {
			reason: "The residency must be one that the SDK knows.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.New(t.Context(), project{Name: "p", Residency: "MOON_STORAGE"}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"GeographyAndResidency": {
			reason: "Both must not be given.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.New(t.Context(), project{Name: "p", Residency: "GLOBAL", Geography: openai.String("US")}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"UnknownParameter": {
			reason: "Unknown parameters are refused.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.New(t.Context(), project{Name: "p"}, option.WithJSONSet("colour", "red")))
			},
			want: &problem{Status: 400, Code: "unknown_parameter"},
		},
		"WrongType": {
			reason: "Values of the wrong type are refused.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.New(t.Context(), project{Name: "p"}, option.WithJSONSet("name", 7)))
			},
			want: &problem{Status: 400, Code: "invalid_type"},
		},
		"UnknownProject": {
			reason: "Unknown IDs are not found, without a code.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.Get(t.Context(), "proj_x"))
			},
			want: &problem{Status: 404, Message: "Project with ID proj_x not found"},
		},
		"UnknownServiceAccount": {
			reason: "Unknown IDs are not found, without a code.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.ServiceAccounts.Get(t.Context(), on.project, "user-x"))
			},
			want: &problem{Status: 404, Message: "Service account with ID user-x not found"},
		},
		"UnknownKey": {
			reason: "Unknown IDs are not found, without a code.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.APIKeys.Get(t.Context(), on.project, "key_x"))
			},
			want: &problem{Status: 404, Message: "API key with ID key_x not found"},
		},
		"KeyOfUnknownServiceAccount": {
			reason: "A key needs an owner that exists.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.ServiceAccounts.APIKeys.New(t.Context(), on.project, "user-x", newKey{}))
			},
			want: &problem{Status: 404, Message: "Service account with ID user-x not found"},
		},
		"KeyOfAnotherProject": {
			reason: "A key is found in its own project only.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.APIKeys.Get(t.Context(), f.DefaultProjectID(simulator.DefaultOrganizationID), on.key))
			},
			want: &problem{Status: 404},
		},
		"DefaultProjectArchived": {
			reason: "The Default project cannot be archived.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.Archive(t.Context(), f.DefaultProjectID(simulator.DefaultOrganizationID)))
			},
			want: &problem{Status: 400},
		},
		"DefaultProjectRenamed": {
			reason: "Nor can it be updated.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.Update(t.Context(), f.DefaultProjectID(simulator.DefaultOrganizationID), openai.AdminOrganizationProjectUpdateParams{Name: openai.String("a")}))
			},
			want: &problem{Status: 400},
		},
		"ServiceAccountInDefaultProject": {
			reason: "Service accounts cannot be added to the Default project.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.ServiceAccounts.New(t.Context(), f.DefaultProjectID(simulator.DefaultOrganizationID), account{Name: "a"}))
			},
			want: &problem{Status: 400},
		},
		"AccountOnlyWithExpiry": {
			reason: "There is no key that could expire.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.ServiceAccounts.New(t.Context(), on.project, account{
					Name: "a", CreateServiceAccountOnly: openai.Bool(true), ExpiresInSeconds: openai.Int(60),
				}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"RoleNone": {
			reason: "A service account cannot lose its role by an update.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.ServiceAccounts.Update(t.Context(), on.project, on.account,
					openai.AdminOrganizationProjectServiceAccountUpdateParams{Role: "none"}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"ExpiryTooShort": {
			reason: "A key lives for a second at least.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.ServiceAccounts.APIKeys.New(t.Context(), on.project, on.account, newKey{ExpiresInSeconds: openai.Int(0)}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"ExpiryTooLong": {
			reason: "A key lives for a year at most.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.ServiceAccounts.APIKeys.New(t.Context(), on.project, on.account, newKey{ExpiresInSeconds: openai.Int(31536001)}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"MalformedScope": {
			reason: "A scope has a form.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.ServiceAccounts.APIKeys.New(t.Context(), on.project, on.account, newKey{Scopes: []string{"Everything!"}}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"EmptyUpdate": {
			reason: "An update of a key changes something.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.APIKeys.Update(t.Context(), on.project, on.key, keyUpdate{}))
			},
			want: &problem{Status: 400, Code: "missing_required_parameter"},
		},
		"NullScopes": {
			reason: "Null is no way to say all permissions.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.APIKeys.Update(t.Context(), on.project, on.key, keyUpdate{}, option.WithJSONSet("scopes", nil)))
			},
			want: &problem{Status: 400, Code: "invalid_type"},
		},
		"NullExpiry": {
			reason: "Null is no way to remove an expiry.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.APIKeys.Update(t.Context(), on.project, on.key, keyUpdate{}, option.WithJSONSet("expires_in_seconds", nil)))
			},
			want: &problem{Status: 400, Code: "invalid_type"},
		},
		"Renamed": {
			reason: "The name of a key is immutable.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.APIKeys.Update(t.Context(), on.project, on.key, keyUpdate{ExpiresInSeconds: 1}, option.WithJSONSet("name", "b")))
			},
			want: &problem{Status: 400, Code: "unknown_parameter"},
		},
		"ExpiredKeyUpdated": {
			reason: "An expired key cannot be revived.",
			do: func(t *testing.T, f fixture, on target) error {
				f.Advance(2 * time.Hour)
				return second(f.admin.APIKeys.Update(t.Context(), on.project, on.key, keyUpdate{ExpiresInSeconds: 3600}))
			},
			want: &problem{Status: 400, Code: "api_key_expired"},
		},
		"OldDeletion": {
			reason: "Keys of service accounts could not always be deleted alone.",
			do: func(t *testing.T, f fixture, on target) error {
				f.SetQuirks(simulator.Quirks{RefuseServiceAccountKeyDelete: true})
				return second(f.admin.APIKeys.Delete(t.Context(), on.project, on.key))
			},
			want: &problem{Status: 400},
		},
		"LimitTooLarge": {
			reason: "A page has at most 100 items.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.List(t.Context(), openai.AdminOrganizationProjectListParams{Limit: openai.Int(101)}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"UnknownCursor": {
			reason: "A page begins after an item that exists, or did.",
			do: func(t *testing.T, f fixture, _ target) error {
				return second(f.admin.List(t.Context(), openai.AdminOrganizationProjectListParams{After: param.NewOpt("proj_x")}))
			},
			want: &problem{Status: 400, Code: "invalid_value"},
		},
		"UnknownURL": {
			reason: "Anything else is no URL of the API.",
			do: func(t *testing.T, f fixture, on target) error {
				return second(f.admin.Certificates.List(t.Context(), on.project, openai.AdminOrganizationProjectCertificateListParams{}))
			},
			want: &problem{Status: 404},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			on := target{project: f.project(t)}
			on.account = f.account(t, on.project)
			on.key = f.key(t, on.project, on.account, newKey{ExpiresInSeconds: openai.Int(3600)}).ID

			err := tc.do(t, f, on)
			got := refused(err)
			if tc.want.Message != "" {
				got = problemOf(err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if keys := f.Keys(on.project); len(keys) != 1 || !keys[0].ExpiresAt.Equal(start.Add(time.Hour)) {
				t.Errorf("\n%s\nthe refused call left something behind: %+v", tc.reason, keys)
			}
		})
	}
}

func TestAnArchivedProjectRefusesItsMembersCalls(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	k := f.key(t, p, sa, newKey{}).ID
	if _, err := f.admin.Archive(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	calls := map[string]error{
		"Update":                second(f.admin.Update(ctx, p, openai.AdminOrganizationProjectUpdateParams{Name: openai.String("b")})),
		"Archive":               second(f.admin.Archive(ctx, p)),
		"NewServiceAccount":     second(f.admin.ServiceAccounts.New(ctx, p, openai.AdminOrganizationProjectServiceAccountNewParams{Name: "a"})),
		"GetServiceAccount":     second(f.admin.ServiceAccounts.Get(ctx, p, sa)),
		"ListServiceAccounts":   second(f.admin.ServiceAccounts.List(ctx, p, openai.AdminOrganizationProjectServiceAccountListParams{})),
		"UpdateServiceAccount":  second(f.admin.ServiceAccounts.Update(ctx, p, sa, openai.AdminOrganizationProjectServiceAccountUpdateParams{Role: "owner"})),
		"DeleteServiceAccount":  second(f.admin.ServiceAccounts.Delete(ctx, p, sa)),
		"NewServiceAccountsKey": second(f.admin.ServiceAccounts.APIKeys.New(ctx, p, sa, newKey{})),
		"GetKey":                second(f.admin.APIKeys.Get(ctx, p, k)),
		"ListKeys":              second(f.admin.APIKeys.List(ctx, p, openai.AdminOrganizationProjectAPIKeyListParams{})),
		"UpdateKey":             second(f.admin.APIKeys.Update(ctx, p, k, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: 9})),
		"DeleteKey":             second(f.admin.APIKeys.Delete(ctx, p, k)),
	}
	for name, err := range calls {
		if diff := cmp.Diff(&problem{Status: 400, Code: "project_archived"}, refused(err)); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", name, diff)
		}
	}
}

func TestThePolicyIsVisibleOnlyInRefusals(t *testing.T) {
	tooLong := &problem{Status: 400, Code: "api_key_expiration_too_long"}
	required := &problem{Status: 400, Code: "api_key_expiration_required"}
	disabled := &problem{Status: 403, Code: "service_account_api_keys_disabled"}
	limited := simulator.Policy{MaxKeyLifetimeSeconds: 3600}
	none := simulator.Policy{ServiceAccountKeysDisabled: true}

	create := func(params newKey) func(*testing.T, fixture, string, string) error {
		return func(t *testing.T, f fixture, p, sa string) error {
			return second(f.admin.ServiceAccounts.APIKeys.New(t.Context(), p, sa, params))
		}
	}
	account := func(params openai.AdminOrganizationProjectServiceAccountNewParams) func(*testing.T, fixture, string, string) error {
		params.Name = "another"
		return func(t *testing.T, f fixture, p, _ string) error {
			return second(f.admin.ServiceAccounts.New(t.Context(), p, params))
		}
	}
	// update changes a key that was made before the policy.
	update := func(before newKey, params openai.AdminOrganizationProjectAPIKeyUpdateParams) func(*testing.T, fixture, string, string) error {
		return func(t *testing.T, f fixture, p, sa string) error {
			policy := f.Policy()
			f.SetPolicy(simulator.Policy{})
			k := f.key(t, p, sa, before)
			f.SetPolicy(policy)
			return second(f.admin.APIKeys.Update(t.Context(), p, k.ID, params))
		}
	}
	type keyUpdate = openai.AdminOrganizationProjectAPIKeyUpdateParams

	cases := map[string]struct {
		reason string
		policy simulator.Policy
		do     func(t *testing.T, f fixture, projectID, accountID string) error
		want   *problem
	}{
		"WithinLimit":      {reason: "At the limit is fine.", policy: limited, do: create(newKey{ExpiresInSeconds: openai.Int(3600)})},
		"AboveLimit":       {reason: "Above the limit is not.", policy: limited, do: create(newKey{ExpiresInSeconds: openai.Int(3601)}), want: tooLong},
		"WithoutExpiry":    {reason: "Keys must expire.", policy: limited, do: create(newKey{}), want: required},
		"FirstKeyForever":  {reason: "So must the first key of an account.", policy: limited, do: account(openai.AdminOrganizationProjectServiceAccountNewParams{}), want: required},
		"AccountOnly":      {reason: "An account alone is fine.", policy: limited, do: account(openai.AdminOrganizationProjectServiceAccountNewParams{CreateServiceAccountOnly: openai.Bool(true)})},
		"UpdateAbove":      {reason: "An update must keep the limit.", policy: limited, do: update(newKey{}, keyUpdate{ExpiresInSeconds: 3601}), want: tooLong},
		"UpdateOfForever":  {reason: "A key that does not expire must get an expiry.", policy: limited, do: update(newKey{}, keyUpdate{Scopes: []string{}}), want: required},
		"UpdateOfExpiring": {reason: "A key that expires keeps its expiry.", policy: limited, do: update(newKey{ExpiresInSeconds: openai.Int(60)}, keyUpdate{Scopes: []string{}})},
		"NoKeys":           {reason: "Keys of service accounts are disabled.", policy: none, do: create(newKey{}), want: disabled},
		"NoFirstKey":       {reason: "So is the first key.", policy: none, do: account(openai.AdminOrganizationProjectServiceAccountNewParams{}), want: disabled},
		"NoKeysAccount":    {reason: "An account alone is fine.", policy: none, do: account(openai.AdminOrganizationProjectServiceAccountNewParams{CreateServiceAccountOnly: openai.Bool(true)})},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p := f.project(t)
			sa := f.account(t, p)
			f.SetPolicy(tc.policy)
			if diff := cmp.Diff(tc.want, refused(tc.do(t, f, p, sa))); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
