// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"strings"

	"github.com/openai/openai-go/v3"
)

// projectViewer is a predefined role of every project. OpenAI appends the project's ID to it.
const projectViewer = "role-api-project-viewer"

var _ = register(Row{
	Kind: "UserRole", Family: "projects/users/roles", FromSpec: true,
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "userID": e.User(), "roleID": projectViewer}
	},
	Make: func(e *Env) string {
		e.did(e.OpenAI.Projects.Users.Roles.New(e.Context(), e.Project(), e.User(), openai.AdminOrganizationProjectUserRoleNewParams{RoleID: projectViewer}))
		return joined(e.User(), projectViewer)
	},
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.Projects.Users.Roles.ListAutoPaging(e.Context(), e.Project(), e.User(), openai.AdminOrganizationProjectUserRoleListParams{}),
			func(r openai.AdminOrganizationProjectUserRoleListResponse) string {
				role, _, _ := strings.Cut(r.ID, "__")
				return joined(e.User(), role)
			})
	},
	Remove: func(e *Env, id string) {
		user, role := parts(id)
		e.did(e.OpenAI.Projects.Users.Roles.Delete(e.Context(), e.Project(), user, role))
	},
	RemoveParent: func(e *Env, _ string) { e.did(e.OpenAI.Users.Delete(e.Context(), e.User())) },
	Own:          inheritedCases,
})
