// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A group of users. The API cannot change a group that an identity provider manages.
type group struct {
	head
	Name        string `json:"name"`
	CreatedAt   int64  `json:"created_at"`
	Type        string `json:"group_type,omitempty"`
	SCIMManaged bool   `json:"is_scim_managed"`
}

// managed refuses to change a group that an identity provider manages; the refusal is
// undocumented.
func (g group) managed() *apiError {
	if g.SCIMManaged {
		return badRequest("", "", "Group with ID %s is managed by the identity provider.", g.ID)
	}
	return nil
}

// groupName reads the body of a create or update.
func groupName(r *request) (string, *apiError) {
	in, aerr := decode[struct {
		Name field[string] `json:"name"`
	}](r)
	aerr = firstRefusal(aerr, requiredName(in.Name))
	if aerr == nil && len(in.Name.value) > 255 {
		aerr = invalidValue("name", "longer than 255 characters")
	}
	return in.Name.value, aerr
}

var _ = register(&family[group]{
	path: "organization/groups/{group_id}", noun: "Group", object: "group", prefix: "group_", style: styleN1000,

	create: func(r *request, h head) (group, *apiError) {
		name, aerr := groupName(r)
		return group{head: head{ID: h.ID}, Name: name, CreatedAt: r.now.Unix(), Type: "group"}, aerr
	},
	// The reply to an update has no type.
	update: func(r *request, g group) (group, *apiError) {
		name, aerr := groupName(r)
		g.Name = name
		reply := g
		reply.Type = ""
		r.reply = reply
		return g, firstRefusal(g.managed(), aerr)
	},
	remove: func(_ *request, g group) (*group, *apiError) { return nil, g.managed() },
})
