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

// got is what a call of somebody else returned, which must not fail.
func got[T any](v T, err error) func(e *Env) T {
	return func(e *Env) T {
		e.Helper()
		e.must(err)
		return v
	}
}

// did a call of somebody else, which must not fail.
func (e *Env) did(_ any, err error) {
	e.Helper()
	e.must(err)
}

// listed are the IDs in all pages of a list, but for what the Env made.
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

// one external name, if the call that gets what it names finds it.
func (e *Env) one(id string, get func() (any, error)) []string {
	e.Helper()
	_, err := get()
	if notFound := (*openai.Error)(nil); errors.As(err, &notFound) && notFound.StatusCode == http.StatusNotFound {
		return nil
	}
	e.must(err)
	return []string{id}
}

// Made reports whether the Env made what has an ID, so that it is none of the kind's.
func (e *Env) Made(id string) bool {
	return e.made[id] || id == e.Sim.DefaultProjectID(simulator.DefaultOrganizationID)
}

// once makes what is needed the first time that it is asked for.
func (e *Env) once(id *string, create func() string) string {
	e.Helper()
	if *id == "" {
		*id = create()
		e.made[*id] = true
	}
	return *id
}

// Project is the ID of a project that somebody else made.
func (e *Env) Project() string {
	e.Helper()
	return e.once(&e.project, func() string { return e.newProject(e.namespace) })
}

func (e *Env) newProject(name string) string {
	e.Helper()
	return got(e.OpenAI.Projects.New(e.Context(), openai.AdminOrganizationProjectNewParams{Name: name}))(e).ID
}

// Account is the ID of a service account of the project that somebody else made.
func (e *Env) Account() string {
	e.Helper()
	return e.once(&e.account, func() string { return e.newAccount("somebody") })
}

// newAccount makes a service account that can use the API.
func (e *Env) newAccount(name string) string {
	e.Helper()
	return got(admin.NewAccount(e.Context(), e.OpenAI.Projects, e.Project(), name))(e)
}

// Group is the ID of a group that somebody else made.
func (e *Env) Group() string {
	e.Helper()
	return e.once(&e.group, func() string {
		return got(e.OpenAI.Groups.New(e.Context(), openai.AdminOrganizationGroupNewParams{Name: "somebody's"}))(e).ID
	})
}

// User is the ID of a person of the organization, whose e-mail address is userEmail. There
// is an owner besides, so that the person can be anything.
func (e *Env) User() string {
	e.Helper()
	return e.once(&e.user, func() string {
		e.made[got(e.Sim.AddUser(simulator.User{Email: "owner@example.com", Name: "Owner", Role: "owner"}))(e)] = true
		return got(e.Sim.AddUser(simulator.User{Email: userEmail, Name: "Ada"}))(e)
	})
}

const userEmail = "ada@example.com"

// Provider is the ID of an identity provider that somebody else made.
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
