// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

type (
	accountKind = crud.Kind[*v1alpha1.ProjectServiceAccount, v1alpha1.ProjectServiceAccountObservation]
	observation = v1alpha1.ProjectServiceAccountObservation
)

// fakeResources are what exists at OpenAI in a test, by ID.
type fakeResources struct{ byID map[string]observation }

func (s *fakeResources) list() *inventory.Collection[*adminapi.Connection, observation] {
	return &inventory.Collection[*adminapi.Connection, observation]{
		Name: "test",
		ID:   func(o *observation) string { return o.ID },
		Page: func(context.Context, *adminapi.Connection, string, string) ([]observation, string, error) {
			var out []observation
			for _, o := range s.byID {
				out = append(out, o)
			}
			return out, "", nil
		},
	}
}

// parts are the functions that a kind may leave out.
func (s *fakeResources) parts() map[string]func(k *accountKind) {
	find := func(id string) (*observation, error) {
		if o, ok := s.byID[id]; ok {
			return &o, nil
		}
		return nil, &apierror.Error{Class: apierror.ClassTransient, Message: "not there"}
	}
	return map[string]func(k *accountKind){
		"ID": func(k *accountKind) {
			k.ID = func(context.Context, *adminapi.Connection, *v1alpha1.ProjectServiceAccount) (string, error) {
				return "res-1", nil
			}
		},
		"List": func(k *accountKind) { k.List = s.list() },
		"Parent": func(k *accountKind) {
			k.Parent = func(*adminapi.Connection, *v1alpha1.ProjectServiceAccount) string { return "parent-1" }
		},
		"ParentGone": func(k *accountKind) {
			k.ParentGone = func(context.Context, *adminapi.Connection, *v1alpha1.ProjectServiceAccount) bool { return true }
		},
		"Get": func(k *accountKind) {
			k.Get = func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) (*observation, error) {
				return find(id)
			}
		},
		"CreateRoute": func(k *accountKind) { k.CreateRoute = ratelimit.CreateServiceAccount },
		"Create": func(k *accountKind) {
			k.Create = func(context.Context, *adminapi.Connection, *v1alpha1.ProjectServiceAccount) (*observation, error) {
				s.byID["res-1"] = observation{ID: "res-1", Name: "robot"}
				return find("res-1")
			}
		},
		"Names": func(k *accountKind) {
			k.Names = func(_ *v1alpha1.ProjectServiceAccount, o *observation) (string, string) { return "robot", o.Name }
		},
		"Match": func(k *accountKind) {
			k.Match = func(*v1alpha1.ProjectServiceAccount, *observation) bool { return true }
		},
		"CreatedAt": func(k *accountKind) { k.CreatedAt = func(*observation) time.Time { return start } },
		"Update": func(k *accountKind) {
			k.Update = func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string, _ []reconciler.Change) (*observation, error) {
				return find(id)
			}
		},
		"Recheck": func(k *accountKind) { k.Recheck = func(reconciler.Change) bool { return true } },
		"Diff": func(k *accountKind) {
			k.Diff = func(_ *v1alpha1.ProjectServiceAccount, o *observation) []reconciler.Change {
				return []reconciler.Change{{Field: "role", From: o.Role, To: "owner"}}
			}
		},
		"Delete": func(k *accountKind) {
			k.Delete = func(_ context.Context, _ *adminapi.Connection, _ *v1alpha1.ProjectServiceAccount, id string) error {
				delete(s.byID, id)
				return nil
			}
		},
		"Own": func(k *accountKind) { k.SetLocal = func(*v1alpha1.ProjectServiceAccount, *observation) {} },
		"CountsAsDeleted": func(k *accountKind) {
			k.CountsAsDeleted = func(*v1alpha1.ProjectServiceAccount, *observation) string { return "" }
		},
		"NotReady": func(k *accountKind) { k.NotReady = func(*observation) string { return "" } },
	}
}

func with(parts map[string]func(k *accountKind), names ...string) accountKind {
	k := accountKind{
		Scope:  crud.InProject[*v1alpha1.ProjectServiceAccount](),
		Status: func(cr *v1alpha1.ProjectServiceAccount) *observation { return &cr.Status.AtProvider },
	}
	for _, name := range names {
		parts[name](&k)
	}
	return k
}

func TestAKindThatLeavesOutWhatItNeedsIsRefused(t *testing.T) {
	cases := map[string]struct {
		reason string
		parts  []string
		change func(k *accountKind)
		want   []string
	}{
		"OnlyGot":            {reason: "A singleton needs no more.", parts: []string{"ID", "Get"}},
		"OnlyListed":         {reason: "A rate limit is no more than listed and updated.", parts: []string{"ID", "List", "Update", "Diff"}},
		"CreatedByName":      {reason: "It is found by its name.", parts: []string{"List", "Get", "Create", "CreateRoute", "Names", "CreatedAt", "Delete"}},
		"CreatedByItsFields": {reason: "It has neither a name nor a time of creation.", parts: []string{"List", "Get", "Create", "CreateRoute", "Match", "Delete"}},
		"Assignment":         {reason: "Its ID follows from the spec, so that no create has to be recovered.", parts: []string{"ID", "Get", "Create", "CreateRoute", "Delete"}},
		"Nothing":            {reason: "There is no way to see it.", want: []string{"neither be read nor listed"}},
		"WithoutScope":       {reason: "It would escape its configuration.", parts: []string{"ID", "Get"}, change: func(k *accountKind) { k.Scope = crud.Scope[*v1alpha1.ProjectServiceAccount]{} }, want: []string{"set its Scope"}},
		"WithoutStatus":      {reason: "The observation would be lost.", parts: []string{"ID", "Get"}, change: func(k *accountKind) { k.Status = nil }, want: []string{"set its Status"}},
		"ParentOfNothing":    {reason: "Only a list has a parent.", parts: []string{"ID", "Get", "Parent"}, want: []string{"set its List, or no Parent"}},
		"WithoutParentGone":  {reason: "A list that is not found proves nothing, so that no deletion would end.", parts: []string{"ID", "List", "Parent", "Delete"}, want: []string{"set its ParentGone"}},
		"ParentGoneOfNone":   {reason: "There is no parent that could be gone.", parts: []string{"ID", "Get", "ParentGone"}, want: []string{"or no ParentGone"}},
		"BelowAParent":       {reason: "It ends with that.", parts: []string{"ID", "List", "Parent", "ParentGone", "Delete"}},
		"DiffAlone":          {reason: "It would differ for ever.", parts: []string{"ID", "Get", "Diff"}, want: []string{"both Update and Diff"}},
		"UpdateAlone":        {reason: "It would never be called.", parts: []string{"ID", "Get", "Update"}, want: []string{"both Update and Diff"}},
		"CreateWithoutRoute": {reason: "No call of it could be reserved.", parts: []string{"ID", "Get", "Create"}, want: []string{"CreateRoute"}},
		"CreateWithoutList":  {reason: "What an interrupted create made could not be found.", parts: []string{"Get", "Create", "CreateRoute", "Names"}, want: []string{"no List to find"}},
		"CreateWithoutNames": {reason: "It could be anything in the list.", parts: []string{"Get", "List", "Create", "CreateRoute"}, want: []string{"Names or its Match"}},
		"RecheckOfNothing":   {reason: "It could not read the resource again.", parts: []string{"ID", "List", "Recheck", "Update", "Diff"}, want: []string{"Recheck without"}},
		"SeveralMissing":     {reason: "One error has all of them.", parts: []string{"Parent", "Update"}, want: []string{"neither be read nor listed", "no Parent", "both Update and Diff"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			k := with((&fakeResources{}).parts(), tc.parts...)
			if tc.change != nil {
				tc.change(&k)
			}
			err := k.Validate()
			if (err != nil) != (len(tc.want) > 0) {
				t.Fatalf("%s\nValidate: want an error: %t, got %v", tc.reason, len(tc.want) > 0, err)
			}
			for _, want := range tc.want {
				if !strings.Contains(text(err), want) {
					t.Errorf("%s\nValidate: want %q in the error, got %v", tc.reason, want, err)
				}
			}
		})
	}
}

// TestAValidKindNeverPanics takes every combination of functions that Validate accepts through
// the life of an object.
func TestAValidKindNeverPanics(t *testing.T) {
	f := newFixture(t)
	project := f.newProject(t)
	first := f.account(t, "first", project)
	access, err := f.openai.Connect(t.Context(), first, nil)
	if err != nil {
		t.Fatalf("Connect: %v", err)
	}
	conn, err := access.InProject(t.Context(), &project)
	if err != nil {
		t.Fatalf("InProject: %v", err)
	}
	s := &fakeResources{}
	parts := s.parts()
	var names []string
	for name := range parts {
		names = append(names, name)
	}
	valid := 0
	for set := range 1 << len(names) {
		var chosen []string
		for i, name := range names {
			if set&(1<<i) != 0 {
				chosen = append(chosen, name)
			}
		}
		k := with(parts, chosen...)
		if k.Validate() != nil {
			continue
		}
		valid++
		for _, there := range []bool{false, true} {
			s.byID = map[string]observation{}
			cr := first.DeepCopy()
			if there {
				s.byID["res-1"] = observation{ID: "res-1", Name: "robot"}
				meta.SetExternalName(cr, "res-1")
			}
			live(t, chosen, k.On(conn, f.kube, f.Now), cr)
		}
	}
	if valid < 1000 {
		t.Errorf("want most combinations to be tried, got %d", valid)
	}
}

// live takes an object through its life, whatever the calls return.
func live(t *testing.T, parts []string, e managed.TypedExternalClient[*v1alpha1.ProjectServiceAccount], cr *v1alpha1.ProjectServiceAccount) {
	t.Helper()
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("a kind with %v panics: %v\n%s", parts, p, debug.Stack())
		}
	}()
	ctx := t.Context()
	_, _ = e.Observe(ctx, cr)
	_, _ = e.Create(ctx, cr)
	_, _ = e.Observe(ctx, cr)
	_, _ = e.Update(ctx, cr)
	interrupted := cr.DeepCopy()
	meta.RemoveAnnotations(interrupted, meta.AnnotationKeyExternalName)
	crud.CreateBegan(interrupted, start)
	_, _ = e.Observe(ctx, interrupted)
	deleted(cr)
	if o, err := e.Observe(ctx, cr); err == nil && o.ResourceExists {
		_, _ = e.Delete(ctx, cr)
		_, _ = e.Observe(ctx, cr)
	}
}

func TestAnObservationThatCannotBeCopiedIsRefused(t *testing.T) {
	k := crud.Kind[*v1alpha1.ProjectServiceAccount, struct{}]{}
	if err := k.Validate(); !strings.Contains(text(err), "generate its DeepCopyInto") {
		t.Errorf("want it named, as the status would share it with everybody, got %v", err)
	}
}
