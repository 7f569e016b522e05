// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"slices"
	"time"
)

// An apiKey is a project API key. Its value is not stored: the server finds keys by the
// hash of their value.
type apiKey struct {
	head
	Name      string `json:"name"`
	ProjectID string `json:"project_id"`
	Redacted  string `json:"redacted_value"`

	// OwnerID is the service account that owns the key, unless User does.
	OwnerID string    `json:"owner_id"`
	User    *userJSON `json:"user"`

	// Scopes restrict the key; none means all permissions. Replies do not show them.
	Scopes []string `json:"scopes"`

	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// A keyRef identifies the key with a known value.
type keyRef struct {
	org            *organization
	projectID, key string
}

// find returns the key, unless it has been deleted.
func (k keyRef) find() (apiKey, bool) { return k.org.keys(k.projectID).get(latest, k.key) }

func (k apiKey) expired(now time.Time) bool {
	return !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt)
}

// The states of owner_project_access.
const (
	accessActive   = "active"
	accessInactive = "inactive"
	accessAny      = "any"
)

type projectAPIKeyJSON struct {
	head
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

// An ownerAccountJSON is a service account as the owner of a key, which has no "object".
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

// ownerRole is the role of the key's owner in the project.
func (o *organization) ownerRole(k apiKey, v view) string {
	if k.User != nil {
		return k.User.Role
	}
	a, ok := o.serviceAccounts(k.ProjectID).get(v, k.OwnerID)
	if !ok {
		return roleNone
	}
	return a.Role
}

func (o *organization) ownerAccess(k apiKey, v view) string {
	if o.ownerRole(k, v) == roleNone {
		return accessInactive
	}
	return accessActive
}

// storeKey stores a new key of a project under a new ID.
func (s *Server) storeKey(org *organization, k apiKey, value string) apiKey {
	k.head = familyOf[apiKey]("projects/api_keys").head()
	k.Redacted = redact(value)
	org.keys(k.ProjectID).put(s.nextChange(k.CreatedAt), k.ID, k)
	s.keys[hash(value)] = keyRef{org: org, projectID: k.ProjectID, key: k.ID}
	return k
}

var _ = register(&family[apiKey]{
	path: "organization/projects/{project_id}/api_keys/{api_key_id}",
	noun: "API key", object: "organization.project.api_key", prefix: "key_",
	style: styleL100, parent: activeProject,

	filter: func(r *request) (func(apiKey) bool, *apiError) {
		// The SDK documents that the access of the owners decides what is listed.
		access := cmp.Or(r.URL.Query().Get("owner_project_access"), accessActive)
		if !slices.Contains([]string{accessActive, accessInactive, accessAny}, access) {
			return nil, invalidValue("owner_project_access", "%q", access)
		}
		return func(k apiKey) bool {
			if r.server.quirks.DropExpired && k.expired(r.now) {
				return false
			}
			return access == accessAny || access == r.org.ownerAccess(k, r.view)
		}, nil
	},
	update: func(r *request, k apiKey) (apiKey, *apiError) {
		in, aerr := decode[struct {
			Scopes           field[[]string] `json:"scopes"`
			ExpiresInSeconds field[int64]    `json:"expires_in_seconds"`
		}](r)
		if aerr := firstRefusal(aerr, notNull("scopes", in.Scopes), notNull("expires_in_seconds", in.ExpiresInSeconds)); aerr != nil {
			return k, aerr
		}
		if !in.Scopes.set && !in.ExpiresInSeconds.set {
			return k, badRequest("missing_required_parameter", "", "Provide at least one of 'scopes' and 'expires_in_seconds'.")
		}
		if aerr := checkScopes(in.Scopes); aerr != nil {
			return k, aerr
		}
		if k.expired(r.now) {
			return k, badRequest("api_key_expired", "", "API key with ID %s has expired and cannot be updated.", k.ID)
		}
		// Without expires_in_seconds the key keeps its expiry; a policy may require one.
		if in.ExpiresInSeconds.set || k.ExpiresAt.IsZero() {
			aerr = r.server.checkLifetime(in.ExpiresInSeconds)
		}
		in.Scopes.into(&k.Scopes)
		if in.ExpiresInSeconds.set {
			k.ExpiresAt = r.now.Add(time.Duration(in.ExpiresInSeconds.value) * time.Second)
		}
		return k, aerr
	},
	remove: func(r *request, k apiKey) (*apiKey, *apiError) {
		if r.server.quirks.RefuseServiceAccountKeyDelete && k.User == nil {
			return nil, badRequest("", "", "API key with ID %s belongs to a service account. Delete the service account instead.", k.ID)
		}
		return nil, nil
	},
	render: func(r *request, k apiKey) any {
		owner := ownerJSON{Type: "user", User: k.User}
		if k.User == nil {
			a, _ := r.org.serviceAccounts(k.ProjectID).get(r.view, k.OwnerID)
			owner = ownerJSON{Type: "service_account", ServiceAccount: &ownerAccountJSON{
				ID: a.ID, Name: a.Name, Role: a.Role, CreatedAt: a.CreatedAt,
			}}
		}
		return projectAPIKeyJSON{
			head: k.head, Name: k.Name, RedactedValue: k.Redacted, CreatedAt: k.CreatedAt.Unix(),
			ExpiresAt: unix(k.ExpiresAt), LastUsedAt: unix(r.org.lastUsed[k.ID]),
			Owner: owner, OwnerProjectAccess: r.org.ownerAccess(k, r.view),
		}
	},
})
