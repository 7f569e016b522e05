// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"maps"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// edit changes a record of the default organization without a call.
func (f fixture) edit(tb testing.TB, name string, fields body, ids ...string) {
	tb.Helper()
	err := f.Edit(simulator.DefaultOrganizationID, name, func(have map[string]any) {
		maps.Copy(have, fields)
	}, ids...)
	if err != nil {
		tb.Fatal(err)
	}
}

// made creates a record and returns its ID.
func (f fixture) made(tb testing.TB, name string, parents []string, in body) string {
	tb.Helper()
	return idOf(tb, f.must(tb, name, create, parents, in), in)
}

func TestWhatAFamilyRefuses(t *testing.T) {
	bad := func(code string) problem { return problem{Status: http.StatusBadRequest, Code: code} }
	type call struct {
		op  operation
		ids []string
		in  body
	}
	cases := map[string]struct {
		reason string
		family string
		given  func(t *testing.T, f fixture) call
		want   problem
	}{
		"SpendLimitOfNothing": {
			reason: "A limit is a cent at least.",
			family: "projects/spend_limit",
			given: func(t *testing.T, f fixture) call {
				return call{create, []string{f.project(t)}, body{"threshold_amount": 0, "currency": "USD", "interval": "month"}}
			},
			want: bad("invalid_value"),
		},
		"SpendLimitInPart": {
			reason: "The whole body is required.",
			family: "projects/spend_limit",
			given: func(t *testing.T, f fixture) call {
				return call{create, []string{f.project(t)}, body{"threshold_amount": 1, "currency": "USD"}}
			},
			want: bad("missing_required_parameter"),
		},
		"SpendLimitNeverSet": {
			reason: "There is no limit before it is set.",
			family: "projects/spend_limit",
			given:  func(t *testing.T, f fixture) call { return call{get, []string{f.project(t)}, nil} },
			want:   problem{Status: http.StatusNotFound},
		},
		"SpendAlertUpdatedInPart": {
			reason: "An update needs the whole body, too.",
			family: "projects/spend_alerts",
			given: func(t *testing.T, f fixture) call {
				p := f.project(t)
				return call{update, []string{p, f.made(t, "projects/spend_alerts", []string{p}, spendAlertBody(1))}, body{"threshold_amount": 2}}
			},
			want: bad("missing_required_parameter"),
		},
		"UnknownRetention": {
			reason: "The retention must be one that the SDK knows.",
			family: "projects/data_retention",
			given: func(t *testing.T, f fixture) call {
				return call{update, []string{f.project(t)}, body{"retention_type": "forever"}}
			},
			want: bad("invalid_value"),
		},
		"RateLimitAboveTheOrganizations": {
			reason: "A project may have no more than the organization.",
			family: "projects/rate_limits",
			given: func(t *testing.T, f fixture) call {
				return call{update, []string{f.project(t), "rl-gpt-5"}, body{"max_requests_per_1_minute": 501}}
			},
			want: bad("invalid_value"),
		},
		"PredefinedRoleUpdated": {
			reason: "Predefined roles are OpenAI's.",
			family: "projects/roles",
			given: func(t *testing.T, f fixture) call {
				return call{update, []string{f.project(t), "role-api-project-owner"}, body{"role_name": "mine"}}
			},
			want: bad(""),
		},
		"PredefinedRoleDeleted": {
			reason: "Predefined roles are OpenAI's.",
			family: "projects/roles",
			given: func(t *testing.T, f fixture) call {
				return call{remove, []string{f.project(t), "role-api-project-viewer"}, nil}
			},
			want: bad(""),
		},
		"RoleWithATakenName": {
			reason: "Names of roles are unique.",
			family: "projects/roles",
			given: func(t *testing.T, f fixture) call {
				return call{create, []string{f.project(t)}, body{"role_name": "member", "permissions": []string{}}}
			},
			want: problem{Status: http.StatusConflict},
		},
		"RoleWithoutPermissions": {
			reason: "Permissions may be empty, but not missing.",
			family: "projects/roles",
			given: func(t *testing.T, f fixture) call {
				return call{create, []string{f.project(t)}, body{"role_name": "a"}}
			},
			want: bad("missing_required_parameter"),
		},
		"UnknownRoleAssigned": {
			reason: "A role must be there to be assigned.",
			family: "projects/users/roles",
			given: func(t *testing.T, f fixture) call {
				return call{create, []string{f.project(t), f.user(t, 0)}, body{"role_id": "role_x"}}
			},
			want: problem{Status: http.StatusNotFound},
		},
		"InheritedRoleDeleted": {
			reason: "What a group gives cannot be taken from the user.",
			family: "projects/users/roles",
			given: func(t *testing.T, f fixture) call {
				ids := []string{f.project(t), f.user(t, 0), "role-api-project-member"}
				f.inherit(t, ids)
				f.must(t, "projects/users/roles", get, ids, nil)
				return call{remove, ids, nil}
			},
			want: problem{Status: http.StatusNotFound},
		},
		"SCIMGroupUpdated": {
			reason: "The identity provider owns the group.",
			family: "groups",
			given: func(t *testing.T, f fixture) call {
				return call{update, []string{f.scimGroup(t)}, body{"name": "mine"}}
			},
			want: bad(""),
		},
		"SCIMGroupDeleted": {
			reason: "The identity provider owns the group.",
			family: "groups",
			given:  func(t *testing.T, f fixture) call { return call{remove, []string{f.scimGroup(t)}, nil} },
			want:   bad(""),
		},
		"SCIMGroupJoined": {
			reason: "The identity provider owns the group's members.",
			family: "groups/users",
			given: func(t *testing.T, f fixture) call {
				return call{create, []string{f.scimGroup(t)}, body{"user_id": f.user(t, 0)}}
			},
			want: bad(""),
		},
		"SCIMGroupLeft": {
			reason: "The identity provider owns the group's members.",
			family: "groups/users",
			given: func(t *testing.T, f fixture) call {
				g, u := f.made(t, "groups", nil, body{"name": "g"}), f.user(t, 0)
				f.made(t, "groups/users", []string{g}, body{"user_id": u})
				f.edit(t, "groups", body{"is_scim_managed": true}, g)
				return call{remove, []string{g, u}, nil}
			},
			want: bad(""),
		},
		"StrangerInAGroup": {
			reason: "Members of groups are users or service accounts of the organization.",
			family: "groups/users",
			given: func(t *testing.T, f fixture) call {
				return call{create, []string{f.made(t, "groups", nil, body{"name": "g"})}, body{"user_id": "user-x"}}
			},
			want: problem{Status: http.StatusNotFound},
		},
		"LastOwnerDeleted": {
			reason: "An organization keeps an owner.",
			family: "users",
			given:  func(t *testing.T, f fixture) call { return call{remove, []string{f.owner(t)}, nil} },
			want:   bad(""),
		},
		"LastOwnerDemoted": {
			reason: "An organization keeps an owner.",
			family: "users",
			given:  func(t *testing.T, f fixture) call { return call{update, []string{f.owner(t)}, body{"role": "reader"}} },
			want:   bad(""),
		},
		"SCIMUserDeleted": {
			reason: "The identity provider owns the user.",
			family: "users",
			given: func(t *testing.T, f fixture) call {
				u := f.user(t, 0)
				f.edit(t, "users", body{"is_scim_managed": true}, u)
				return call{remove, []string{u}, nil}
			},
			want: bad(""),
		},
		"IdentityProviderWithRules": {
			reason: "The rules go first.",
			family: "workload_identity_providers",
			given: func(t *testing.T, f fixture) call {
				g := familyCases["workload_identity_providers/federation_rules"].given(t, f)
				f.made(t, "workload_identity_providers/federation_rules", g.parents, g.create(0))
				return call{remove, g.parents, nil}
			},
			want: bad(""),
		},
		"VerificationWithoutURL": {
			reason: "A discovery URL may be null, but not missing.",
			family: "workload_identity_providers",
			given: func(*testing.T, fixture) call {
				in := providerBody(0)
				in["verification"] = body{"type": "discovery"}
				return call{create, nil, in}
			},
			want: bad("invalid_value"),
		},
		"RuleForAnArchivedProject": {
			reason: "A rule is for a project that is there.",
			family: "workload_identity_providers/federation_rules",
			given: func(t *testing.T, f fixture) call {
				g := familyCases["workload_identity_providers/federation_rules"].given(t, f)
				in := g.create(0)
				f.must(t, "projects", remove, []string{in["project_id"].(string)}, nil)
				return call{create, g.parents, in}
			},
			want: bad("project_archived"),
		},
		"RuleThatMatchesAList": {
			reason: "Matchers are strings, booleans and numbers.",
			family: "workload_identity_providers/federation_rules",
			given: func(t *testing.T, f fixture) call {
				g := familyCases["workload_identity_providers/federation_rules"].given(t, f)
				in := g.create(0)
				in["attribute_matchers"] = body{"sub": []string{"a"}}
				return call{create, g.parents, in}
			},
			want: bad("invalid_value"),
		},
		"RestrictedRuleWithoutScopes": {
			reason: "A restriction needs scopes.",
			family: "workload_identity_providers/federation_rules",
			given: func(t *testing.T, f fixture) call {
				g := familyCases["workload_identity_providers/federation_rules"].given(t, f)
				in := g.create(0)
				in["permissions"] = body{"type": "restricted"}
				return call{create, g.parents, in}
			},
			want: bad("invalid_value"),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			c := tc.given(t, f)
			if diff := cmp.Diff(tc.want, f.refusal(t, tc.family, c.op, c.ids, c.in)); diff != "" {
				t.Errorf("\n%s\n%s of %s: -want, +got:\n%s", tc.reason, c.op, tc.family, diff)
			}
		})
	}
}

func (f fixture) scimGroup(tb testing.TB) string {
	tb.Helper()
	g := f.made(tb, "groups", nil, body{"name": "g"})
	f.edit(tb, "groups", body{"is_scim_managed": true}, g)
	return g
}

// owner adds the only owner of the organization, beside another user.
func (f fixture) owner(tb testing.TB) string {
	tb.Helper()
	f.user(tb, 0)
	id, err := f.AddUser(simulator.User{Email: "owner@example.org", Role: "owner"})
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

// inherit gives the user the role through the group "group_test".
func (f fixture) inherit(tb testing.TB, ids []string) {
	tb.Helper()
	if err := f.InheritProjectRole(simulator.DefaultOrganizationID, ids[0], ids[1], ids[2], "group_test"); err != nil {
		tb.Fatal(err)
	}
}

func TestTheReplyToAWriteDoesNotLag(t *testing.T) {
	f := newFixture(t)
	mustAddFault(t, f.Server, simulator.Fault{Route: simulator.RouteUpdateProjectAPIKey, Kind: simulator.FaultLag})
	p := f.project(t)
	a := f.account(t, p)
	reply := f.must(t, "projects/api_keys", update, []string{p, f.key(t, p, a, newKey{}).ID}, body{"scopes": []string{}})
	if diff := contains(body{"owner_project_access": "active"}, reply); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestARateLimitIgnoresNumbersThatItsModelLacks(t *testing.T) {
	f := newFixture(t)
	reply := f.must(t, "projects/rate_limits", update, []string{f.project(t), "rl-gpt-5"}, body{"max_images_per_1_minute": 1, "max_tokens_per_1_minute": 5})
	if _, there := reply["max_images_per_1_minute"]; there || reply["max_tokens_per_1_minute"] != 5.0 {
		t.Errorf("reply: %v", reply)
	}
}

func TestASpendAlertSetsTheLimitByAQuirk(t *testing.T) {
	for _, quirk := range []bool{false, true} {
		f := newFixture(t, simulator.WithQuirks(simulator.Quirks{SpendAlertSetsLimit: quirk}))
		p := []string{f.project(t)}
		f.must(t, "projects/spend_limit", create, p, spendLimitBody)
		f.must(t, "projects/spend_alerts", create, p, spendAlertBody(5))
		want := 1000.0
		if quirk {
			want = 5
		}
		if got := f.must(t, "projects/spend_limit", get, p, nil)["threshold_amount"]; got != want {
			t.Errorf("with the quirk %t: the limit is %v, want %v", quirk, got, want)
		}
	}
}

func TestAPredefinedRoleHasTwoIDs(t *testing.T) {
	f := newFixture(t)
	p, u := f.project(t), f.user(t, 0)
	f.must(t, "projects/users/roles", create, []string{p, u}, body{"role_id": "role-api-project-viewer"})
	long := "role-api-project-viewer__api-project__" + p
	for _, id := range []string{"role-api-project-viewer", long} {
		for _, at := range []struct {
			family string
			ids    []string
		}{{"projects/roles", []string{p, id}}, {"projects/users/roles", []string{p, u, id}}} {
			if got := f.must(t, at.family, get, at.ids, nil)["id"]; got != long {
				t.Errorf("%s at %q: ID %v, want %q", at.family, at.ids, got, long)
			}
		}
	}
	f.must(t, "projects/users/roles", remove, []string{p, u, "role-api-project-viewer"}, nil)
}

func TestAnInheritedRoleOutlivesTheDirectOne(t *testing.T) {
	f := newFixture(t)
	ids := []string{f.project(t), f.user(t, 0), "role-api-project-member"}
	group := body{"principal_id": "group_test", "principal_type": "group"}
	sources := func(when string, want ...any) {
		t.Helper()
		if diff := cmp.Diff(body{"assignment_sources": want}, body{"assignment_sources": f.must(t, "projects/users/roles", get, ids, nil)["assignment_sources"]}); diff != "" {
			t.Errorf("%s: -want, +got:\n%s", when, diff)
		}
	}
	f.inherit(t, ids)
	sources("inherited", group)
	f.must(t, "projects/users/roles", create, ids[:2], body{"role_id": ids[2]})
	sources("inherited and direct", group, body{"principal_id": ids[1], "principal_type": "user"})
	f.must(t, "projects/users/roles", remove, ids, nil)
	sources("inherited again", group)
}

func TestADeletedRoleIsAssignedToNobody(t *testing.T) {
	f := newFixture(t)
	p, u := f.project(t), f.user(t, 0)
	r := f.made(t, "projects/roles", []string{p}, body{"role_name": "r", "permissions": []string{}})
	f.must(t, "projects/users/roles", create, []string{p, u}, body{"role_id": r})
	f.must(t, "projects/roles", remove, []string{p, r}, nil)
	if left := f.all(t, "projects/users/roles", []string{p, u}, pageN); len(left) > 0 {
		t.Errorf("assignments that are left: %v", left)
	}
}

func TestUsersAreListedByTheirEmails(t *testing.T) {
	f := newFixture(t)
	want := f.user(t, 0)
	f.user(t, 1)
	page := f.must(t, "users", list, nil, nil, "emails[]=USER-0@example.org", "emails[]=nobody@example.org")
	got := []any{}
	for _, u := range page["data"].([]any) {
		got = append(got, u.(map[string]any)["id"])
	}
	if diff := cmp.Diff([]any{want}, got); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
}

func TestAServiceAccountCanHaveRolesAndBeInGroups(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	a := f.account(t, p)
	f.must(t, "projects/users/roles", create, []string{p, a}, body{"role_id": "role-api-project-viewer"})
	g := f.made(t, "groups", nil, body{"name": "g"})
	f.must(t, "groups/users", create, []string{g}, body{"user_id": a})
	if got := f.must(t, "groups/users", get, []string{g, a}, nil)["is_service_account"]; got != true {
		t.Errorf("is_service_account: %v", got)
	}
}

func TestADeletedUserLeavesTheGroups(t *testing.T) {
	f := newFixture(t)
	u, g := f.user(t, 0), f.made(t, "groups", nil, body{"name": "g"})
	f.must(t, "groups/users", create, []string{g}, body{"user_id": u})
	f.must(t, "users", remove, []string{u}, nil)
	if got := f.refusal(t, "groups/users", get, []string{g, u}, nil); got.Status != http.StatusNotFound {
		t.Errorf("status %d", got.Status)
	}
}

func TestFederationRulesAreListedByServiceAccount(t *testing.T) {
	const name = "workload_identity_providers/federation_rules"
	f := newFixture(t)
	g := familyCases[name].given(t, f)
	in := g.create(0)
	f.made(t, name, g.parents, in)
	for account, want := range map[string]int{in["service_account_id"].(string): 1, "user-x": 0} {
		if got := len(f.must(t, name, list, g.parents, nil, "service_account_id="+account)["data"].([]any)); got != want {
			t.Errorf("rules of %q: %d, want %d", account, got, want)
		}
	}
}
