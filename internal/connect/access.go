// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// An Access is what a managed resource's provider configuration gives it. No call can be
// made with it: a kind has to say what its managed resources belong to, and gets a
// Connection only if the configuration allows that.
type Access struct {
	mg     resource.ModernManaged
	client *adminapi.Client
	config string

	// defaultProject of managed resources that name none; empty: there is none.
	defaultProject string

	// agreedProject is one whose use need not be checked, since the author of a
	// ClusterProviderConfig gave it to all; empty: there is none.
	agreedProject string

	// allowedProjects are all that may be touched; none: all may be.
	allowedProjects []string

	// organization tells that kinds of the organization as a whole are allowed.
	organization bool

	// check of projects beyond what the configuration allows. It may be nil.
	check   ProjectCheck
	checked map[string]error

	// settle fails unless the admin key is of the organization that the configuration was
	// used with before.
	settle func(ctx context.Context) error

	// refused is why the managed resource may only end what it manages; nil: it may more.
	refused error
}

// InProject returns the connection of a managed resource of a project. Without a project
// the configuration's default is meant. It fails with ErrNoProject, or if the managed
// resource may not touch the project.
func (a *Access) InProject(ctx context.Context, id *string) (*adminapi.Connection, error) {
	project := a.defaultProject
	if id != nil && *id != "" {
		project = *id
	}
	if project == "" {
		return nil, ErrNoProject
	}
	// What was created a moment ago is in the project that the spec has named since.
	made := observedProjectID(a.mg) == project || observedProjectID(a.mg) == ""
	return a.grant(ctx, project, a.allowsProject(ctx, project), made)
}

// InOrganization returns the connection of a managed resource that belongs to the
// organization as a whole. It fails unless the configuration allows such kinds.
func (a *Access) InOrganization(ctx context.Context) (*adminapi.Connection, error) {
	return a.grant(ctx, "", a.allowsOrganization(), true)
}

// OfProject returns the connection of a Project itself, by its ID; empty: it is to be
// created. It fails if the configuration does not allow the project, or new ones.
func (a *Access) OfProject(ctx context.Context, id string) (*adminapi.Connection, error) {
	refused := a.allowsNewProjects()
	if id != "" {
		refused = a.lists(id)
	}
	return a.grant(ctx, "", refused, true)
}

// grant a connection unless something refuses it. Who has made something there gets a
// withdrawn one even so.
func (a *Access) grant(ctx context.Context, project string, refused error, made bool) (*adminapi.Connection, error) {
	c := &adminapi.Connection{Client: a.client, Config: a.config, Project: project, Access: a}
	if a.refused != nil {
		refused = a.refused
	}
	if refused == nil {
		return a.settled(ctx, c)
	}
	if !made || !terminal.MayBe(refused) || !a.keepToManaged() {
		return nil, asRefusal(refused)
	}
	if !ratelimit.RevokeAccess(ctx, refused) {
		// Nobody would keep it from creating and changing.
		return nil, refused
	}
	c.AccessRevoked = ratelimit.AccessRevoked(ctx)
	return a.settled(ctx, c)
}

// settled returns the connection if it leads to the organization that the configuration was
// used with before. Nothing else may: to another, what was made would seem to be gone.
func (a *Access) settled(ctx context.Context, c *adminapi.Connection) (*adminapi.Connection, error) {
	if err := a.settle(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// allowsSpec fails if the managed resource names a project in its spec that it may not
// touch, whatever its kind does with that.
func (a *Access) allowsSpec(ctx context.Context) error {
	named, err := namedProjects(a.mg)
	if err != nil {
		return err
	}
	for _, id := range named {
		if err := a.refuse(a.allowsProject(ctx, id)); err != nil {
			return err
		}
	}
	return nil
}

// allowsProject fails if the managed resource may not touch a project. What the check says
// goes first: the other refusal tells the ID.
func (a *Access) allowsProject(ctx context.Context, id string) error {
	if a.refused != nil {
		// It ends what it manages, or gets nothing.
		return a.refused
	}
	if a.check != nil && id != a.agreedProject {
		err, known := a.checked[id]
		if !known {
			if a.checked == nil {
				a.checked = map[string]error{}
			}
			err = a.check(ctx, a.mg, id)
			a.checked[id] = err
		}
		if err != nil {
			return err
		}
	}
	return a.lists(id)
}

func (a *Access) lists(id string) error {
	if len(a.allowedProjects) == 0 || slices.Contains(a.allowedProjects, id) {
		return nil
	}
	return terminal.IfLastingErrorf("%s does not allow project %q: use one of its allowedProjectIDs, or ask its owner to add this one", a.config, apierror.Redact(truncate.ForDisplay(id, 100)))
}

func (a *Access) allowsNewProjects() error {
	if len(a.allowedProjects) == 0 {
		return nil
	}
	return terminal.IfLastingErrorf("%s allows only the projects in its allowedProjectIDs, so that no project can be created with it", a.config)
}

func (a *Access) allowsOrganization() error {
	switch {
	case !a.organization:
		return terminal.IfLastingErrorf("%s does not allow what belongs to the organization as a whole: use a ProviderConfig, or ask its owner to set organizationKinds: Allowed", a.config)
	case len(a.allowedProjects) > 0:
		// An older CRD may let both pass.
		return terminal.IfLastingErrorf("%s is limited to its allowedProjectIDs, and what belongs to the organization as a whole reaches every project: use another configuration, or ask its owner to remove allowedProjectIDs", a.config)
	}
	return nil
}
