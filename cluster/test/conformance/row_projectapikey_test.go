// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var projectAPIKey = register(Row{
	Kind: "ProjectAPIKey", Family: "projects/api_keys", CreateFamily: "projects/service_accounts/api_keys",
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "serviceAccountID": e.Account(), "scopes": []string{"model.read"}}
	},
	Make: func(e *Env) string {
		return got(e.OpenAI.Projects.ServiceAccounts.APIKeys.New(e.Context(), e.Project(), e.Account(), openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{}))(e).ID
	},
	Alive: func(e *Env) []string {
		var ids []string
		for _, k := range e.Sim.LiveKeys(e.Project()) {
			ids = append(ids, k.ID)
		}
		return ids
	},
	Changes: []Change{{Field: "scopes", Want: []string{"api.files.read"}, At: func(e *Env, id string) any {
		for _, k := range e.Sim.Keys(e.Project()) {
			if k.ID == id {
				return k.Scopes
			}
		}
		return nil
	}}},
	Remove:    func(e *Env, id string) { e.did(e.OpenAI.Projects.APIKeys.Delete(e.Context(), e.Project(), id)) },
	ShownOnce: true,
	NotApplicable: map[string]string{
		"drift_put_right": "OpenAI does not return the scopes of a key, and a key has nothing else that can be changed",
		"imported":        "the value of a key cannot be asked for: forProvider.importSecretRef adopts one, which needs no external name",
	},
})
