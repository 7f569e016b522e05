// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var _ = register(Row{
	Kind: "Person", Family: "users", FromSpec: true, Stays: true,
	Spec: func(e *Env, _ string) Fields {
		e.User()
		return Fields{"email": userEmail, "role": "reader"}
	},
	Make: func(e *Env) string { return e.User() },
	Alive: func(e *Env) []string {
		return e.one(e.User(), func() (any, error) { return e.OpenAI.Users.Get(e.Context(), e.User()) })
	},
	Changes: []Change{
		{Field: "role", Want: "owner", At: func(e *Env, id string) any { return got(e.OpenAI.Users.Get(e.Context(), id))(e).Role }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Users.Update(e.Context(), id, openai.AdminOrganizationUserUpdateParams{Role: openai.String("owner")}))
	},
	Remove:       func(e *Env, id string) { e.did(e.OpenAI.Users.Delete(e.Context(), id)) },
	NotRecreated: "has no call to create it",
	Own:          []Case{{Name: "email_of_nobody", Run: emailOfNobody}, {Name: "email_changes", Run: emailChanges}},
})
