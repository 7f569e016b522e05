// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
)

// TestWhoCameBackWithAnotherIDIsFound shows that what is looked up is not held on to once it is
// gone.
func TestWhoCameBackWithAnotherIDIsFound(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "person", f.newProject(t))
	s := &shelf{things: map[string]observation{"user-1": {ID: "user-1", Name: "ann@example.com"}}}
	k := with(s.parts(), "List")
	k.ID = func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount) (string, error) {
		return crud.LookUp(ctx, c, k.List, c.Project, func(o *observation) bool { return o.Name == "ann@example.com" })
	}
	k.Get = func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) (*observation, error) {
		if o, ok := s.things[id]; ok {
			return &o, nil
		}
		return nil, &apierror.Error{Class: apierror.ClassNotFound, Status: http.StatusNotFound, Message: "no such user"}
	}
	var got []string
	look := func() {
		// An error says that nobody has the former ID.
		_, err := connected(t, f, k, cr).Observe(t.Context(), cr)
		if err != nil {
			got = append(got, "gone")
			return
		}
		got = append(got, cr.Status.AtProvider.ID)
	}
	look()
	s.things = map[string]observation{"user-2": {ID: "user-2", Name: "ann@example.com"}}
	look()
	look()
	if diff := cmp.Diff([]string{"user-1", "gone", "user-2"}, got); diff != "" {
		t.Errorf("who is found: -want, +got:\n%s", diff)
	}
}
