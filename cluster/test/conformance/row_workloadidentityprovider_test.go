// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/openai/openai-go/v3"
)

var _ = register(Row{
	Kind: "WorkloadIdentityProvider", Family: "workload_identity_providers",
	Spec: func(_ *Env, name string) Fields {
		return Fields{
			"name": name, "description": "before", "issuer": "https://before.example.com", "audience": "before", "enabled": true,
			"attributeTransformations": []Fields{{"attribute": "repository", "expression": "assertion.before"}},
			"verification":             Fields{"discovery": Fields{"url": "https://before.example.com/keys"}},
		}
	},
	Make: func(e *Env) string { return e.newProvider("another") },
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.WorkloadIdentityProviders.ListAutoPaging(e.Context(), openai.AdminOrganizationWorkloadIdentityProviderListParams{}),
			func(p openai.WorkloadIdentityProvider) string { return p.ID })
	},
	Changes: []Change{
		{Field: "name", Want: "after", At: func(e *Env, id string) any { return providerAt(e, id).Name }},
		{Field: "description", Want: "", At: func(e *Env, id string) any { return providerAt(e, id).Description }},
		{Field: "issuer", Want: "https://after.example.com", At: func(e *Env, id string) any { return providerAt(e, id).Issuer }},
		{Field: "audience", Want: "after", At: func(e *Env, id string) any { return providerAt(e, id).Audience }},
		{Field: "enabled", Want: false, At: func(e *Env, id string) any { return providerAt(e, id).Enabled }},
		{Field: "attributeTransformations", Want: []Fields{{"attribute": "repository", "expression": "assertion.after"}}, At: func(e *Env, id string) any {
			var all []Fields
			for _, t := range providerAt(e, id).AttributeTransformations {
				all = append(all, Fields{"attribute": t.Attribute, "expression": t.Expression})
			}
			return all
		}},
		{Field: "verification", Want: Fields{"discovery": Fields{"url": "https://after.example.com/keys"}}, At: func(e *Env, id string) any {
			return Fields{"discovery": Fields{"url": providerAt(e, id).Verification.DiscoveryURL}}
		}},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.WorkloadIdentityProviders.Update(e.Context(), id, openai.AdminOrganizationWorkloadIdentityProviderUpdateParams{Audience: openai.String("drifted")}))
	},
	Remove: func(e *Env, id string) { e.did(e.OpenAI.WorkloadIdentityProviders.Delete(e.Context(), id)) },
	Own:    append(identityProviderCases, providerReplyCases...),
})

func providerAt(e *Env, id string) *openai.WorkloadIdentityProvider {
	e.Helper()
	return got(e.OpenAI.WorkloadIdentityProviders.Get(e.Context(), id))(e)
}
