// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"strings"
)

// maxFederationRules is how many rules an identity provider can have. OpenAI documents the
// limit, and not its refusal.
const maxFederationRules = 50

// A federationRule allows workloads with matching tokens to act as a service account.
type federationRule struct {
	head
	Name             *string                    `json:"name"`
	Description      *string                    `json:"description"`
	Enabled          bool                       `json:"enabled"`
	Matchers         map[string]json.RawMessage `json:"attribute_matchers"`
	Permissions      rulePermissions            `json:"permissions"`
	ProjectID        string                     `json:"project_id"`
	ServiceAccountID string                     `json:"service_account_id"`
	ProviderID       string                     `json:"workload_identity_provider_id"`
	CreatedAt        int64                      `json:"created_at"`
	UpdatedAt        int64                      `json:"updated_at"`
}

type rulePermissions struct {
	Type   string   `json:"type"`
	Scopes []string `json:"scopes,omitempty"`
}

// A ruleBody is the body of an update, and part of the body of a create.
type ruleBody struct {
	Name        field[string]                     `json:"name"`
	Description field[string]                     `json:"description"`
	Enabled     field[bool]                       `json:"enabled"`
	Matchers    field[map[string]json.RawMessage] `json:"attribute_matchers"`
	Permissions field[rulePermissions]            `json:"permissions"`
}

func (b ruleBody) apply(to federationRule) (federationRule, *apiError) {
	b.Name.intoNullable(&to.Name)
	b.Description.intoNullable(&to.Description)
	b.Enabled.into(&to.Enabled)
	b.Matchers.into(&to.Matchers)
	b.Permissions.into(&to.Permissions)
	for attribute, value := range to.Matchers {
		if strings.ContainsAny(string(value[:1]), "{[n") {
			return to, invalidValue("attribute_matchers", "%q is no string, boolean or number", attribute)
		}
	}
	if restricted := to.Permissions.Type == "restricted"; !restricted && to.Permissions.Type != "service_account_default" ||
		restricted != (len(to.Permissions.Scopes) > 0) {
		return to, invalidValue("permissions", "either restricted with scopes, or service_account_default")
	}
	return to, firstRefusal(notNull("enabled", b.Enabled), notNull("attribute_matchers", b.Matchers), notNull("permissions", b.Permissions))
}

// checkRoomForRule refuses a rule beside the others of an identity provider. There is one
// per service account, whether or not it is enabled. Whether OpenAI replies to a second one
// with 400 or 409 is undocumented: 400 is what a client does not retry.
func checkRoomForRule(others []federationRule, accountID string) *apiError {
	for _, f := range others {
		if f.ServiceAccountID == accountID {
			return badRequest("", "service_account_id", "Service account with ID %s already has the federation rule %s of this workload identity provider.", accountID, f.ID)
		}
	}
	if len(others) >= maxFederationRules {
		return badRequest("", "", "A workload identity provider can have at most %d federation rules.", maxFederationRules)
	}
	return nil
}

var _ = register(&family[federationRule]{
	path: "organization/workload_identity_providers/{workload_identity_provider_id}/federation_rules/{federation_rule_id}",
	noun: "Federation rule", object: "organization.workload_identity_federation_rule", prefix: "wifr_",
	style: styleI100, parent: parentExists[identityProvider]("workload_identity_providers"),

	filter: func(r *request) (func(federationRule) bool, *apiError) {
		account := r.URL.Query().Get("service_account_id")
		return func(f federationRule) bool { return account == "" || account == f.ServiceAccountID }, nil
	},
	create: func(r *request, h head) (federationRule, *apiError) {
		in, aerr := decode[struct {
			ruleBody
			ProjectID        field[string] `json:"project_id"`
			ServiceAccountID field[string] `json:"service_account_id"`
		}](r)
		aerr = firstRefusal(aerr, required("attribute_matchers", in.Matchers),
			required("project_id", in.ProjectID), required("service_account_id", in.ServiceAccountID))
		if aerr != nil {
			return federationRule{}, aerr
		}
		if aerr := r.org.activeProject(in.ProjectID.value); aerr != nil {
			return federationRule{}, aerr
		}
		if _, ok := r.org.serviceAccounts(in.ProjectID.value).get(latest, in.ServiceAccountID.value); !ok {
			return federationRule{}, notFound("Service account", in.ServiceAccountID.value)
		}
		if aerr := checkRoomForRule(r.org.federationRules(r.parents[0]).all(latest), in.ServiceAccountID.value); aerr != nil {
			return federationRule{}, aerr
		}
		return in.apply(federationRule{
			head: h, Enabled: true, Permissions: rulePermissions{Type: "service_account_default"},
			ProjectID: in.ProjectID.value, ServiceAccountID: in.ServiceAccountID.value, ProviderID: r.parents[0],
			CreatedAt: r.now.Unix(), UpdatedAt: r.now.Unix(),
		})
	},
	update: func(r *request, f federationRule) (federationRule, *apiError) {
		in, aerr := decode[ruleBody](r)
		if aerr != nil {
			return f, aerr
		}
		f.UpdatedAt = r.now.Unix()
		return in.apply(f)
	},
})
