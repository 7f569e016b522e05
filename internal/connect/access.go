// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// An Access is what the provider configuration of a managed resource allows it. Its kind says what the
// resource belongs to, a project or the organization, and gets a Connection if the configuration allows that.
// An Access calls OpenAI only to check the organization.
type Access struct {
	mg     resource.ModernManaged
	client *adminapi.Client
	// config names the provider configuration in errors, such as ClusterProviderConfig "default".
	config string

	// defaultProject is the ID of the project of managed resources that name none; empty: there is none.
	defaultProject string

	// uncheckedProject is exempt from check, since the author of a ClusterProviderConfig gave it to
	// everybody who may use that; empty: there is none.
	uncheckedProject string

	// allowedProjects are the IDs of the only projects that may be used; empty: all may be.
	allowedProjects []string

	// organization is whether kinds that belong to the organization as a whole are allowed.
	organization bool

	// check of projects beyond what the configuration allows, which may be nil, and its results by ID.
	check   ProjectCheck
	checked map[string]error

	// checkOrganization fails if the admin key is of another organization than the configuration was
	// used with before.
	checkOrganization func(ctx context.Context) error

	// ofOrganization is whether the managed resource belongs to the organization as a whole.
	ofOrganization bool

	// notAllowed is why the managed resource may only delete what it manages; nil: it may do more.
	notAllowed error
}

// InProject returns the connection of a managed resource in a project, by its ID; a nil or empty ID stands for
// the default project of the configuration. It fails with ErrNoProject if there is none, and with a
// NotAllowedError if the managed resource may not use the project.
func (a *Access) InProject(ctx context.Context, id *string) (*adminapi.Connection, error) {
	project := a.defaultProject
	if id != nil && *id != "" {
		project = *id
	}
	if project == "" {
		return nil, ErrNoProject
	}
	notAllowed := a.allowsProject(ctx, project)
	managed := false
	if notAllowed != nil {
		// What was just created and not observed yet is in the project that the spec names.
		observed := observedProjectID(a.mg)
		managed = observed == project || observed == ""
	}
	return a.connection(ctx, project, notAllowed, managed)
}

// InOrganization returns the connection of a managed resource that belongs to the organization as a whole. It
// fails with a NotAllowedError unless the configuration allows such kinds.
func (a *Access) InOrganization(ctx context.Context) (*adminapi.Connection, error) {
	a.ofOrganization = true
	return a.connection(ctx, "", a.allowsOrganization(), true)
}

// OfProject returns the connection of a Project object, by the ID of its project; empty: the project is to be
// created. It fails with a NotAllowedError if the configuration does not allow the project, or new ones.
func (a *Access) OfProject(ctx context.Context, id string) (*adminapi.Connection, error) {
	notAllowed := a.allowsNewProjects()
	if id != "" {
		notAllowed = a.listed(id)
	}
	return a.connection(ctx, "", notAllowed, true)
}

// connection returns a connection if it is allowed. If it is not, and the resource may manage something there
// (managed), the connection is one that allows deletions only. Before any connection is
// returned, the organization is checked: in another one, everything would seem to be deleted.
func (a *Access) connection(ctx context.Context, project string, notAllowed error, managed bool) (*adminapi.Connection, error) {
	c := &adminapi.Connection{Client: a.client, Config: a.config, Project: project, Access: a}
	if a.notAllowed != nil {
		notAllowed = a.notAllowed
	}
	if notAllowed != nil {
		if !managed || !terminal.MayBe(notAllowed) || !a.restrictToManaged() {
			return nil, toNotAllowed(notAllowed)
		}
		if !reconcilestate.Of(ctx).AllowDeletionOnly(notAllowed) {
			// Nothing would keep the reconcile from creating and updating.
			return nil, notAllowed
		}
		c.DeletionOnly = reconcilestate.Of(ctx).DeletionOnly()
	}
	if err := a.checkOrganization(ctx); err != nil {
		return nil, err
	}
	return c, nil
}

// allowsProject fails if the managed resource may not use a project. The ProjectCheck is asked before the
// configuration's list of projects: its error does not contain the project's ID.
func (a *Access) allowsProject(ctx context.Context, id string) error {
	if a.notAllowed != nil {
		return a.notAllowed
	}
	if a.check != nil && id != a.uncheckedProject {
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
	return a.listed(id)
}

// listed fails if a project is not among the allowedProjectIDs.
func (a *Access) listed(id string) error {
	if len(a.allowedProjects) == 0 || slices.Contains(a.allowedProjects, id) {
		return nil
	}
	return terminal.IfLastingErrorf("%s does not allow project %q: use one of its allowedProjectIDs, or ask its owner to add this one", a.config, apierror.Redact(truncate.ForDisplay(id, 100)))
}

// allowsNewProjects fails if the configuration is limited to some projects.
func (a *Access) allowsNewProjects() error {
	if len(a.allowedProjects) == 0 {
		return nil
	}
	return terminal.IfLastingErrorf("%s allows only the projects in its allowedProjectIDs, so that no project can be created with it", a.config)
}

// allowsOrganization fails if kinds that belong to the organization as a whole are not allowed.
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
