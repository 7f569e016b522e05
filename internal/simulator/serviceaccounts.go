// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// The roles of a service account in its project. One without a role has no
// access, and its keys do not authenticate.
const (
	roleOwner  = "owner"
	roleMember = "member"
	roleNone   = "none"
)

type serviceAccount struct {
	head
	Name      string `json:"name"`
	Role      string `json:"role"`
	CreatedAt int64  `json:"created_at"`
}

// A newServiceAccountJSON is the reply to a creation, with the first key.
type newServiceAccountJSON struct {
	serviceAccount
	APIKey *newAPIKeyJSON `json:"api_key"`
}

var _ = register(&family[serviceAccount]{
	path: "organization/projects/{project_id}/service_accounts/{service_account_id}",
	noun: "Service account", object: "organization.project.service_account", prefix: "user-",
	style: styleL100, parent: activeProject,

	create: func(r *request, h head) (serviceAccount, *apiError) {
		a := serviceAccount{head: h, Role: roleMember, CreatedAt: r.now.Unix()}
		if r.parents[0] == r.org.defaultProject {
			return a, badRequest("", "", "Service accounts cannot be added to the default project.")
		}
		in, aerr := decode[struct {
			Name                     field[string] `json:"name"`
			CreateServiceAccountOnly field[bool]   `json:"create_service_account_only"`
			ExpiresInSeconds         field[int64]  `json:"expires_in_seconds"`
		}](r)
		if aerr := firstRefusal(aerr, requiredName(in.Name)); aerr != nil {
			return a, aerr
		}
		a.Name = in.Name.value
		if in.CreateServiceAccountOnly.value {
			if in.ExpiresInSeconds.given() {
				return a, badRequest("invalid_value", "expires_in_seconds",
					"'expires_in_seconds' cannot be used when 'create_service_account_only' is true.")
			}
			a.Role = roleNone
			r.reply = newServiceAccountJSON{serviceAccount: a}
			return a, nil
		}
		if aerr := firstRefusal(r.server.checkServiceAccountKeys(), r.server.checkLifetime(in.ExpiresInSeconds)); aerr != nil {
			return a, aerr
		}
		key := r.issueKey(apiKey{Name: defaultKeyName, OwnerID: a.ID}, in.ExpiresInSeconds)
		r.reply = newServiceAccountJSON{serviceAccount: a, APIKey: &key}
		return a, nil
	},
	update: func(r *request, a serviceAccount) (serviceAccount, *apiError) {
		in, aerr := decode[struct {
			Name field[string] `json:"name"`
			Role field[string] `json:"role"`
		}](r)
		in.Name.into(&a.Name)
		in.Role.into(&a.Role)
		return a, firstRefusal(aerr, optionalName(in.Name), oneOf("role", in.Role, roleMember, roleOwner))
	},
	// The keys are deleted with their owner.
	remove: func(r *request, a serviceAccount) (*serviceAccount, *apiError) {
		keys := r.org.keys(r.parents[0])
		for _, k := range keys.all(latest) {
			if k.OwnerID == a.ID {
				keys.drop(r.server.nextChange(r.now), k.ID)
			}
		}
		return nil, nil
	},
})
