// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"errors"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
)

// TestServiceAccountLife creates a ProjectServiceAccount, without a key and a role, updates it
// and deletes it.
func TestServiceAccountLife(t *testing.T) {
	f := newFixture(t)
	project := f.newProject(t)
	cr := f.account(t, "robot", project)
	e := f.created(t, cr)
	if keys := f.Keys(project); len(keys) != 0 {
		t.Errorf("keys: want none, since nobody would keep their values, got %d", len(keys))
	}

	o := observe(t, e, cr)
	if !o.ResourceExists || o.ResourceUpToDate {
		t.Errorf("Observe after Create: want it to exist without its role, got %+v", o)
	}
	status, message := ready(cr)
	if status != corev1.ConditionFalse || message != "the service account has no role in its project yet, so that its keys are refused: if that stays so, set forProvider.role" {
		t.Errorf("Ready without a role: want False and why, got %s: %s", status, message)
	}

	if _, err := e.Update(t.Context(), cr); err != nil {
		t.Fatalf("Update: %v", err)
	}
	if status, _ := ready(cr); status != corev1.ConditionTrue {
		t.Errorf("Ready after Update: want True at once, got %s", status)
	}
	want := v1alpha1.ProjectServiceAccountObservation{
		ID: meta.GetExternalName(cr), Name: "robot", Role: "member", ProjectID: project, CreatedAt: cr.Status.AtProvider.CreatedAt, CreatedHere: true,
	}
	if diff := cmp.Diff(want, cr.Status.AtProvider); diff != "" {
		t.Errorf("status: -want, +got:\n%s", diff)
	}
	if o := observe(t, e, cr); !o.ResourceUpToDate {
		t.Errorf("Observe after Update: want it up to date, got %s", o.Diff)
	}

	deleted(cr)
	if _, err := e.Delete(t.Context(), cr); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if o := observe(t, e, cr); o.ResourceExists {
		t.Error("a deleted service account exists")
	}
}

// TestAConfirmedDeletionEndsTheCreationGracePeriod shows that a deletion right after the creation
// does not wait for lists to show the deleted resource.
func TestAConfirmedDeletionEndsTheCreationGracePeriod(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "robot", f.newProject(t))
	e := f.created(t, cr)
	meta.SetExternalCreateSucceeded(cr, f.Now())
	deleted(cr)
	observe(t, e, cr)
	if _, err := e.Delete(t.Context(), cr); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if o := observe(t, e, cr); o.ResourceExists || !meta.GetExternalCreateSucceeded(cr).IsZero() {
		t.Errorf("Observe: want nothing to exist and no grace period, got %+v with %v", o, cr.Annotations)
	}
}

// TestServiceAccountStaysInItsProject shows that a new default project does not move or duplicate
// a service account.
func TestServiceAccountStaysInItsProject(t *testing.T) {
	f := newFixture(t)
	first, second := f.newProject(t), f.newProject(t)
	f.configure(t, func(s *v1alpha1.ClusterProviderConfigSpec) { s.DefaultProjectID = &first })
	cr := f.account(t, "robot", first)
	cr.Spec.ForProvider.ProjectID = nil
	observe(t, f.created(t, cr), cr)

	f.configure(t, func(s *v1alpha1.ClusterProviderConfigSpec) { s.DefaultProjectID = &second })
	if o := observe(t, connected(t, f, kinds.ProjectServiceAccount, cr), cr); !o.ResourceExists {
		t.Error("the service account is looked for in the new default project")
	}
}

func TestServiceAccountWithoutAProject(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "robot", "")
	cr.Spec.ForProvider.ProjectID = nil
	_, err := kinds.ProjectServiceAccount.Client(t.Context(), f.kube, f.openai, f.Now, cr)
	if !errors.Is(err, connect.ErrNoProject) {
		t.Errorf("Connect: want %v, got %v", connect.ErrNoProject, err)
	}
}

// TestErrorsNameAnUnknownProject shows that errors name the project, and not the service account,
// as the cause.
func TestErrorsNameAnUnknownProject(t *testing.T) {
	const why = `project "proj_typo" does not exist in the admin key's organization: correct the project ID in a new object, or the organization and credentials of the provider configuration`
	f := newFixture(t)
	cr := f.account(t, "robot", "proj_typo")
	e := connected(t, f, kinds.ProjectServiceAccount, cr)
	_, err := e.Create(t.Context(), cr)
	if diff := cmp.Diff(why, text(err)); diff != "" {
		t.Errorf("Create: -want error, +got error:\n%s", diff)
	}
	meta.SetExternalName(cr, "user-1")
	_, err = e.Observe(t.Context(), cr)
	if diff := cmp.Diff(`cannot get "user-1": `+why, text(err)); diff != "" {
		t.Errorf("Observe: -want error, +got error:\n%s", diff)
	}
	_, err = e.Update(t.Context(), cr)
	if diff := cmp.Diff(`cannot update "user-1": `+why, text(err)); diff != "" {
		t.Errorf("Update: -want error, +got error:\n%s", diff)
	}
}

// TestArchivedProject shows that the archival of its project is an error for an object, and ends
// a deletion.
func TestArchivedProject(t *testing.T) {
	f := newFixture(t)
	project := f.newProject(t)
	cr := f.account(t, "robot", project)
	e := f.created(t, cr)
	f.admin(t).archive(t, project)

	_, err := e.Observe(t.Context(), cr)
	want := `cannot get "` + meta.GetExternalName(cr) + `": project "` + project + `" is archived, which cannot be undone: create this in another project`
	if diff := cmp.Diff(want, text(err)); diff != "" {
		t.Errorf("Observe: -want error, +got error:\n%s", diff)
	}
	deleted(cr)
	if o := observe(t, e, cr); o.ResourceExists {
		t.Error("Observe: want an object that is being deleted to be gone")
	}
	if _, err := e.Delete(t.Context(), cr); err != nil {
		t.Errorf("Delete: %v", err)
	}
}

// TestServiceAccountName shows that metadata.name is only the default.
func TestServiceAccountName(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "robot", f.newProject(t))
	cr.Spec.ForProvider.Name = new("Checkout backend")
	observe(t, f.created(t, cr), cr)
	if got := cr.Status.AtProvider.Name; got != "Checkout backend" {
		t.Errorf("name: want the given one, got %q", got)
	}
}
