// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The scopes that admin keys need, as OpenAI's refusals name them.
const (
	ScopeManagementRead  = "api.management.read"
	ScopeManagementWrite = "api.management.write"
)

// An AdminKey is a credential of the Administration API.
type AdminKey struct {
	// Value is the bearer token.
	Value string `json:"value"`

	// OrganizationID is the organization that the key administers. It is created with its
	// first key.
	OrganizationID string `json:"organization_id"`

	// Scopes restrict the key; none means all scopes.
	Scopes []string `json:"scopes,omitempty"`

	// ExpiresAt is when the key stops working; zero means never.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
}

// AddAdminKey makes the server accept an admin key. It replaces a key with the same value.
func (s *Server) AddAdminKey(k AdminKey) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.adminKeys[hash(k.Value)] = k
	if s.organizations[k.OrganizationID] == nil {
		s.organizations[k.OrganizationID] = newOrganization(k.OrganizationID, s.nextChange(s.clock.now()))
	}
}

// RemoveAdminKey makes the server refuse an admin key, as after its revocation.
func (s *Server) RemoveAdminKey(value string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.adminKeys, hash(value))
}

// A request is an authenticated call to an admin route.
type request struct {
	*http.Request
	server *Server
	body   []byte
	org    *organization
	now    time.Time

	// view is the view of the read of this call, which a fault may make lag. Parents and
	// the targets of writes are read in the latest view.
	view view

	// parents and id are the IDs in the path; id is that of the record, empty for lists,
	// creations and singletons.
	parents []string
	id      string

	// reply of a write, if it is not the record.
	reply any
}

func (r *request) pathID(name string) string { return r.PathValue(name) }

// nextChange returns the sequence number of the next write.
func (s *Server) nextChange(now time.Time) change {
	return change{seq: s.seq.Add(1), at: now}
}

// admin registers a route for admin keys. GET routes require the read scope, others the
// write scope.
func (s *Server) admin(route Route, h func(*request) (any, *apiError)) {
	scope := ScopeManagementWrite
	if strings.HasPrefix(string(route), http.MethodGet+" ") {
		scope = ScopeManagementRead
	}
	s.handle(route, func(c *apiCall) (any, *apiError) {
		org, aerr := s.authenticateAdmin(c, scope)
		if aerr != nil {
			return nil, aerr
		}
		c.organization = org.id
		if aerr := s.limits.spend(route, c.token, c.now); aerr != nil {
			if s.quirks.RetryAfterHeader || retryAfterDocumented.MatchString(string(route)) {
				aerr.retryAfter = aerr.wait
			}
			return nil, aerr
		}
		return h(&request{Request: c.http, server: s, body: c.body, org: org, now: c.now, view: c.view})
	})
}

func (s *Server) authenticateAdmin(c *apiCall, scope string) (*organization, *apiError) {
	if c.token == "" {
		return nil, noCredential()
	}
	k, ok := s.adminKeys[hash(c.token)]
	if !ok {
		// A project key or an access token that works is a valid credential without the scope.
		if _, aerr := s.authenticate(c.token, c.now); aerr == nil {
			return nil, s.adminScopeMissing(scope)
		}
		return nil, invalidCredential(c.token)
	}
	if !k.ExpiresAt.IsZero() && !c.now.Before(k.ExpiresAt) {
		return nil, invalidCredential(c.token)
	}
	if aerr := checkOrganization(c.http, k.OrganizationID); aerr != nil {
		return nil, aerr
	}
	if len(k.Scopes) > 0 && !slices.Contains(k.Scopes, scope) {
		return nil, s.adminScopeMissing(scope)
	}
	return s.organizations[k.OrganizationID], nil
}

func (s *Server) adminScopeMissing(scope string) *apiError {
	e := s.scopeMissing(http.StatusUnauthorized, scope)
	e.bare = s.quirks.BareStringErrors
	return e
}

// scopeMissing refuses a call with a key that lacks a scope, with the status unless a quirk
// sets another.
func (s *Server) scopeMissing(usually int, scope string) *apiError {
	e := missingScope(cmp.Or(s.quirks.MissingScopeStatus, usually), scope)
	if s.quirks.MissingScopeCode {
		e.code = codeMissingScope
	}
	return e
}

// checkOrganization refuses a call whose header names another organization than that of its
// credential. The header is optional.
func checkOrganization(r *http.Request, id string) *apiError {
	if h := r.Header.Get("OpenAI-Organization"); h != "" && h != id {
		return mismatched("OpenAI-Organization", "organization")
	}
	return nil
}

func bearer(r *http.Request) string {
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return ""
	}
	return strings.TrimSpace(token)
}

func newRequestID() string { return "req_" + randomText(32) }
