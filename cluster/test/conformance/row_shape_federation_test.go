// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var _ = register(Row{
	Kind: "IdentityProvider", Family: "workload_identity_providers",
	Spec: func(_ *Env, name string) Fields {
		return Fields{"name": name, "issuer": "https://before.example.com", "audience": "before"}
	},
	Make: func(e *Env) string { return e.newProvider("another") },
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.WorkloadIdentityProviders.ListAutoPaging(e.Context(), openai.AdminOrganizationWorkloadIdentityProviderListParams{}),
			func(p openai.WorkloadIdentityProvider) string { return p.ID })
	},
	Changes: []Change{
		{Field: "name", Want: "after", At: func(e *Env, id string) any { return providerAt(e, id).Name }},
		{Field: "issuer", Want: "https://after.example.com", At: func(e *Env, id string) any { return providerAt(e, id).Issuer }},
		{Field: "audience", Want: "after", At: func(e *Env, id string) any { return providerAt(e, id).Audience }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.WorkloadIdentityProviders.Update(e.Context(), id, openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{Audience: openai.String("drifted")}))
	},
	Remove: func(e *Env, id string) { e.did(e.OpenAI.WorkloadIdentityProviders.Delete(e.Context(), id)) },
})

func providerAt(e *Env, id string) *openai.WorkloadIdentityProvider {
	e.Helper()
	return got(e.OpenAI.WorkloadIdentityProviders.Get(e.Context(), id))(e)
}

var _ = register(Row{
	Kind: "FederationRule", Family: "workload_identity_providers/federation_rules", ByBody: true,
	Spec: func(e *Env, name string) Fields {
		return Fields{"projectID": e.Project(), "identityProviderID": e.Provider(), "serviceAccountID": e.Account(), "name": name}
	},
	Make:  func(e *Env) string { return e.newRule(e.Provider(), "somebody's") },
	Alive: func(e *Env) []string { return e.rulesOf(e.Provider()) },
	Changes: []Change{{Field: "name", Want: "after", At: func(e *Env, id string) any {
		return got(e.OpenAI.WorkloadIdentityProviders.FederationRules.Get(e.Context(), e.Provider(), id))(e).Name
	}}},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.WorkloadIdentityProviders.FederationRules.Update(e.Context(), e.Provider(), id,
			openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParams{Name: openai.String("drifted")}))
	},
	Remove: func(e *Env, id string) {
		e.did(e.OpenAI.WorkloadIdentityProviders.FederationRules.Delete(e.Context(), e.Provider(), id))
	},
	// OpenAI refuses to delete an identity provider that has rules.
	RemoveParent: func(e *Env, id string) {
		e.must(e.Sim.Drop(simulator.DefaultOrganizationID, "workload_identity_providers/federation_rules", e.Provider(), id))
		e.did(e.OpenAI.WorkloadIdentityProviders.Delete(e.Context(), e.Provider()))
	},
	NotApplicable: map[string]string{
		"project_archived/meanwhile": "its list is that of its identity provider, which does not depend on the project",
	},
	Own: []Case{{Name: "of_another_parent", Run: ruleOfAnotherParent}},
})

func (e *Env) rulesOf(provider string) []string {
	e.Helper()
	return listed(e, e.OpenAI.WorkloadIdentityProviders.FederationRules.ListAutoPaging(e.Context(), provider, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{}),
		func(r openai.FederationRule) string { return r.ID })
}

// newRule creates a rule outside of the provider.
func (e *Env) newRule(provider, name string) (id string) {
	e.Helper()
	return got(e.OpenAI.WorkloadIdentityProviders.FederationRules.New(e.Context(), provider, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParams{
		Name: openai.String(name), ProjectID: e.Project(), ServiceAccountID: e.Account(),
		AttributeMatchers: map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion{"sub": {OfString: openai.String("test")}},
	}))(e).ID
}
