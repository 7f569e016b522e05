// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"errors"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type setting struct{ value string }

// DeepCopyInto is what is generated for the observation of a kind.
func (s *setting) DeepCopyInto(out *setting) { *out = *s }

// singleton is a kind that OpenAI neither creates nor deletes, and whose ID follows from the
// spec.
func singleton(o *setting) crud.Kind[*v1alpha1.Project, setting] {
	observed := setting{}
	return crud.Kind[*v1alpha1.Project, setting]{
		Scope:  crud.OfProject[*v1alpha1.Project](),
		Status: func(*v1alpha1.Project) *setting { return &observed },
		ID:     func(context.Context, *adminapi.Connection, *v1alpha1.Project) (string, error) { return "the-key", nil },
		Get: func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.Project, id string) (*setting, error) {
			if id != "the-key" {
				return nil, errors.New("asked for " + id)
			}
			if o == nil {
				return nil, &apierror.Error{Class: apierror.ClassNotFound}
			}
			now := *o
			return &now, nil
		},
		Update: func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.Project, _ string, diff []reconciler.Change) (*setting, error) {
			o.value = diff[0].To
			return nil, nil
		},
		Diff: func(cr *v1alpha1.Project, o *setting) []reconciler.Change {
			if desired := cr.Spec.ForProvider.Name; desired != nil && *desired != o.value {
				return []reconciler.Change{{Field: "name", From: o.value, To: *desired}}
			}
			return nil
		},
	}
}

func TestASingletonThatIsNeverCreatedOrDeleted(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "s")
	cr.Spec.ForProvider.Name = new("desired")

	k := singleton(&setting{value: "other"})
	if err := k.Validate(); err != nil {
		t.Fatalf("Validate: %v", err)
	}
	e := connected(t, f, k, cr)
	if o := observe(t, e, cr); !o.ResourceExists || o.ResourceUpToDate || o.Diff == "" {
		t.Errorf("Observe: want it to exist and to differ, got %+v", o)
	}
	if status, _ := ready(cr); status != corev1.ConditionTrue {
		t.Errorf("Ready of a kind that is always ready: want True, got %s", status)
	}
	stored := &v1alpha1.Project{}
	if err := f.kube.Get(t.Context(), client.ObjectKeyFromObject(cr), stored); err != nil {
		t.Fatal(err)
	}
	if got := meta.GetExternalName(stored); got != "the-key" {
		t.Errorf("external name at the API server: want the ID that follows from the spec, got %q", got)
	}

	// The reply does not show the resource, so that it is read again.
	if _, err := e.Update(t.Context(), cr); err != nil {
		t.Fatalf("Update: %v", err)
	}
	if got := k.Status(cr).value; got != "desired" {
		t.Errorf("status after an update: want %q, got %q", "desired", got)
	}

	deleted(cr)
	if o := observe(t, e, cr); o.ResourceExists {
		t.Error("Observe: want nothing to wait for, since OpenAI cannot delete it")
	}
}

func TestAMissingResourceWithoutACreateCallIsReported(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "s")
	e := connected(t, f, singleton(nil), cr)
	_, err := e.Observe(t.Context(), cr)
	var gone *reconciler.NotRecreatedError
	if !errors.As(err, &gone) || gone.ID != "the-key" {
		t.Errorf("Observe: want an error that says that %q does not exist, got %v", "the-key", err)
	}
	if meta.GetExternalName(cr) != "" {
		t.Error("Observe wrote the ID of a resource that does not exist")
	}
}

// TestAKindThatCannotBeUpdatedSaysSo covers an update that the runtime asks for nevertheless.
func TestAKindThatCannotBeUpdatedSaysSo(t *testing.T) {
	f := newFixture(t)
	cr := f.project(t, "s")
	k := singleton(&setting{})
	k.Update, k.Diff = nil, nil
	e := connected(t, f, k, cr)
	if o := observe(t, e, cr); !o.ResourceUpToDate {
		t.Errorf("Observe: want it up to date, got %+v", o)
	}
	if _, err := e.Update(t.Context(), cr); !errors.Is(err, crud.ErrImmutable) {
		t.Errorf("Update without a call: want %v, got %v", crud.ErrImmutable, err)
	}
}
