// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// roleReader is the role of a user in the organization who is no owner.
const roleReader = "reader"

// A user is a member of the organization. Only [Server.AddUser] creates one.
type user struct {
	head
	Name           *string `json:"name"`
	Email          *string `json:"email"`
	Role           *string `json:"role"`
	AddedAt        int64   `json:"added_at"`
	Created        int64   `json:"created"`
	SCIMManaged    bool    `json:"is_scim_managed"`
	ServiceAccount bool    `json:"is_service_account"`
	TechnicalLevel *string `json:"technical_level"`
	Persona        *string `json:"developer_persona"`

	// RoleID was set by the last update with a role_id. Replies do not show it.
	RoleID string `json:"role_id"`
}

// reply is the JSON form of a user in replies.
func (u user) reply() any {
	type shown user
	return struct {
		shown
		RoleID *string `json:"role_id,omitempty"`
	}{shown: shown(u)}
}

var _ = register(&family[user]{
	path: "organization/users/{user_id}", noun: "User", object: "organization.user", prefix: "user-", style: styleL100,

	filter: func(r *request) (func(user) bool, *apiError) {
		emails := r.URL.Query()["emails[]"]
		return func(u user) bool {
			return len(emails) == 0 || u.Email != nil && slices.ContainsFunc(emails, func(e string) bool {
				return strings.EqualFold(e, *u.Email)
			})
		}, nil
	},
	update: func(r *request, u user) (user, *apiError) {
		in, aerr := decode[struct {
			Role           field[string] `json:"role"`
			RoleID         field[string] `json:"role_id"`
			TechnicalLevel field[string] `json:"technical_level"`
			Persona        field[string] `json:"developer_persona"`
		}](r)
		if aerr != nil {
			return u, aerr
		}
		if in.Role.given() {
			aerr = oneOf("role", in.Role, roleOwner, roleReader)
			if in.Role.value != roleOwner {
				aerr = firstRefusal(aerr, removable(r, u))
			}
			u.Role = &in.Role.value
		}
		in.RoleID.into(&u.RoleID)
		in.TechnicalLevel.intoNullable(&u.TechnicalLevel)
		in.Persona.intoNullable(&u.Persona)
		return u, aerr
	},
	// The memberships in groups are deleted with the user.
	remove: func(r *request, u user) (*user, *apiError) {
		if aerr := removable(r, u); aerr != nil {
			return nil, aerr
		}
		for _, t := range tablesBelow[groupUser](r.org, "groups/users") {
			t.drop(r.server.nextChange(r.now), u.ID)
		}
		return nil, nil
	},
	render: func(_ *request, u user) any { return u.reply() },
})

// removable refuses to delete or demote a user who is the last owner, or whom an identity
// provider manages. The refusals are undocumented.
func removable(r *request, u user) *apiError {
	if u.SCIMManaged {
		return badRequest("", "", "User with ID %s is managed by the identity provider.", u.ID)
	}
	if u.Role == nil || *u.Role != roleOwner {
		return nil
	}
	for _, other := range records[user](r.org, "users").all(latest) {
		if other.ID != u.ID && other.Role != nil && *other.Role == roleOwner {
			return nil
		}
	}
	return badRequest("", "", "User with ID %s is the last owner of the organization.", u.ID)
}

// A User is a person to add to a simulated organization.
type User struct {
	// OrganizationID is DefaultOrganizationID if empty.
	OrganizationID string `json:"organization_id,omitempty"`

	Email string `json:"email"`
	Name  string `json:"name"`

	// Role is owner or reader; reader if empty.
	Role string `json:"role,omitempty"`
}

// AddUser makes a person a member of an organization, for which the Administration API has
// only invitations, and returns the user's ID.
func (s *Server) AddUser(u User) (id string, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	org, ok := s.organizations[cmp.Or(u.OrganizationID, DefaultOrganizationID)]
	if !ok {
		return "", fmt.Errorf("no organization %q", u.OrganizationID)
	}
	now := s.clock.now()
	added := user{
		head: familyOf[user]("users").head(), Name: &u.Name, Email: &u.Email, Role: new(cmp.Or(u.Role, roleReader)),
		AddedAt: now.Unix(), Created: now.Unix(),
	}
	records[user](org, "users").put(s.nextChange(now), added.ID, added)
	return added.ID, nil
}

// principal returns the user or service account with an ID. Without a project ID the
// service account may be in any project.
func (o *organization) principal(projectID, id string) (user, bool) {
	if u, ok := records[user](o, "users").get(latest, id); ok {
		return u, true
	}
	var parents []string
	if projectID != "" {
		parents = []string{projectID}
	}
	for _, t := range tablesBelow[serviceAccount](o, "projects/service_accounts", parents...) {
		if a, ok := t.get(latest, id); ok {
			return user{
				head: head{ID: a.ID, Object: "organization.user"}, Name: &a.Name,
				AddedAt: a.CreatedAt, Created: a.CreatedAt, ServiceAccount: true,
			}, true
		}
	}
	return user{}, false
}
