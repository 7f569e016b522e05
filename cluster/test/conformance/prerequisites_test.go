// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"errors"
	"net/http"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// got returns the result of a call outside of the provider, which must not fail.
func got[T any](v T, err error) func(e *Env) T {
	return func(e *Env) T {
		e.Helper()
		e.must(err)
		return v
	}
}

// did checks a call outside of the provider, which must not fail.
func (e *Env) did(_ any, err error) {
	e.Helper()
	e.must(err)
}

// listed returns the IDs in all pages of a list, except those that the Env created.
func listed[T any](e *Env, pages interface {
	Next() bool
	Current() T
	Err() error
}, id func(T) string,
) []string {
	e.Helper()
	var ids []string
	for pages.Next() {
		if id := id(pages.Current()); !e.Made(id) {
			ids = append(ids, id)
		}
	}
	e.must(pages.Err())
	return ids
}

// one returns the external name if the resource exists.
func (e *Env) one(id string, get func() (any, error)) []string {
	e.Helper()
	_, err := get()
	if notFound := (*openai.Error)(nil); errors.As(err, &notFound) && notFound.StatusCode == http.StatusNotFound {
		return nil
	}
	e.must(err)
	return []string{id}
}

// Made reports whether the Env created the resource with an ID.
func (e *Env) Made(id string) bool {
	return e.made[id] || id == e.Sim.DefaultProjectID(simulator.DefaultOrganizationID)
}

// once creates a prerequisite when it is needed for the first time.
func (e *Env) once(id *string, create func() string) string {
	e.Helper()
	if *id == "" {
		*id = create()
		e.made[*id] = true
	}
	return *id
}

// Project is the ID of a project that was created outside of the provider.
func (e *Env) Project() string {
	e.Helper()
	return e.once(&e.project, func() string { return e.newProject(e.namespace) })
}

func (e *Env) newProject(name string) string {
	e.Helper()
	return got(e.OpenAI.Projects.New(e.Context(), openai.AdminOrganizationProjectNewParams{Name: name}))(e).ID
}

// Account is the ID of a service account of the project, created outside of the provider.
func (e *Env) Account() string {
	e.Helper()
	return e.once(&e.account, func() string { return e.newAccount("somebody") })
}

// newAccount creates a service account that can use the API.
func (e *Env) newAccount(name string) string {
	e.Helper()
	return got(admin.NewAccount(e.Context(), e.OpenAI.Projects, e.Project(), name))(e)
}

// Group is the ID of a group that was created outside of the provider.
func (e *Env) Group() string {
	e.Helper()
	return e.once(&e.group, func() string {
		return got(e.OpenAI.Groups.New(e.Context(), openai.AdminOrganizationGroupNewParams{Name: "somebody's"}))(e).ID
	})
}

// User is the ID of a user of the organization with the address userEmail. There is another owner,
// so that this user can have any role.
func (e *Env) User() string {
	e.Helper()
	return e.once(&e.user, func() string {
		e.made[got(e.Sim.AddUser(simulator.User{Email: "owner@example.com", Name: "Owner", Role: "owner"}))(e)] = true
		return got(e.Sim.AddUser(simulator.User{Email: userEmail, Name: "Ada"}))(e)
	})
}

const userEmail = "ada@example.com"

// Provider is the ID of an identity provider that was created outside of the provider.
func (e *Env) Provider() string {
	e.Helper()
	return e.once(&e.provider, func() string { return e.newProvider("somebody's") })
}

func (e *Env) newProvider(name string) string {
	e.Helper()
	return got(e.OpenAI.WorkloadIdentityProviders.New(e.Context(), openai.AdminOrganizationWorkloadIdentityProviderNewParams{
		Name: name, Issuer: "https://issuer.example.com", Audience: "openai",
	}))(e).ID
}
