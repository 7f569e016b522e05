// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// TestProjectLife creates, updates and archives a Project.
func TestProjectLife(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "checkout")
	cr.Spec.ForProvider.Residency = new("EU_STORAGE_PROCESSING")
	e := connected(t, f, kinds.Project, cr)
	if o := observe(t, e, cr); o.ResourceExists {
		t.Fatal("a Project without an external name exists")
	}
	if n := len(f.Calls()); n != 0 {
		t.Errorf("calls about a Project that was never created: want none, got %d", n)
	}

	if _, err := e.Create(t.Context(), cr); err != nil {
		t.Fatalf("Create: %v", err)
	}
	id := meta.GetExternalName(cr)
	if o := observe(t, e, cr); !o.ResourceExists || !o.ResourceUpToDate || o.ResourceLateInitialized {
		t.Errorf("Observe after Create: want it to exist, up to date and not late-initialized, got %+v", o)
	}
	if status, _ := ready(cr); status != corev1.ConditionTrue {
		t.Errorf("Ready after Create: want True, got %s", status)
	}
	want := v1alpha1.ProjectObservation{ID: id, Name: "checkout", Status: "active", Residency: "EU_STORAGE_PROCESSING", CreatedAt: cr.Status.AtProvider.CreatedAt}
	if diff := cmp.Diff(want, cr.Status.AtProvider); diff != "" {
		t.Errorf("status: -want, +got:\n%s", diff)
	}
	if at := cr.Status.AtProvider.CreatedAt; at == nil || !at.Time.Equal(start) {
		t.Errorf("createdAt: want %s, got %v", start, at)
	}

	cr.Spec.ForProvider.Name = new("renamed")
	o := observe(t, e, cr)
	if o.ResourceUpToDate || !strings.Contains(o.Diff, "checkout") || !strings.Contains(o.Diff, "renamed") {
		t.Errorf("Observe after a change: want a difference that shows both names, got %+v", o)
	}
	if _, err := e.Update(t.Context(), cr); err != nil {
		t.Fatalf("Update: %v", err)
	}
	if got := cr.Status.AtProvider.Name; got != "renamed" {
		t.Errorf("status after Update: want the new name at once, got %q", got)
	}
	if o := observe(t, e, cr); !o.ResourceUpToDate {
		t.Errorf("Observe after Update: want it up to date, got %s", o.Diff)
	}

	deleted(cr)
	if o := observe(t, e, cr); !o.ResourceExists {
		t.Error("a Project that is to be deleted must be archived first")
	}
	if _, err := e.Delete(t.Context(), cr); err != nil {
		t.Fatalf("Delete: %v", err)
	}
	if o := observe(t, e, cr); o.ResourceExists {
		t.Error("an archived Project exists")
	}
}

// TestProjectLeavesTheSpecAlone shows that nothing is late-initialized.
func TestProjectLeavesTheSpecAlone(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "checkout")
	e := connected(t, f, kinds.Project, cr)
	if _, err := e.Create(t.Context(), cr); err != nil {
		t.Fatalf("Create: %v", err)
	}
	before := cr.DeepCopy()
	observe(t, e, cr)
	if diff := cmp.Diff(before.Spec, cr.Spec); diff != "" {
		t.Errorf("spec: -before, +after:\n%s", diff)
	}
}

func TestProjectRefusals(t *testing.T) {
	cases := map[string]struct {
		reason  string
		allowed []string
		id      string
		want    string
	}{
		"NewProjectWhereProjectsAreListed": {
			"It could not be on the list.", []string{"proj_1"}, "",
			`ClusterProviderConfig "default" allows only the projects in its allowedProjectIDs, so that no project can be created with it`,
		},
		"ProjectThatIsNotListed": {
			"Adopting a project is touching it.", []string{"proj_1"}, "proj_2",
			`ClusterProviderConfig "default" does not allow project "proj_2": use one of its allowedProjectIDs, or ask its owner to add this one`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.configure(t, func(s *v1alpha1.ClusterProviderConfigSpec) { s.AllowedProjectIDs = tc.allowed })
			cr := f.project(t, "checkout")
			if tc.id != "" {
				meta.SetExternalName(cr, tc.id)
			}
			_, err := kinds.Project.Client(t.Context(), f.kube, f.openai, f.Now, cr)
			if diff := cmp.Diff(tc.want, text(err)); diff != "" {
				t.Errorf("\n%s\nConnect: -want error, +got error:\n%s", tc.reason, diff)
			}
			if n := len(f.Calls()); n != 0 {
				t.Errorf("\n%s\ncalls to OpenAI: want none, got %d", tc.reason, n)
			}
		})
	}
}

func TestDeleteOfWhatIsGone(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "checkout")
	meta.SetExternalName(cr, "proj_unknown")
	deleted(cr)
	if _, err := connected(t, f, kinds.Project, cr).Delete(t.Context(), cr); err != nil {
		t.Errorf("Delete: %v", err)
	}
}

func TestErrorsAreReported(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "checkout")
	e := connected(t, f, kinds.Project, cr)
	if _, err := e.Create(t.Context(), cr); err != nil {
		t.Fatalf("Create: %v", err)
	}
	id := meta.GetExternalName(cr)
	if _, err := f.AddFault(simulator.Fault{Kind: simulator.FaultError, Status: 503}); err != nil {
		t.Fatalf("AddFault: %v", err)
	}
	const why = `: OpenAI fails for now (503); the call will be repeated`
	_, err := e.Observe(t.Context(), cr)
	if diff := cmp.Diff(`cannot get "`+id+`"`+why, text(err)); diff != "" {
		t.Errorf("Observe: -want error, +got error:\n%s", diff)
	}
	_, err = e.Update(t.Context(), cr)
	if diff := cmp.Diff(`cannot update "`+id+`"`+why, text(err)); diff != "" {
		t.Errorf("Update: -want error, +got error:\n%s", diff)
	}
	_, err = e.Delete(t.Context(), cr)
	if diff := cmp.Diff(`cannot delete "`+id+`"`+why, text(err)); diff != "" {
		t.Errorf("Delete: -want error, +got error:\n%s", diff)
	}
}
