// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"context"
	"strings"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

type user = v1alpha1.PersonObservation

func observedUser(_ string, o *openai.OrganizationUser) *user {
	return &user{ID: o.ID, Email: o.Email, Role: o.Role}
}

var users = adminapi.NewCollection("users", func(o *user) string { return o.ID }, observedUser,
	func(ctx context.Context, c *adminapi.Connection, _, after string) (adminapi.Page[openai.OrganizationUser], error) {
		return adminapi.ByLastID(c.Organization.Users.List(ctx, openai.AdminOrganizationUserListParams{Limit: adminapi.Limit(adminapi.PageSize), After: adminapi.After(after)}))
	})

// person is never created, and looked up by e-mail address.
var person = crud.Kind[*v1alpha1.Person, user]{
	Scope:  crud.InOrganization[*v1alpha1.Person](),
	Status: func(cr *v1alpha1.Person) *user { return &cr.Status.AtProvider },
	List:   &users,
	ID: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.Person) (string, error) {
		p, known := cr.Spec.ForProvider, cr.Status.AtProvider
		if p.UserID != nil {
			return *p.UserID, nil
		}
		if known.ID != "" && strings.EqualFold(known.FoundBy, crud.Value(p.Email)) {
			// Whatever their address is by now.
			id, err := crud.LookUp(ctx, c, &users, "", func(o *user) bool { return o.ID == known.ID })
			if id != "" || err != nil {
				return id, err
			}
		}
		id, err := crud.LookUp(ctx, c, &users, "", func(o *user) bool { return strings.EqualFold(o.Email, crud.Value(p.Email)) })
		if id != "" || err != nil {
			return id, err
		}
		return "", terminal.IfLastingErrorf("nobody in the organization has the e-mail address %q: correct forProvider.email, or invite them", crud.Value(p.Email))
	},
	SetLocal: func(cr *v1alpha1.Person, o *user) { o.FoundBy = crud.Value(cr.Spec.ForProvider.Email) },
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Person, id string) (*user, error) {
		return crud.ObservationOf("", observedUser)(c.Organization.Users.Get(ctx, id))
	},
	Diff: func(cr *v1alpha1.Person, o *user) []reconciler.Change {
		return crud.Differences(crud.Difference("role", cr.Spec.ForProvider.Role, o.Role))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Person, id string, diff []reconciler.Change) (*user, error) {
		return crud.ObservationOf("", observedUser)(c.Organization.Users.Update(ctx, id, openai.AdminOrganizationUserUpdateParams{Role: crud.Changed(diff, "role")}))
	},
}
