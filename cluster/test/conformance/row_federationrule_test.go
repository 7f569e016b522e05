// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var _ = register(Row{
	Kind: "FederationRule", Family: "workload_identity_providers/federation_rules", ByBody: true,
	// Its issuer decides which tokens the rule may accept.
	Reads: simulator.FamilyRoutes("workload_identity_providers").List,
	Spec: func(e *Env, name string) Fields {
		return Fields{
			"projectID": e.Project(), "workloadIdentityProviderID": e.Provider(), "serviceAccountID": e.accountOfRule(name),
			"name": name, "description": "before", "enabled": true, "scopes": []string{"api.responses.write"},
			"subject": Fields{"attributeMatchers": []Fields{{"attribute": "repository", "string": "before"}}},
		}
	},
	Make: func(e *Env) string {
		e.ruleAccount = e.newAccount("somebody's")
		return e.newRuleIn(e.Provider(), e.Project(), e.ruleAccount, "somebody's")
	},
	Alive: func(e *Env) []string { return e.rulesOf(e.Provider()) },
	Changes: []Change{
		{Field: "name", Want: "after", At: func(e *Env, id string) any { return e.ruleAt(id).Name }},
		{Field: "description", Want: "", At: func(e *Env, id string) any { return e.ruleAt(id).Description }},
		{Field: "enabled", Want: false, At: func(e *Env, id string) any { return e.ruleAt(id).Enabled }},
		{Field: "scopes", Want: []string{}, At: func(e *Env, id string) any { return e.ruleAt(id).Permissions.Scopes }},
		{Field: "subject", Want: Fields{"attributeMatchers": []Fields{{"attribute": "repository", "string": "after"}}}, At: func(e *Env, id string) any {
			var all []Fields
			for attribute, v := range e.ruleAt(id).AttributeMatchers {
				all = append(all, Fields{"attribute": attribute, "string": v.OfString})
			}
			return Fields{"attributeMatchers": all}
		}},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.WorkloadIdentityProviders.FederationRules.Update(e.Context(), e.Provider(), id,
			openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParams{
				AttributeMatchers: map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleUpdateParamsAttributeMatcherUnion{"repository": {OfString: openai.String("drifted")}},
			}))
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
	Own: append([]Case{{Name: "of_another_parent", Run: ruleOfAnotherParent}}, append(federationRuleCases, ruleReplyCases...)...),
})

func (e *Env) ruleAt(id string) *openai.FederationRule {
	e.Helper()
	return got(e.OpenAI.WorkloadIdentityProviders.FederationRules.Get(e.Context(), e.Provider(), id))(e)
}

func (e *Env) rulesOf(provider string) []string {
	e.Helper()
	return listed(e, e.OpenAI.WorkloadIdentityProviders.FederationRules.ListAutoPaging(e.Context(), provider, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleListParams{}),
		func(r openai.FederationRule) string { return r.ID })
}

// accountOfRule is the service account of the rule that was made last, which the next object is about, else a new
// one: each has one rule of a provider at most.
func (e *Env) accountOfRule(name string) string {
	e.Helper()
	if made := e.ruleAccount; made != "" {
		e.ruleAccount = ""
		return made
	}
	return e.newAccount(name)
}

// newRule creates a rule of another service account outside of the provider.
func (e *Env) newRule(provider, name string) (id string) {
	e.Helper()
	return e.newRuleIn(provider, e.Project(), e.newAccount(name), name)
}

func (e *Env) newRuleIn(provider, project, account, name string) (id string) {
	e.Helper()
	return got(e.OpenAI.WorkloadIdentityProviders.FederationRules.New(e.Context(), provider, openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParams{
		Name: openai.String(name), ProjectID: project, ServiceAccountID: account,
		AttributeMatchers: map[string]openai.AdminOrganizationWorkloadIdentityProviderFederationRuleNewParamsAttributeMatcherUnion{"sub": {OfString: openai.String("test")}},
	}))(e).ID
}
