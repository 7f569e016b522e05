// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var _ = register(Row{
	Kind: "Group", Family: "groups",
	Spec: func(_ *Env, name string) Fields { return Fields{"name": name} },
	Make: func(e *Env) string {
		return got(e.OpenAI.Groups.New(e.Context(), openai.AdminOrganizationGroupNewParams{Name: "somebody's"}))(e).ID
	},
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.Groups.ListAutoPaging(e.Context(), openai.AdminOrganizationGroupListParams{}), func(g openai.Group) string { return g.ID })
	},
	Changes: []Change{
		{Field: "name", Want: "after", At: func(e *Env, id string) any { return got(e.OpenAI.Groups.Get(e.Context(), id))(e).Name }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Groups.Update(e.Context(), id, openai.AdminOrganizationGroupUpdateParams{Name: "drifted"}))
	},
	Remove: func(e *Env, id string) { e.did(e.OpenAI.Groups.Delete(e.Context(), id)) },
})

var _ = register(Row{
	Kind: "GroupUser", Family: "groups/users", FromSpec: true,
	Spec: func(e *Env, _ string) Fields { return Fields{"groupID": e.Group(), "userID": e.User()} },
	Make: func(e *Env) string {
		e.did(e.OpenAI.Groups.Users.New(e.Context(), e.Group(), openai.AdminOrganizationGroupUserNewParams{UserID: e.User()}))
		return joined(e.Group(), e.User())
	},
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.Groups.Users.ListAutoPaging(e.Context(), e.Group(), openai.AdminOrganizationGroupUserListParams{}),
			func(u openai.OrganizationGroupUser) string { return joined(e.Group(), u.ID) })
	},
	Remove: func(e *Env, id string) {
		group, user := parts(id)
		e.did(e.OpenAI.Groups.Users.Delete(e.Context(), group, user))
	},
	RemoveParent: func(e *Env, _ string) { e.did(e.OpenAI.Groups.Delete(e.Context(), e.Group())) },
})
