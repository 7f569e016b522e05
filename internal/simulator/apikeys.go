// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "time"

// An apiKey is a project API key. Its value is not kept: the server finds keys
// by the hash of their value.
type apiKey struct {
	id, name, redacted string

	// ownerID is the service account, unless the owner is user.
	ownerID string
	user    *userJSON

	// scopes limit the key; none means all permissions. No reply shows them.
	scopes []string

	createdAt, expiresAt time.Time
	valueHash            [32]byte
}

// A keyRef says where a key with a known value is.
type keyRef struct {
	org            *organization
	projectID, key string
}

func (k apiKey) expired(now time.Time) bool {
	return !k.expiresAt.IsZero() && !now.Before(k.expiresAt)
}

// The states of owner_project_access.
const (
	accessActive   = "active"
	accessInactive = "inactive"
	accessAny      = "any"
)

type projectAPIKeyJSON struct {
	ID                 string    `json:"id"`
	Object             string    `json:"object"`
	Name               string    `json:"name"`
	RedactedValue      string    `json:"redacted_value"`
	CreatedAt          int64     `json:"created_at"`
	ExpiresAt          *int64    `json:"expires_at"`
	LastUsedAt         *int64    `json:"last_used_at"`
	Owner              ownerJSON `json:"owner"`
	OwnerProjectAccess string    `json:"owner_project_access"`
}

type ownerJSON struct {
	Type           string            `json:"type"`
	ServiceAccount *ownerAccountJSON `json:"service_account,omitempty"`
	User           *userJSON         `json:"user,omitempty"`
}

// An ownerAccountJSON is a service account without its object, which replies about keys
// leave out.
type ownerAccountJSON struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Role      string `json:"role"`
	CreatedAt int64  `json:"created_at"`
}

type userJSON struct {
	ID        string `json:"id"`
	Name      string `json:"name"`
	Email     string `json:"email"`
	Role      string `json:"role"`
	CreatedAt int64  `json:"created_at"`
}

func (p project) ownerRole(k apiKey, v view) string {
	if k.user != nil {
		return k.user.Role
	}
	a, ok := p.members.serviceAccounts.get(v, k.ownerID)
	if !ok {
		return roleNone
	}
	return a.role
}

func (p project) ownerAccess(k apiKey, v view) string {
	if p.ownerRole(k, v) == roleNone {
		return accessInactive
	}
	return accessActive
}

func (p project) keyJSON(k apiKey, v view) any {
	owner := ownerJSON{Type: "user", User: k.user}
	if k.user == nil {
		a, _ := p.members.serviceAccounts.get(v, k.ownerID)
		owner = ownerJSON{Type: "service_account", ServiceAccount: &ownerAccountJSON{
			ID: a.id, Name: a.name, Role: a.role, CreatedAt: a.createdAt.Unix(),
		}}
	}
	return projectAPIKeyJSON{
		ID: k.id, Object: "organization.project.api_key", Name: k.name, RedactedValue: k.redacted,
		CreatedAt: k.createdAt.Unix(), ExpiresAt: unix(k.expiresAt), LastUsedAt: unix(p.members.lastUsed[k.id]),
		Owner: owner, OwnerProjectAccess: p.ownerAccess(k, v),
	}
}

// keepKey stores a new key under a new ID.
func (s *Server) keepKey(org *organization, p project, k apiKey, value string) apiKey {
	k.id = "key_" + randomText(16)
	k.redacted = redact(value)
	k.valueHash = hash(value)
	p.members.keys.put(s.nextChange(k.createdAt), k.id, k)
	s.keys[k.valueHash] = keyRef{org: org, projectID: p.id, key: k.id}
	return k
}

func (s *Server) dropKey(c change, p project, k apiKey) {
	p.members.keys.drop(c, k.id)
	delete(s.keys, k.valueHash)
	delete(p.members.lastUsed, k.id)
}

// projectAPIKey is the key that the path names.
func (r *request) projectAPIKey(p project, v view) (apiKey, *apiError) {
	id := r.pathID("api_key_id")
	k, ok := p.members.keys.get(v, id)
	if !ok {
		return apiKey{}, notFound("API key", id)
	}
	return k, nil
}

func (s *Server) projectAPIKeyRoutes() {
	s.admin(RouteListProjectAPIKeys, s.listProjectAPIKeys)
	s.admin(RouteGetProjectAPIKey, s.getProjectAPIKey)
	s.admin(RouteUpdateProjectAPIKey, s.updateProjectAPIKey)
	s.admin(RouteDeleteProjectAPIKey, s.deleteProjectAPIKey)
}

func (s *Server) listProjectAPIKeys(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	access := r.URL.Query().Get("owner_project_access")
	switch access {
	case "":
		// The membership-based visibility of the SDK's documentation.
		access = accessActive
	case accessActive, accessInactive, accessAny:
	default:
		return nil, badRequest("invalid_value", "owner_project_access", "Invalid 'owner_project_access': %q.", access)
	}
	return page(r, &p.members.keys, styleL100, lister[apiKey]{
		id: func(k apiKey) string { return k.id },
		keep: func(k apiKey) bool {
			if s.quirks.DropExpired && k.expired(r.now) {
				return false
			}
			return access == accessAny || access == p.ownerAccess(k, r.view)
		},
		render: func(k apiKey) any { return p.keyJSON(k, r.view) },
	})
}

func (s *Server) getProjectAPIKey(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	k, aerr := r.projectAPIKey(p, r.view)
	if aerr != nil {
		return nil, aerr
	}
	return p.keyJSON(k, r.view), nil
}

func (s *Server) updateProjectAPIKey(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	k, aerr := r.projectAPIKey(p, latest)
	if aerr != nil {
		return nil, aerr
	}
	in, aerr := decode[struct {
		Scopes           field[[]string] `json:"scopes"`
		ExpiresInSeconds field[int64]    `json:"expires_in_seconds"`
	}](r)
	if aerr != nil {
		return nil, aerr
	}
	switch {
	case in.Scopes.null:
		return nil, nullParameter("scopes")
	case in.ExpiresInSeconds.null:
		return nil, nullParameter("expires_in_seconds")
	case !in.Scopes.set && !in.ExpiresInSeconds.set:
		return nil, badRequest("missing_required_parameter", "", "Provide at least one of 'scopes' and 'expires_in_seconds'.")
	}
	if aerr := checkScopes(in.Scopes); aerr != nil {
		return nil, aerr
	}
	if k.expired(r.now) {
		return nil, badRequest("api_key_expired", "", "API key with ID %s has expired and cannot be updated.", k.id)
	}
	// A left out expiry stays as it is, which satisfies the policy only if
	// there is one.
	if in.ExpiresInSeconds.set || k.expiresAt.IsZero() {
		if aerr := s.checkLifetime(in.ExpiresInSeconds); aerr != nil {
			return nil, aerr
		}
	}
	if in.Scopes.set {
		k.scopes = in.Scopes.value
	}
	if in.ExpiresInSeconds.set {
		k.expiresAt = r.now.Add(time.Duration(in.ExpiresInSeconds.value) * time.Second)
	}
	p.members.keys.put(s.nextChange(r.now), k.id, k)
	return p.keyJSON(k, latest), nil
}

func (s *Server) deleteProjectAPIKey(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	k, aerr := r.projectAPIKey(p, latest)
	if aerr != nil {
		return nil, aerr
	}
	if s.quirks.RefuseServiceAccountKeyDelete && k.user == nil {
		return nil, badRequest("", "", "API key with ID %s belongs to a service account. Delete the service account instead.", k.id)
	}
	s.dropKey(s.nextChange(r.now), p, k)
	return deletedJSON{ID: k.id, Object: "organization.project.api_key.deleted", Deleted: true}, nil
}
