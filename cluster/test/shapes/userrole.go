// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package shapes

import (
	"context"
	"slices"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/shapes/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
)

type assignment = v1alpha1.UserRoleObservation

// assigned reads an assignment below a project and a user. OpenAI appends the project to the
// IDs of predefined roles.
func assigned(parent, id, name string, sources []string) *assignment {
	project, user, _ := strings.Cut(parent, "/")
	return &assignment{UserID: user, RoleID: roleID(project, id), Name: name, Sources: sources, ProjectID: project}
}

// roleID of a role that may be written as OpenAI lists it.
func roleID(project, id string) string { return strings.TrimSuffix(id, "__api-project__"+project) }

func userAndProject(c *adminapi.Connection, cr *v1alpha1.UserRole) string {
	return c.Project + "/" + cr.Spec.ForProvider.UserID
}

// assignments of a user in a project, by the IDs of both.
var assignments = adminapi.NewCollection("projects/users/roles", func(o *assignment) string { return o.RoleID },
	func(parent string, o *openai.AdminOrganizationProjectUserRoleListResponse) *assignment {
		var sources []string
		for _, s := range o.AssignmentSources {
			sources = append(sources, s.PrincipalID)
		}
		return assigned(parent, o.ID, o.Name, sources)
	},
	func(ctx context.Context, c *adminapi.Connection, parent, after string) (adminapi.Page[openai.AdminOrganizationProjectUserRoleListResponse], error) {
		project, user, _ := strings.Cut(parent, "/")
		return adminapi.ByNext(c.Organization.Projects.Users.Roles.List(ctx, project, user, openai.AdminOrganizationProjectUserRoleListParams{Limit: adminapi.Limit(adminapi.LargePageSize), After: adminapi.After(after)}))
	})

// userRole is an assignment that may also be inherited from a group.
var userRole = crud.Kind[*v1alpha1.UserRole, assignment]{
	Scope:  crud.InProject[*v1alpha1.UserRole](),
	Status: func(cr *v1alpha1.UserRole) *assignment { return &cr.Status.AtProvider },
	List:   &assignments,
	Parent: userAndProject,
	ParentGone: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.UserRole) bool {
		_, err := c.Organization.Users.Get(ctx, cr.Spec.ForProvider.UserID)
		return crud.Gone(ctx, c, &users, "", cr.Spec.ForProvider.UserID, err)
	},
	ID: func(_ context.Context, c *adminapi.Connection, cr *v1alpha1.UserRole) (string, error) {
		return cr.Spec.ForProvider.UserID + "/" + roleID(c.Project, cr.Spec.ForProvider.RoleID), nil
	},
	Get: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.UserRole, id string) (*assignment, error) {
		user, role, _ := strings.Cut(id, "/")
		return crud.ObservationOf(c.Project+"/"+user, func(parent string, o *openai.AdminOrganizationProjectUserRoleGetResponse) *assignment {
			var sources []string
			for _, s := range o.AssignmentSources {
				sources = append(sources, s.PrincipalID)
			}
			return assigned(parent, o.ID, o.Name, sources)
		})(c.Organization.Projects.Users.Roles.Get(ctx, c.Project, user, role))
	},
	CreateRoute: ratelimit.Route{Service: "projects/users/roles", Operation: "create"},
	Create: func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.UserRole) (*assignment, error) {
		p := cr.Spec.ForProvider
		_, err := c.Organization.Projects.Users.Roles.New(ctx, c.Project, p.UserID, openai.AdminOrganizationProjectUserRoleNewParams{RoleID: p.RoleID})
		return nil, err
	},
	Delete: func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.UserRole, id string) error {
		user, role, _ := strings.Cut(id, "/")
		o, err := c.Organization.Projects.Users.Roles.Delete(ctx, c.Project, user, role)
		return crud.Deleted(id, err, func() (string, bool) { return "", o.Deleted })
	},
	CountsAsDeleted: func(cr *v1alpha1.UserRole, o *assignment) string {
		inherited := len(o.Sources) > 0 && !slices.Contains(o.Sources, o.UserID)
		return crud.TextIf(inherited && meta.WasDeleted(cr), "is inherited from a group, and ends with the membership")
	},
}
