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

// TestAUserWhoCameBackWithAnotherIDIsFound shows that an ID that was looked up is looked up again
// once its resource is gone.
func TestAUserWhoCameBackWithAnotherIDIsFound(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "person", f.newProject(t))
	s := &fakeResources{byID: map[string]observation{"user-1": {ID: "user-1", Name: "ann@example.com"}}}
	k := with(s.parts(), "List")
	k.ID = func(ctx context.Context, c *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount) (string, error) {
		return crud.LookUp(ctx, c, k.List, c.Project, func(o *observation) bool { return o.Name == "ann@example.com" })
	}
	k.Get = func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) (*observation, error) {
		if o, ok := s.byID[id]; ok {
			return &o, nil
		}
		return nil, &apierror.Error{Class: apierror.ClassNotFound, Status: http.StatusNotFound, Message: "no such user"}
	}
	var got []string
	observeOnce := func() {
		// It fails if no user has the ID any more.
		_, err := connected(t, f, k, cr).Observe(t.Context(), cr)
		if err != nil {
			got = append(got, "gone")
			return
		}
		got = append(got, cr.Status.AtProvider.ID)
	}
	observeOnce()
	s.byID = map[string]observation{"user-2": {ID: "user-2", Name: "ann@example.com"}}
	observeOnce()
	observeOnce()
	if diff := cmp.Diff([]string{"user-1", "gone", "user-2"}, got); diff != "" {
		t.Errorf("observed IDs: -want, +got:\n%s", diff)
	}
}
