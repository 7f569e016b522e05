// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"fmt"
	"testing"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A familyCase is what the tests of all families have to know about one family.
type familyCase struct {
	// given makes what a record needs.
	given func(tb testing.TB, f fixture) given

	// update is a body for a record, and updated what the reply shows of it.
	update, updated map[string]any

	// The SDK's types of the replies, nil where there is no such call.
	created, got, item any
	// changed is the reply to an update, got if nil.
	changed any

	// page is the kind of a listing's pages.
	page pageKind

	// kept is for records that can be read after their deletion.
	kept bool
}

type given struct {
	parents []string

	// create is the body of the creation with a number, nil if the record with the
	// ID is there already.
	create func(i int) map[string]any
	id     string
}

type pageKind int

const (
	pageL pageKind = iota
	pageI
	pageN
)

type body = map[string]any

func named(field string) func(int) body {
	return func(i int) body { return body{field: fmt.Sprintf("name-%d", i)} }
}

// always is the same body for each record.
func always(b body) func(int) body { return func(int) body { return b } }

func (f fixture) user(tb testing.TB, i int) string {
	tb.Helper()
	id, err := f.AddUser(simulator.User{Email: fmt.Sprintf("user-%d@example.org", i), Name: "Ada"})
	if err != nil {
		tb.Fatal(err)
	}
	return id
}

func three(one func(i int) string) []string {
	return []string{one(0), one(1), one(2)}
}

var spendLimitBody = body{"threshold_amount": 1000, "currency": "USD", "interval": "month"}

func spendAlertBody(amount int) body {
	return body{
		"threshold_amount": amount, "currency": "USD", "interval": "month",
		"notification_channel": body{"type": "email", "recipients": []string{"ada@example.org"}, "subject_prefix": nil},
	}
}

var familyCases = map[string]familyCase{
	"projects": {
		given:  func(testing.TB, fixture) given { return given{create: named("name")} },
		update: body{"name": "other"}, updated: body{"name": "other"},
		created: openai.Project{}, got: openai.Project{}, item: openai.Project{}, kept: true,
	},
	"projects/service_accounts": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}, create: named("name")}
		},
		update: body{"name": "other", "role": "owner"}, updated: body{"name": "other", "role": "owner"},
		created: openai.AdminOrganizationProjectServiceAccountNewResponse{}, got: openai.ProjectServiceAccount{}, item: openai.ProjectServiceAccount{},
	},
	"projects/api_keys": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			p := f.project(tb)
			return given{parents: []string{p}, id: f.key(tb, p, f.account(tb, p), newKey{}).ID}
		},
		update: body{"expires_in_seconds": 60}, updated: body{"expires_at": float64(start.Unix() + 60)},
		got: openai.ProjectAPIKey{}, item: openai.ProjectAPIKey{},
	},
	"projects/spend_limit": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}, create: always(spendLimitBody)}
		},
		update:  body{"threshold_amount": 2000, "currency": "USD", "interval": "month"},
		updated: body{"threshold_amount": 2000.0},
		created: openai.ProjectSpendLimit{}, got: openai.ProjectSpendLimit{},
	},
	"projects/model_permissions": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}, create: always(body{"mode": "allow_list", "model_ids": []string{"gpt-5"}})}
		},
		update: body{"mode": "deny_list", "model_ids": []string{}}, updated: body{"mode": "deny_list", "model_ids": []any{}},
		created: openai.ProjectModelPermissions{}, got: openai.ProjectModelPermissions{},
	},
	"projects/hosted_tool_permissions": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}}
		},
		update:  body{"mcp": body{"enabled": false}},
		updated: body{"mcp": body{"enabled": false}, "web_search": body{"enabled": true}},
		got:     openai.ProjectHostedToolPermissions{},
	},
	"projects/service_tier_settings": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}}
		},
		update: body{"enabled_tiers": []string{"flex"}}, updated: body{"default": "standard", "enabled_tiers": []any{"flex"}},
		got: openai.ProjectServiceTierSettings{},
	},
	"projects/data_retention": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}}
		},
		update:  body{"retention_type": "zero_data_retention"},
		updated: body{"type": "zero_data_retention"},
		got:     openai.ProjectDataRetention{},
	},
	"projects/rate_limits": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}, id: "rl-gpt-5"}
		},
		update: body{"max_requests_per_1_minute": 7}, updated: body{"max_requests_per_1_minute": 7.0, "max_tokens_per_1_minute": 30000.0},
		item: openai.ProjectRateLimit{}, changed: openai.ProjectRateLimit{},
	},
	"projects/spend_alerts": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}, create: spendAlertBody}
		},
		update: spendAlertBody(77), updated: body{"threshold_amount": 77.0},
		created: openai.ProjectSpendAlert{}, got: openai.ProjectSpendAlert{}, item: openai.ProjectSpendAlert{},
	},
	"projects/roles": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{parents: []string{f.project(tb)}, create: func(i int) body {
				return body{"role_name": fmt.Sprintf("name-%d", i), "permissions": []string{"api.model.read"}, "description": "d"}
			}}
		},
		update: body{"role_name": "other", "permissions": []string{}}, updated: body{"name": "other", "permissions": []any{}, "description": "d"},
		created: openai.Role{}, got: openai.Role{}, item: openai.Role{}, page: pageN,
	},
	"projects/users/roles": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			p := f.project(tb)
			roles := three(func(i int) string {
				return f.must(tb, "projects/roles", create, []string{p}, body{"role_name": fmt.Sprint(i), "permissions": []string{}})["id"].(string)
			})
			return given{parents: []string{p, f.user(tb, 0)}, create: func(i int) body { return body{"role_id": roles[i]} }}
		},
		created: openai.AdminOrganizationProjectUserRoleNewResponse{}, got: openai.AdminOrganizationProjectUserRoleGetResponse{},
		item: openai.AdminOrganizationProjectUserRoleListResponse{}, page: pageN,
	},
	"groups": {
		given:  func(testing.TB, fixture) given { return given{create: named("name")} },
		update: body{"name": "other"}, updated: body{"name": "other"},
		created: openai.Group{}, got: openai.Group{}, item: openai.Group{}, changed: openai.AdminOrganizationGroupUpdateResponse{}, page: pageN,
	},
	"groups/users": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			users := three(func(i int) string { return f.user(tb, i) })
			return given{
				parents: []string{f.must(tb, "groups", create, nil, body{"name": "g"})["id"].(string)},
				create:  func(i int) body { return body{"user_id": users[i]} },
			}
		},
		created: openai.AdminOrganizationGroupUserNewResponse{}, got: openai.AdminOrganizationGroupUserGetResponse{},
		item: openai.OrganizationGroupUser{}, page: pageN,
	},
	"users": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			return given{id: f.user(tb, 0)}
		},
		update: body{"role": "owner", "technical_level": "expert", "role_id": "role_x"}, updated: body{"role": "owner", "technical_level": "expert"},
		got: openai.OrganizationUser{}, item: openai.OrganizationUser{},
	},
	"workload_identity_providers": {
		given:  func(testing.TB, fixture) given { return given{create: providerBody} },
		update: body{"enabled": false, "description": "d"}, updated: body{"enabled": false, "description": "d", "issuer": "https://issuer.example.org"},
		created: openai.WorkloadIdentityProvider{}, got: openai.WorkloadIdentityProvider{}, item: openai.WorkloadIdentityProvider{}, page: pageI,
	},
	"workload_identity_providers/federation_rules": {
		given: func(tb testing.TB, f fixture) given {
			tb.Helper()
			p := f.project(tb)
			accounts := three(func(int) string { return f.account(tb, p) })
			return given{
				parents: []string{f.must(tb, "workload_identity_providers", create, nil, providerBody(0))["id"].(string)},
				create: func(i int) body {
					return body{"project_id": p, "service_account_id": accounts[i], "attribute_matchers": body{"sub": "job", "run": 7}}
				},
			}
		},
		update:  body{"permissions": body{"type": "restricted", "scopes": []string{"api.model.read"}}},
		updated: body{"permissions": body{"type": "restricted", "scopes": []any{"api.model.read"}}, "attribute_matchers": body{"sub": "job", "run": 7.0}},
		created: openai.FederationRule{}, got: openai.FederationRule{}, item: openai.FederationRule{}, page: pageI,
	},
}

func providerBody(i int) body {
	return body{"name": fmt.Sprint(i), "issuer": "https://issuer.example.org", "audience": "openai", "type": "oidc"}
}
