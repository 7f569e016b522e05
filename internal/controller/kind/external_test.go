// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kind_test

import (
	"context"
	"errors"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kind"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

type setting struct{ value string }

// singleton is a kind that OpenAI neither creates nor deletes, and whose ID follows
// from its spec.
func singleton(o *setting) kind.Kind[*v1alpha1.Project, setting] {
	return kind.Kind[*v1alpha1.Project, setting]{
		Object: &v1alpha1.Project{}, List: &v1alpha1.ProjectList{},
		Organization: func(*v1alpha1.Project) *string { return nil },
		Scope:        kind.OfProject[*v1alpha1.Project](),
		Key:          func(*v1alpha1.Project) string { return "the-key" },
		Get: func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.Project, id string) (*setting, error) {
			if id != "the-key" {
				return nil, errors.New("asked for " + id)
			}
			if o == nil {
				return nil, &adminapi.Error{Class: adminapi.ClassNotFound}
			}
			return o, nil
		},
		Observe: func(*adminapi.Connection, *v1alpha1.Project, *setting) {},
		Diff: func(cr *v1alpha1.Project, o *setting, _ bool) []setup.Change {
			return []setup.Change{{Field: "name", From: o.value, To: *cr.Spec.ForProvider.Name}}
		},
	}
}

func TestNilFunctions(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "s")
	wanted := "wanted"
	cr.Spec.ForProvider.Name = &wanted

	k := singleton(&setting{value: "other"})
	e := connect(t, f, k, cr)
	if o := observe(t, e, cr); !o.ResourceExists || o.ResourceUpToDate || o.Diff == "" {
		t.Errorf("Observe: want it to exist and to differ, got %+v", o)
	}
	if status, _ := ready(cr); status != corev1.ConditionTrue {
		t.Errorf("Ready of a kind that is always ready: want True, got %s", status)
	}
	if meta.GetExternalName(cr) != "" {
		t.Error("Observe changed the external name of a kind with a key")
	}

	_, err := e.Update(t.Context(), cr)
	if !errors.Is(err, kind.ErrImmutable) {
		t.Errorf("Update without a call: want %v, got %v", kind.ErrImmutable, err)
	}
	if diff := cmp.Diff(`cannot update "the-key": OpenAI has no call to change this: delete the object and create it anew`, text(err)); diff != "" {
		t.Errorf("Update without a call: -want error, +got error:\n%s", diff)
	}

	deleted(cr)
	if o := observe(t, e, cr); o.ResourceExists {
		t.Error("Observe: want an object that cannot be deleted at OpenAI to go at once")
	}
}

func TestNilCreate(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "s")
	e := connect(t, f, singleton(nil), cr)
	if o := observe(t, e, cr); o.ResourceExists {
		t.Error("Observe: want it not to exist")
	}
	_, err := e.Create(t.Context(), cr)
	if diff := cmp.Diff(`"the-key" does not exist, and OpenAI has no call to create it: correct the external name`, text(err)); diff != "" {
		t.Errorf("Create without a call: -want error, +got error:\n%s", diff)
	}
}
