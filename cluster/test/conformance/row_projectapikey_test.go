// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var projectAPIKey = Row{
	Kind: "ProjectAPIKey",
	Routes: Routes{
		List: simulator.RouteListProjectAPIKeys, Get: simulator.RouteGetProjectAPIKey, Create: simulator.RouteCreateServiceAccountAPIKey,
		Update: simulator.RouteUpdateProjectAPIKey, Delete: simulator.RouteDeleteProjectAPIKey,
	},
	New: func(e *Env, name string) resource.ModernManaged {
		o := &v1alpha1.ProjectAPIKey{}
		o.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: name}
		o.Spec.ForProvider.ProjectID, o.Spec.ForProvider.ServiceAccountID = new(e.Project()), new(e.Account())
		o.Spec.ForProvider.Scopes = []string{"model.read"}
		return o
	},
	Make: func(e *Env) string {
		k, err := e.OpenAI.Projects.ServiceAccounts.APIKeys.New(e.Context(), e.Project(), e.Account(), openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
		e.must(err)
		return k.ID
	},
	Alive: func(e *Env) []string {
		var ids []string
		for _, k := range e.Sim.LiveKeys(e.Project()) {
			ids = append(ids, k.ID)
		}
		return ids
	},
	Changes: []Change{{
		Field: "scopes", Want: "api.files.read",
		Set: func(o resource.ModernManaged) {
			o.(*v1alpha1.ProjectAPIKey).Spec.ForProvider.Scopes = []string{"api.files.read"}
		},
		At: func(e *Env, id string) string {
			for _, k := range e.Sim.Keys(e.Project()) {
				if k.ID == id {
					return strings.Join(k.Scopes, ",")
				}
			}
			return ""
		},
	}},
	Remove: func(e *Env, id string) {
		_, err := e.OpenAI.Projects.APIKeys.Delete(e.Context(), e.Project(), id)
		e.must(err)
	},
	ShownOnce: true,
	NotApplicable: map[string]string{
		"drift_put_right": "OpenAI does not tell the scopes of a key, and a key has nothing else that can be changed",
		"imported":        "the value of a key cannot be asked for: forProvider.importSecretRef adopts one, which needs no external name",
	},
}
