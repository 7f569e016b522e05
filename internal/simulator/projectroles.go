// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "strings"

// A role is a set of permissions. It has no time of creation.
type role struct {
	head
	Name           string   `json:"name"`
	Description    *string  `json:"description"`
	Permissions    []string `json:"permissions"`
	PredefinedRole bool     `json:"predefined_role"`
	ResourceType   string   `json:"resource_type"`
}

const predefinedProjectRole = "role-api-project-"

// predefinedRoles are the roles that OpenAI gives to every project. Replies have their IDs
// with that of the project appended.
func predefinedRoles(_ *organization, parents []string) []role {
	var roles []role
	for _, name := range []string{roleOwner, roleMember, "viewer"} {
		id := predefinedRoleID(parents[0], predefinedProjectRole+name)
		roles = append(roles, role{
			head: head{ID: id, Object: "role"}, Name: name, Permissions: []string{"api.model.read"},
			PredefinedRole: true, ResourceType: "api.project",
		})
	}
	return roles
}

// predefinedRoleID is the ID of a role as replies have it. In requests the IDs of
// predefined roles may lack the project.
func predefinedRoleID(projectID, id string) string {
	if strings.HasPrefix(id, predefinedProjectRole) && !strings.Contains(id, "__") {
		return id + "__api-project__" + projectID
	}
	return id
}

var _ = register(&family[role]{
	path: "projects/{project_id}/roles/{role_id}", noun: "Role", object: "role", prefix: "role_",
	style:  pageStyle{cursor: cursorNext, defaultLimit: 1000, maxLimit: 1000},
	parent: activeProject, seed: predefinedRoles,

	canonical: func(r *request, id string) string { return predefinedRoleID(r.parents[0], id) },
	create: func(r *request, h head) (role, *apiError) {
		in, aerr := decode[roleBody](r)
		created := role{head: h, ResourceType: "api.project"}
		if aerr := firstRefusal(aerr, required("role_name", in.Name), required("permissions", in.Permissions)); aerr != nil {
			return created, aerr
		}
		return in.apply(r, created)
	},
	update: func(r *request, old role) (role, *apiError) {
		if old.PredefinedRole {
			return old, predefined(old, "changed")
		}
		in, aerr := decode[roleBody](r)
		if aerr != nil {
			return old, aerr
		}
		return in.apply(r, old)
	},
	// The assignments of a role are deleted with it, which is undocumented.
	remove: func(r *request, old role) (*role, *apiError) {
		if old.PredefinedRole {
			return nil, predefined(old, "deleted")
		}
		for _, t := range tablesBelow[roleAssignment](r.org, "projects/users/roles", r.parents[0]) {
			t.drop(r.server.nextChange(r.now), old.ID)
		}
		return nil, nil
	},
})

// A roleBody is the body of a create or update. Its role_name is name in replies.
type roleBody struct {
	Name        field[string]   `json:"role_name"`
	Description field[string]   `json:"description"`
	Permissions field[[]string] `json:"permissions"`
}

// apply changes a role. Null keeps the name and the permissions, and clears the
// description.
func (b roleBody) apply(r *request, to role) (role, *apiError) {
	if b.Name.given() {
		to.Name = b.Name.value
	}
	if b.Permissions.given() {
		to.Permissions = b.Permissions.value
	}
	b.Description.intoNullable(&to.Description)
	if strings.TrimSpace(to.Name) == "" {
		return to, invalidValue("role_name", "empty string")
	}
	for _, other := range records[role](r.org, "projects/roles", r.parents...).all(latest) {
		if other.Name == to.Name && other.ID != to.ID {
			return to, r.server.alreadyExists("Role with the name "+to.Name, other.ID)
		}
	}
	return to, nil
}

// predefined refuses to change a role that OpenAI manages; the status is undocumented.
func predefined(old role, verb string) *apiError {
	return badRequest("", "", "Role with ID %s is predefined and cannot be %s.", old.ID, verb)
}
