// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import "time"

// The roles of a service account in its project. One without a role has no
// access, and its keys do not authenticate.
const (
	roleOwner  = "owner"
	roleMember = "member"
	roleNone   = "none"
)

type serviceAccount struct {
	id, name, role string
	createdAt      time.Time
}

type serviceAccountJSON struct {
	ID        string `json:"id"`
	Object    string `json:"object"`
	Name      string `json:"name"`
	Role      string `json:"role"`
	CreatedAt int64  `json:"created_at"`
}

func (a serviceAccount) form() serviceAccountJSON {
	return serviceAccountJSON{
		ID: a.id, Object: "organization.project.service_account", Name: a.name, Role: a.role, CreatedAt: a.createdAt.Unix(),
	}
}

func (a serviceAccount) json() any { return a.form() }

// A newServiceAccountJSON differs from later reads by the first key.
type newServiceAccountJSON struct {
	serviceAccountJSON
	APIKey *newAPIKeyJSON `json:"api_key"`
}

// serviceAccount is the service account that the path names.
func (r *request) serviceAccount(p project, v view) (serviceAccount, *apiError) {
	id := r.pathID("service_account_id")
	a, ok := p.members.serviceAccounts.get(v, id)
	if !ok {
		return serviceAccount{}, notFound("Service account", id)
	}
	return a, nil
}

func (s *Server) serviceAccountRoutes() {
	s.admin(RouteListServiceAccounts, s.listServiceAccounts)
	s.admin(RouteCreateServiceAccount, s.createServiceAccount)
	s.admin(RouteGetServiceAccount, s.getServiceAccount)
	s.admin(RouteUpdateServiceAccount, s.updateServiceAccount)
	s.admin(RouteDeleteServiceAccount, s.deleteServiceAccount)
}

func (s *Server) listServiceAccounts(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	return page(r, &p.members.serviceAccounts, styleL100, lister[serviceAccount]{
		id:     func(a serviceAccount) string { return a.id },
		render: serviceAccount.json,
	})
}

func (s *Server) createServiceAccount(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	if p.id == r.org.defaultProject {
		return nil, badRequest("", "", "Service accounts cannot be added to the default project.")
	}
	in, aerr := decode[struct {
		Name                     field[string] `json:"name"`
		CreateServiceAccountOnly field[bool]   `json:"create_service_account_only"`
		ExpiresInSeconds         field[int64]  `json:"expires_in_seconds"`
	}](r)
	if aerr != nil {
		return nil, aerr
	}
	if aerr := requiredName(in.Name); aerr != nil {
		return nil, aerr
	}

	a := serviceAccount{id: "user-" + randomText(24), name: in.Name.value, role: roleMember, createdAt: r.now}
	if in.CreateServiceAccountOnly.value {
		if in.ExpiresInSeconds.given() {
			return nil, badRequest("invalid_value", "expires_in_seconds",
				"'expires_in_seconds' cannot be used when 'create_service_account_only' is true.")
		}
		a.role = roleNone
		p.members.serviceAccounts.put(s.nextChange(r.now), a.id, a)
		return newServiceAccountJSON{serviceAccountJSON: a.form()}, nil
	}

	if aerr := s.checkServiceAccountKeys(); aerr != nil {
		return nil, aerr
	}
	if aerr := s.checkLifetime(in.ExpiresInSeconds); aerr != nil {
		return nil, aerr
	}
	p.members.serviceAccounts.put(s.nextChange(r.now), a.id, a)
	key := s.mint(r.org, p, apiKey{name: defaultKeyName, ownerID: a.id}, in.ExpiresInSeconds, r.now)
	return newServiceAccountJSON{serviceAccountJSON: a.form(), APIKey: &key}, nil
}

func (s *Server) getServiceAccount(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	a, aerr := r.serviceAccount(p, r.view)
	if aerr != nil {
		return nil, aerr
	}
	return a.json(), nil
}

func (s *Server) updateServiceAccount(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	a, aerr := r.serviceAccount(p, latest)
	if aerr != nil {
		return nil, aerr
	}
	in, aerr := decode[struct {
		Name field[string] `json:"name"`
		Role field[string] `json:"role"`
	}](r)
	if aerr != nil {
		return nil, aerr
	}
	if aerr := optionalName(in.Name); aerr != nil {
		return nil, aerr
	}
	if in.Role.set && in.Role.value != roleMember && in.Role.value != roleOwner {
		return nil, badRequest("invalid_value", "role", "Invalid 'role': %q is not one of 'member' and 'owner'.", in.Role.value)
	}
	if in.Name.set {
		a.name = in.Name.value
	}
	if in.Role.set {
		a.role = in.Role.value
	}
	p.members.serviceAccounts.put(s.nextChange(r.now), a.id, a)
	return a.json(), nil
}

// deleteServiceAccount deletes the account's keys with it.
func (s *Server) deleteServiceAccount(r *request) (any, *apiError) {
	p, aerr := r.activeProject()
	if aerr != nil {
		return nil, aerr
	}
	a, aerr := r.serviceAccount(p, latest)
	if aerr != nil {
		return nil, aerr
	}
	c := s.nextChange(r.now)
	for _, k := range p.members.keys.all(latest) {
		if k.ownerID == a.id {
			s.dropKey(c, p, k)
		}
	}
	p.members.serviceAccounts.drop(c, a.id)
	return deletedJSON{ID: a.id, Object: "organization.project.service_account.deleted", Deleted: true}, nil
}

// A deletedJSON confirms a deletion.
type deletedJSON struct {
	ID      string `json:"id"`
	Object  string `json:"object"`
	Deleted bool   `json:"deleted"`
}
