// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"context"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type people = v1alpha1.GroupObservation

func observedGroup(_ string, o *openai.Group) *people {
	return &people{ID: o.ID, Name: o.Name, CreatedAt: adminapi.Time(o.CreatedAt)}
}

var groups = adminapi.NewCollection("groups", func(o *people) string { return o.ID }, observedGroup,
	func(ctx context.Context, c *adminapi.Connection, _, after string) (adminapi.Page[openai.Group], error) {
		return adminapi.ByNext(c.Organization.Groups.List(ctx, openai.AdminOrganizationGroupListParams{Limit: adminapi.Limit(adminapi.LargePageSize), After: adminapi.After(after)}))
	})

// group belongs to the organization, and the reply to its update does not show all of it.
var group = crud.Kind[*v1alpha1.Group, people]{
	Scope:  crud.InOrganization[*v1alpha1.Group](),
	Status: func(cr *v1alpha1.Group) *people { return &cr.Status.AtProvider },
	List:   &groups,
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Group, id string) (*people, error) {
		return crud.ObservationOf("", observedGroup)(c.Organization.Groups.Get(ctx, id))
	},
	CreateRoute: ratelimit.Route{Service: "groups", Operation: "create"},
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.Group) (*people, error) {
		return crud.ObservationOf("", observedGroup)(c.Organization.Groups.New(ctx, openai.AdminOrganizationGroupNewParams{Name: crud.Name(cr, cr.Spec.ForProvider.Name)}))
	},
	Names: func(cr *v1alpha1.Group, o *people) (string, string) {
		return crud.Name(cr, cr.Spec.ForProvider.Name), o.Name
	},
	CreatedAt: func(o *people) time.Time { return crud.TimeOf(o.CreatedAt) },
	Diff: func(cr *v1alpha1.Group, o *people) []reconciler.Change {
		return crud.Differences(crud.Difference("name", cr.Spec.ForProvider.Name, o.Name))
	},
	Update: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Group, id string, diff []reconciler.Change) (*people, error) {
		_, err := c.Organization.Groups.Update(ctx, id, openai.AdminOrganizationGroupUpdateParams{Name: crud.Changed(diff, "name").Value})
		return nil, err
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.Group, id string) error {
		o, err := c.Organization.Groups.Delete(ctx, id)
		return crud.Deleted(id, err, func() (string, bool) { return o.ID, o.Deleted })
	},
}

type membership = v1alpha1.GroupUserObservation

// groupUsers of a group, by the group's ID.
var groupUsers = adminapi.NewCollection("groups/users", func(o *membership) string { return o.UserID },
	func(group string, o *openai.OrganizationGroupUser) *membership {
		return &membership{GroupID: group, UserID: o.ID, Name: o.Name}
	},
	func(ctx context.Context, c *adminapi.Connection, group, after string) (adminapi.Page[openai.OrganizationGroupUser], error) {
		return adminapi.ByNext(c.Organization.Groups.Users.List(ctx, group, openai.AdminOrganizationGroupUserListParams{Limit: adminapi.Limit(adminapi.LargePageSize), After: adminapi.After(after)}))
	})

// groupUser is an assignment, whose ID is that of the group and that of the user.
var groupUser = crud.Kind[*v1alpha1.GroupUser, membership]{
	Scope:  crud.InOrganization[*v1alpha1.GroupUser](),
	Status: func(cr *v1alpha1.GroupUser) *membership { return &cr.Status.AtProvider },
	List:   &groupUsers,
	Parent: func(_ *adminapi.Connection, cr *v1alpha1.GroupUser) string {
		return crud.Value(cr.Spec.ForProvider.GroupID)
	},
	ParentGone: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.GroupUser) bool {
		group := crud.Value(cr.Spec.ForProvider.GroupID)
		_, err := c.Organization.Groups.Get(ctx, group)
		return crud.Gone(ctx, c, &groups, "", group, err)
	},
	ID: func(_ context.Context, _ *adminapi.Connection, cr *v1alpha1.GroupUser) (string, error) {
		return crud.Value(cr.Spec.ForProvider.GroupID) + "/" + cr.Spec.ForProvider.UserID, nil
	},
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.GroupUser, id string) (*membership, error) {
		group, user, _ := strings.Cut(id, "/")
		return crud.ObservationOf(group, func(group string, o *openai.AdminOrganizationGroupUserGetResponse) *membership {
			return &membership{GroupID: group, UserID: o.ID, Name: o.Name}
		})(c.Organization.Groups.Users.Get(ctx, group, user))
	},
	CreateRoute: ratelimit.Route{Service: "groups/users", Operation: "create"},
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.GroupUser) (*membership, error) {
		_, err := c.Organization.Groups.Users.New(ctx, crud.Value(cr.Spec.ForProvider.GroupID), openai.AdminOrganizationGroupUserNewParams{UserID: cr.Spec.ForProvider.UserID})
		return nil, err
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.GroupUser, id string) error {
		group, user, _ := strings.Cut(id, "/")
		o, err := c.Organization.Groups.Users.Delete(ctx, group, user)
		return crud.Deleted(id, err, func() (string, bool) { return "", o.Deleted })
	},
}
