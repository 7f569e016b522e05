// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"fmt"
	"slices"
)

// A roleAssignment is a role that a principal has directly or through groups.
type roleAssignment struct {
	ID      string             `json:"id"`
	Direct  bool               `json:"direct"`
	Sources []assignmentSource `json:"assignment_sources"`
}

func (a roleAssignment) key() string { return a.ID }

type assignmentSource struct {
	PrincipalID   string `json:"principal_id"`
	PrincipalType string `json:"principal_type"`
}

// An assignedRoleJSON is an assignment with its role. The times are those of the role.
type assignedRoleJSON struct {
	role
	CreatedAt        *int64             `json:"created_at"`
	UpdatedAt        *int64             `json:"updated_at"`
	CreatedBy        *string            `json:"created_by"`
	CreatedByUserObj map[string]any     `json:"created_by_user_obj"`
	Metadata         map[string]any     `json:"metadata"`
	Sources          []assignmentSource `json:"assignment_sources"`
}

var _ = register(&family[roleAssignment]{
	path: "projects/{project_id}/users/{user_id}/roles/{role_id}", noun: "Role assignment", object: "user.role",
	style: styleN1000, direct: func(a roleAssignment) bool { return a.Direct },

	parent: func(r *request) *apiError {
		if aerr := activeProject(r); aerr != nil {
			return aerr
		}
		if _, known := r.org.principal(r.parents[0], r.parents[1]); !known {
			return notFound("User", r.parents[1])
		}
		return nil
	},
	canonical: func(r *request, id string) string { return predefinedRoleID(r.parents[0], id) },
	create: func(r *request, _ head) (roleAssignment, *apiError) {
		in, aerr := decode[struct {
			RoleID field[string] `json:"role_id"`
		}](r)
		if aerr := firstRefusal(aerr, required("role_id", in.RoleID)); aerr != nil {
			return roleAssignment{}, aerr
		}
		id := predefinedRoleID(r.parents[0], in.RoleID.value)
		assigned, ok := records[role](r.org, "projects/roles", r.parents[0]).get(latest, id)
		if !ok {
			return roleAssignment{}, notFound("Role", in.RoleID.value)
		}
		have, _ := records[roleAssignment](r.org, "projects/users/roles", r.parents...).get(latest, id)
		user, _ := r.org.principal(r.parents[0], r.parents[1])
		r.reply = map[string]any{"object": "user.role", "user": user.reply(), "role": assigned}
		if have.Direct {
			return have, nil
		}
		return roleAssignment{ID: id, Direct: true, Sources: have.Sources}, nil
	},
	// An inherited assignment stays.
	remove: func(r *request, a roleAssignment) (*roleAssignment, *apiError) {
		r.reply = deletedJSON{Object: "user.role.deleted", Deleted: true}
		if len(a.Sources) == 0 {
			return nil, nil
		}
		return &roleAssignment{ID: a.ID, Sources: a.Sources}, nil
	},
	// Sources are null for an assignment that is only direct.
	render: func(r *request, a roleAssignment) any {
		assigned, _ := records[role](r.org, "projects/roles", r.parents[0]).get(latest, a.ID)
		assigned.Object = ""
		sources := slices.Clone(a.Sources)
		if a.Direct && len(sources) > 0 {
			sources = append(sources, assignmentSource{PrincipalID: r.parents[1], PrincipalType: "user"})
		}
		return assignedRoleJSON{role: assigned, Sources: sources}
	},
})

// InheritProjectRole gives a user a role in a project through a group, which no call for
// the roles of a user does. The user may also have the role directly.
func (s *Server) InheritProjectRole(organizationID, projectID, userID, roleID, groupID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	org, ok := s.organizations[organizationID]
	if !ok {
		return fmt.Errorf("no organization %q", organizationID)
	}
	id := predefinedRoleID(projectID, roleID)
	if _, known := records[role](org, "projects/roles", projectID).get(latest, id); !known {
		return fmt.Errorf("project %q has no role %q", projectID, roleID)
	}
	t := records[roleAssignment](org, "projects/users/roles", projectID, userID)
	a, _ := t.get(latest, id)
	a.ID = id
	a.Sources = append(slices.Clone(a.Sources), assignmentSource{PrincipalID: groupID, PrincipalType: "group"})
	t.put(s.nextChange(s.clock.now()), id, a)
	return nil
}
