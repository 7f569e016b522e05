// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"regexp"
	"time"
)

// defaultKeyName is the name of a key that was created without one.
const defaultKeyName = "Secret Key"

// A newAPIKeyJSON is the only reply that holds a key's value. It has no scopes.
type newAPIKeyJSON struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	Name      string `json:"name"`
	CreatedAt int64  `json:"created_at"`
	ExpiresAt *int64 `json:"expires_at"`
	Value     string `json:"value"`
}

func (s *Server) serviceAccountAPIKeyRoutes() {
	s.admin(RouteCreateServiceAccountAPIKey, s.createServiceAccountAPIKey)
}

func (s *Server) createServiceAccountAPIKey(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	a, aerr := r.serviceAccount(p, latest)
	if aerr != nil {
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
	if aerr := checkScopes(in.Scopes); aerr != nil {
		return nil, aerr
	}
	if aerr := s.checkServiceAccountKeys(); aerr != nil {
		return nil, aerr
	}
	if aerr := s.checkLifetime(in.ExpiresInSeconds); aerr != nil {
		return nil, aerr
	}
	k := apiKey{name: defaultKeyName, ownerID: a.id, scopes: in.Scopes.value}
	if in.Name.value != "" {
		k.name = in.Name.value
	}
	return s.mint(r.org, p, k, in.ExpiresInSeconds, r.now), nil
}

// mint gives a service account's key its ID, value and times, and keeps it.
func (s *Server) mint(org *organization, p project, k apiKey, expiresIn field[int64], now time.Time) newAPIKeyJSON {
	value := serviceAccountKeyPrefix + newKeyValue()
	k.createdAt = now
	if expiresIn.given() {
		k.expiresAt = now.Add(time.Duration(expiresIn.value) * time.Second)
	}
	k = s.keepKey(org, p, k, value)
	return newAPIKeyJSON{
		ID: k.id, Object: "organization.project.service_account.api_key", Name: k.name,
		CreatedAt: k.createdAt.Unix(), ExpiresAt: unix(k.expiresAt), Value: value,
	}
}

// scopePattern is the form of the scopes that OpenAI's dashboard offers. There
// is no public list to check against.
var scopePattern = regexp.MustCompile(`^[a-z_]+(\.[a-z_]+)+$`)

func checkScopes(scopes field[[]string]) *apiError {
	for _, scope := range scopes.value {
		if !scopePattern.MatchString(scope) {
			return badRequest("invalid_value", "scopes", "Invalid scope: %q.", scope)
		}
	}
	return nil
}
