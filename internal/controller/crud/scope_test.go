// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// An invite belongs to the organization and names projects in its spec. Its kind does not check
// them.
type invite struct {
	v1alpha1.Project
	Spec inviteSpec `json:"spec"`
}

type inviteSpec struct {
	v1alpha1.ProjectSpec
	ForProvider inviteParameters `json:"forProvider"`
}

// SpecProjectID is the project that the object itself names.
func (*invite) SpecProjectID() *string { return new("proj_1") }

type inviteParameters struct {
	Projects []inviteProject `json:"projects"`
}

type inviteProject struct {
	ID   string `json:"id"`
	Role string `json:"role"`
}

// invitation to projects.
func (f *fixture) invitation(t *testing.T, projects ...string) *invite {
	t.Helper()
	i := &invite{Project: *f.project(t, "invite")}
	for _, id := range projects {
		i.Spec.ForProvider.Projects = append(i.Spec.ForProvider.Projects, inviteProject{ID: id, Role: "member"})
	}
	f.kube.Scheme().AddKnownTypes(v1alpha1.SchemeGroupVersion, i)
	return i
}

func invites(s crud.Scope[*invite]) crud.Kind[*invite, observation] {
	at := observation{}
	return crud.Kind[*invite, observation]{
		Scope: s, Status: func(*invite) *observation { return &at },
		Get:    func(context.Context, *adminapi.Connection, *invite, string) (*observation, error) { return &at, nil },
		Delete: func(context.Context, *adminapi.Connection, *invite, string) error { return nil },
	}
}

func TestAKindCannotForgetToCheckTheConfiguration(t *testing.T) {
	const (
		noOrganization = `ClusterProviderConfig "default" does not allow what belongs to the organization as a whole: use a ProviderConfig, or ask its owner to set organizationKinds: Allowed`
		noProject      = `ClusterProviderConfig "default" does not allow project "proj_2": use one of its allowedProjectIDs, or ask its owner to add this one`
		noScope        = `the kind of *crud_test.invite does not say what its resources belong to: set its Scope`
	)
	inProject := crud.InProject[*invite]()
	cases := map[string]struct {
		reason   string
		scope    crud.Scope[*invite]
		kinds    string
		allowed  []string
		projects []string
		want     string
		calls    int
	}{
		"OfTheOrganization":        {reason: "The default is no.", scope: crud.InOrganization[*invite](), want: noOrganization},
		"OfTheOrganizationAllowed": {reason: "The configuration's author said yes, and which organization it is must be known first.", scope: crud.InOrganization[*invite](), kinds: v1alpha1.OrganizationKindsAllowed, projects: []string{"proj_2"}, calls: 1},
		"ProjectsInItsBody":        {reason: "Every project ID in the spec is checked.", scope: inProject, allowed: []string{"proj_1"}, projects: []string{"proj_1", "proj_2"}, want: noProject},
		"AllowedInItsBody":         {reason: "The list names them.", scope: inProject, allowed: []string{"proj_1", "proj_2"}, projects: []string{"proj_1", "proj_2"}},
		"WithoutScope":             {reason: "A kind without a Scope gets no connection.", want: noScope},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.configure(t, func(s *v1alpha1.ClusterProviderConfigSpec) {
				s.OrganizationKinds, s.AllowedProjectIDs = tc.kinds, tc.allowed
			})
			_, err := invites(tc.scope).Client(t.Context(), f.kube, f.openai, f.Now, f.invitation(t, tc.projects...))
			if diff := cmp.Diff(tc.want, text(err)); diff != "" {
				t.Errorf("\n%s\nConnect: -want error, +got error:\n%s", tc.reason, diff)
			}
			if n := len(f.Calls()); n != tc.calls {
				t.Errorf("\n%s\ncalls to OpenAI: want %d, got %d", tc.reason, tc.calls, n)
			}
		})
	}
	if err := invites(crud.Scope[*invite]{}).Setup(nil, reconciler.Options{}); text(err) != noScope {
		t.Errorf("Setup of a kind without a Scope: want %q, got %v", noScope, err)
	}
}

// TestWhatWasCreatedWhileItWasAllowedCanBeDeleted revokes the access that a resource was
// created with.
func TestWhatWasCreatedWhileItWasAllowedCanBeDeleted(t *testing.T) {
	cases := map[string]struct {
		reason   string
		scope    crud.Scope[*invite]
		kinds    string
		id       string
		check    error
		projects []string
		manages  string
		want     bool
	}{
		"OfTheOrganization":    {reason: "Organization kinds were denied since.", scope: crud.InOrganization[*invite](), manages: "invite-1", want: true},
		"ManagesNothing":       {reason: "It manages nothing.", scope: crud.InOrganization[*invite]()},
		"ProjectInItsBody":     {reason: "The owner of a project in its spec withdrew the consent.", scope: crud.InOrganization[*invite](), kinds: v1alpha1.OrganizationKindsAllowed, check: terminal.Errorf("no"), projects: []string{"proj_2"}, manages: "invite-1", want: true},
		"IDFromItsSpec":        {reason: "The spec names what it manages.", scope: crud.InOrganization[*invite](), id: "invite-1", manages: "invite-1", want: true},
		"AnotherIDFromItsSpec": {reason: "The spec was changed to name another's.", scope: crud.InOrganization[*invite](), id: "invite-2", manages: "invite-1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.use(t)
			f.configure(t, func(s *v1alpha1.ClusterProviderConfigSpec) { s.OrganizationKinds = tc.kinds })
			var err error
			f.openai, err = connect.NewConnector(f.kube, f.kube, adminapi.DefaultBaseURL)
			if err != nil {
				t.Fatalf("NewConnector: %v", err)
			}
			f.openai.CheckProjects(func(context.Context, resource.ModernManaged, string) error { return tc.check })
			cr := f.invitation(t, tc.projects...)
			meta.SetExternalName(cr, "invite-1")
			if tc.manages != "" {
				cr.OwnershipStatus().ManagedIDs = []string{tc.manages}
			}
			deleted(cr)
			ctx, _ := reconcilestate.New(t.Context(), "")
			k := invites(tc.scope)
			if tc.id != "" {
				k.ID = func(context.Context, *adminapi.Connection, *invite) (string, error) { return tc.id, nil }
				// For an object that is being deleted its status decides, and not its spec.
				cr.DeletionTimestamp = nil
			}
			e, err := k.Client(ctx, f.kube, f.openai, f.Now, cr)
			if err == nil {
				_, err = e.Observe(ctx, cr)
			}
			if got := err == nil && reconcilestate.Of(ctx).DeletionOnly() != nil; got != tc.want {
				t.Errorf("\n%s\na connection that allows deletions only: want %t, got %t with error %v", tc.reason, tc.want, got, err)
			}
		})
	}
}

// TestAServiceAccountIsDeletedWhenOnlyDeletionsAreAllowed shows that a deletion does not depend on the
// configuration that still allowed the creation.
func TestAServiceAccountIsDeletedWhenOnlyDeletionsAreAllowed(t *testing.T) {
	f := newFixture(t)
	projectID := f.newProject(t)
	cr := f.account(t, "robot", projectID)
	e := f.created(t, cr)
	observe(t, e, cr)
	cr.OwnershipStatus().ManagedIDs = []string{meta.GetExternalName(cr)}
	f.configure(t, func(s *v1alpha1.ClusterProviderConfigSpec) { s.AllowedProjectIDs = []string{"proj_other"} })

	deleted(cr)
	ctx, _ := reconcilestate.New(t.Context(), "")
	e, err := kinds.ProjectServiceAccount.Client(ctx, f.kube, f.openai, f.Now, cr)
	if err != nil {
		t.Fatalf("Connect: %v", err)
	}
	if o := observe(t, e, cr); !o.ResourceExists {
		t.Fatal("Observe: want the service account to exist")
	}
	if _, err := e.Delete(ctx, cr); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if n := f.CountCalls(simulator.RouteDeleteServiceAccount); n != 1 {
		t.Errorf("deletions at OpenAI: want 1, got %d", n)
	}
}
