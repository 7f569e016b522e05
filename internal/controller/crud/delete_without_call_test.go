// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"errors"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"

	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
)

type openerFn func() (*connect.Access, error)

func (f openerFn) Connect(context.Context, resource.ModernManaged, *string) (*connect.Access, error) {
	return f()
}

// TestADeletionWithoutACallNeedsNoConnection shows that an object whose resource OpenAI has no
// call to delete can be deleted although its configuration is broken.
func TestADeletionWithoutACallNeedsNoConnection(t *testing.T) {
	f := newFixture(t)
	wrong := errors.New("the Secret does not exist")
	opener := openerFn(func() (*connect.Access, error) { return nil, wrong })
	cr := f.account(t, "backend", "proj_1")
	undeletable := kinds.ProjectServiceAccount
	undeletable.Delete = nil
	if _, err := undeletable.Client(t.Context(), f.kube, opener, f.Now, cr); !errors.Is(err, wrong) {
		t.Errorf("Connect of an object that is not deleted: want %v, got %v", wrong, err)
	}
	deleted(cr)
	if _, err := kinds.ProjectServiceAccount.Client(t.Context(), f.kube, opener, f.Now, cr); !errors.Is(err, wrong) {
		t.Errorf("Connect to delete with a call: want %v, got %v", wrong, err)
	}
	e, err := undeletable.Client(t.Context(), f.kube, opener, f.Now, cr)
	if err != nil {
		t.Fatalf("Connect to delete without a call: %v", err)
	}
	if o, err := e.Observe(t.Context(), cr); err != nil || o.ResourceExists {
		t.Errorf("Observe: want nothing to delete, got %+v, error %v", o, err)
	}
	if err := e.Disconnect(t.Context()); err != nil {
		t.Errorf("Disconnect: %v", err)
	}
}
