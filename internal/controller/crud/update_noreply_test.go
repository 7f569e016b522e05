// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// TestAnUpdateWithoutAReplyIsReadWithAGet: lists may not show a change at once.
func TestAnUpdateWithoutAReplyIsReadWithAGet(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "robot", f.newProject(t))
	listed := &fakeResources{byID: map[string]observation{"res-1": {ID: "res-1", Role: "member"}}}
	current := observation{ID: "res-1", Role: "member"}
	k := with(listed.parts(), "List")
	k.Get = func(context.Context, *adminapi.Connection, *v1alpha1.ProjectServiceAccount, string) (*observation, error) {
		return new(current), nil
	}
	k.Diff = func(_ *v1alpha1.ProjectServiceAccount, o *observation) []reconciler.Change {
		if o.Role == "owner" {
			return nil
		}
		return []reconciler.Change{{Field: "role", From: o.Role, To: "owner"}}
	}
	updates := 0
	k.Update = func(context.Context, *adminapi.Connection, *v1alpha1.ProjectServiceAccount, string, []reconciler.Change) (*observation, error) {
		updates++
		current.Role = "owner"
		return nil, nil
	}
	meta.SetExternalName(cr, "res-1")
	e := connected(t, f, k, cr)
	if o := observe(t, e, cr); o.ResourceUpToDate {
		t.Fatal("want a difference")
	}
	if _, err := e.Update(t.Context(), cr); err != nil {
		t.Fatalf("Update: %v", err)
	}
	o := observe(t, e, cr)
	_, message := ready(cr)
	if diff := cmp.Diff([]any{true, 1, "owner", ""}, []any{o.ResourceUpToDate, updates, cr.Status.AtProvider.Role, message}); diff != "" {
		t.Errorf("up to date, updates, role and message: -want, +got:\n%s", diff)
	}
}
