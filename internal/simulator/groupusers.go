// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A groupUser is the membership of a user or service account in a group.
type groupUser struct {
	ID string `json:"id"`
}

func (g groupUser) key() string { return g.ID }

// A groupUserJSON is an item of a list.
type groupUserJSON struct {
	ID    string  `json:"id"`
	Name  *string `json:"name"`
	Email *string `json:"email"`
}

func groupUserItem(r *request, m groupUser) groupUserJSON {
	u, _ := r.org.principal("", m.ID)
	return groupUserJSON{ID: m.ID, Name: u.Name, Email: u.Email}
}

// managedGroup refuses to change the members of a group that an identity provider manages.
func managedGroup(r *request) *apiError {
	g, _ := records[group](r.org, "groups").get(latest, r.parents[0])
	return g.managed()
}

var _ = register(&family[groupUser]{
	path: "organization/groups/{group_id}/users/{user_id}", noun: "Group user", object: "group.user",
	style: styleN1000, parent: parentExists[group]("groups"),

	create: func(r *request, _ head) (groupUser, *apiError) {
		in, aerr := decode[struct {
			UserID field[string] `json:"user_id"`
		}](r)
		if aerr := firstRefusal(aerr, required("user_id", in.UserID), managedGroup(r)); aerr != nil {
			return groupUser{}, aerr
		}
		if _, known := r.org.principal("", in.UserID.value); !known {
			return groupUser{}, notFound("User", in.UserID.value)
		}
		r.reply = map[string]any{"object": "group.user", "user_id": in.UserID.value, "group_id": r.parents[0]}
		return groupUser{ID: in.UserID.value}, nil
	},
	remove: func(r *request, _ groupUser) (*groupUser, *apiError) {
		r.reply = deletedJSON{Object: "group.user.deleted", Deleted: true}
		return nil, managedGroup(r)
	},
	render: func(r *request, m groupUser) any {
		u, _ := r.org.principal("", m.ID)
		return struct {
			groupUserJSON
			Picture        *string `json:"picture"`
			ServiceAccount bool    `json:"is_service_account"`
			UserType       string  `json:"user_type"`
		}{groupUserJSON: groupUserItem(r, m), ServiceAccount: u.ServiceAccount, UserType: "user"}
	},
	listed: func(r *request, m groupUser) any { return groupUserItem(r, m) },
})
