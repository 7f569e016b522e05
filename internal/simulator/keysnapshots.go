// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// A KeySnapshot is the state of a project API key, including what the API never shows. It
// does not hold the key's value.
type KeySnapshot struct {
	ID            string `json:"id"`
	Name          string `json:"name"`
	ProjectID     string `json:"project_id"`
	RedactedValue string `json:"redacted_value"`

	// ServiceAccountID is the owner; empty if a user owns the key.
	ServiceAccountID string `json:"service_account_id,omitempty"`

	// Scopes restrict the key; none means all permissions.
	Scopes []string `json:"scopes"`

	CreatedAt time.Time `json:"created_at"`

	// ExpiresAt is zero if the key does not expire.
	ExpiresAt time.Time `json:"expires_at,omitzero"`

	// LastUsedAt is zero if the key was never used.
	LastUsedAt time.Time `json:"last_used_at,omitzero"`

	// Expired reports whether the key has expired.
	Expired bool `json:"expired"`

	// Works reports whether the key authenticates to the data plane now.
	Works bool `json:"works"`
}

func (s *Server) snapshot(org *organization, k apiKey) KeySnapshot {
	now := s.clock.now()
	expired := k.expired(now)
	p, _ := org.projects().get(latest, k.ProjectID)
	return KeySnapshot{
		ID: k.ID, Name: k.Name, ProjectID: p.ID, RedactedValue: k.Redacted, ServiceAccountID: k.OwnerID,
		Scopes: slices.Clone(k.Scopes), CreatedAt: k.CreatedAt, ExpiresAt: k.ExpiresAt,
		LastUsedAt: org.lastUsed[k.ID], Expired: expired,
		Works: !expired && !p.archived() && org.ownerRole(k, latest) != roleNone,
	}
}

// Keys returns the keys of a project that have not been deleted, in the order
// of their creation. An empty project ID means all projects.
func (s *Server) Keys(projectID string) []KeySnapshot {
	return s.keysWhere(projectID, func(project, KeySnapshot) bool { return true })
}

// LiveKeys returns the keys of a project that are neither deleted nor expired, in the order
// of their creation, whether or not their owners have access. An archived project has none.
// An empty project ID means all projects.
func (s *Server) LiveKeys(projectID string) []KeySnapshot {
	return s.keysWhere(projectID, func(p project, k KeySnapshot) bool { return !k.Expired && !p.archived() })
}

func (s *Server) keysWhere(projectID string, keep func(project, KeySnapshot) bool) []KeySnapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	var kept []KeySnapshot
	for _, id := range slices.Sorted(maps.Keys(s.organizations)) {
		org := s.organizations[id]
		for _, p := range org.projects().all(latest) {
			if projectID != "" && projectID != p.ID {
				continue
			}
			for _, k := range org.keys(p.ID).all(latest) {
				if snap := s.snapshot(org, k); keep(p, snap) {
					kept = append(kept, snap)
				}
			}
		}
	}
	return kept
}

// Works reports whether a key or an access token authenticates to the data plane now. Unlike a
// call it does not change when the key was last used.
func (s *Server) Works(value string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, aerr := s.authenticate(value, s.clock.now())
	return aerr == nil
}

// KeyByValue returns the key with a value, unless it has been deleted.
func (s *Server) KeyByValue(value string) (KeySnapshot, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ref, ok := s.keys[hash(value)]
	if !ok {
		return KeySnapshot{}, false
	}
	k, kept := ref.find()
	if !kept {
		return KeySnapshot{}, false
	}
	return s.snapshot(ref.org, k), true
}

// DefaultProjectID returns the ID of the Default project of an organization; empty if there
// is no such organization.
func (s *Server) DefaultProjectID(organizationID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if org := s.organizations[organizationID]; org != nil {
		return org.defaultProject
	}
	return ""
}

// AddUserKey creates a key that a user owns, which the Administration API lists and deletes
// but cannot create, and returns its value.
func (s *Server) AddUserKey(projectID, name, email string) (value string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	for _, org := range s.organizations {
		if _, ok := org.projects().get(latest, projectID); !ok {
			continue
		}
		value := userKeyPrefix + newKeyValue()
		s.storeKey(org, apiKey{ProjectID: projectID, Name: name, CreatedAt: now, User: &userJSON{
			ID: "user-" + randomText(24), Name: email, Email: email,
			Role: roleMember, CreatedAt: now.Unix(),
		}}, value)
		return value, nil
	}
	return "", fmt.Errorf("no project with ID %q", projectID)
}
