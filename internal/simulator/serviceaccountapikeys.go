// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"regexp"
	"time"
)

// defaultKeyName is the name of a key that is created without one.
const defaultKeyName = "Secret Key"

// A newAPIKeyJSON is the only reply with the value of a key. It has no scopes.
type newAPIKeyJSON struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	Name      string `json:"name"`
	CreatedAt int64  `json:"created_at"`
	ExpiresAt *int64 `json:"expires_at"`
	Value     string `json:"value"`
}

// A key of a service account is created below its owner, and is a record of the family
// projects/api_keys.
var _ = registerHandlers("projects/service_accounts/api_keys", handwritten{
	Operations: Operations{Create: RouteCreateServiceAccountAPIKey},
	register:   func(s *Server) { s.admin(RouteCreateServiceAccountAPIKey, createServiceAccountAPIKey) },
})

func createServiceAccountAPIKey(r *request) (any, *apiError) {
	r.parents = []string{r.pathID("project_id"), r.pathID("service_account_id")}
	if aerr := activeProject(r); aerr != nil {
		return nil, aerr
	}
	if aerr := parentExists[serviceAccount]("projects/service_accounts")(r); aerr != nil {
		return nil, aerr
	}
	in, aerr := decode[struct {
		Name             field[string]   `json:"name"`
		Scopes           field[[]string] `json:"scopes"`
		ExpiresInSeconds field[int64]    `json:"expires_in_seconds"`
	}](r)
	if aerr != nil {
		return nil, aerr
	}
	aerr = firstRefusal(checkScopes(in.Scopes), r.server.checkServiceAccountKeys(), r.server.checkLifetime(in.ExpiresInSeconds))
	if aerr != nil {
		return nil, aerr
	}
	k := apiKey{Name: cmp.Or(in.Name.value, defaultKeyName), OwnerID: r.parents[1], Scopes: in.Scopes.value}
	return r.issueKey(k, in.ExpiresInSeconds), nil
}

// issueKey completes a key of a service account with its project, ID, value and times, and
// stores it.
func (r *request) issueKey(k apiKey, expiresIn field[int64]) newAPIKeyJSON {
	value := serviceAccountKeyPrefix + newKeyValue()
	k.ProjectID, k.CreatedAt = r.parents[0], r.now
	if expiresIn.given() {
		k.ExpiresAt = r.now.Add(time.Duration(expiresIn.value) * time.Second)
	}
	k = r.server.storeKey(r.org, k, value)
	return newAPIKeyJSON{
		ID: k.ID, Object: "organization.project.service_account.api_key", Name: k.Name,
		CreatedAt: k.CreatedAt.Unix(), ExpiresAt: unix(k.ExpiresAt), Value: value,
	}
}

// scopePattern is the form of the scopes in OpenAI's dashboard. There is no public list of
// them.
var scopePattern = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)+$`)

func checkScopes(scopes field[[]string]) *apiError {
	for _, scope := range scopes.value {
		if !scopePattern.MatchString(scope) {
			return badRequest("invalid_value", "scopes", "Invalid scope: %q.", scope)
		}
	}
	return nil
}
