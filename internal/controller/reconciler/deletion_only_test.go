// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// TestAnObjectThatMayOnlyDeleteChangesNothing shows that no kind has to ask whether it may create or
// update, and that the status still shows what is there.
func TestAnObjectThatMayOnlyDeleteChangesNothing(t *testing.T) {
	cases := map[string]struct {
		reason string
		found  managed.ExternalObservation
		ready  corev1.ConditionStatus
	}{
		"NothingThere": {"Nothing is created in its place.", managed.ExternalObservation{}, corev1.ConditionUnknown},
		"Different":    {"It stays as it is.", managed.ExternalObservation{ResourceExists: true}, corev1.ConditionTrue},
		"UpToDate":     {"What the configuration does not allow is said all the same.", managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, corev1.ConditionTrue},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			p := &v1alpha1.Project{}
			meta.SetExternalName(p, "proj_1")
			MarkCreated(p, "proj_1")
			f := newFixture(t, p)
			f.observe = func(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
				reconcilestate.Of(ctx).AllowDeletionOnly(errors.New("not allowed any more"))
				if tc.found.ResourceExists {
					mg.(*v1alpha1.Project).Status.AtProvider.Name = "checkout"
					mg.SetConditions(xpv2.Available())
				}
				return tc.found, nil
			}
			f.create = func(context.Context, resource.Managed) (managed.ExternalCreation, error) {
				t.Errorf("\n%s\nCreate was called", tc.reason)
				return managed.ExternalCreation{}, nil
			}
			f.update = func(context.Context, resource.Managed) (managed.ExternalUpdate, error) {
				t.Errorf("\n%s\nUpdate was called", tc.reason)
				return managed.ExternalUpdate{}, nil
			}
			f.reconcile(t)
			got := stored(t, f, &v1alpha1.Project{})
			if said := got.GetCondition(xpv2.TypeSynced).Message; !strings.HasPrefix(said, "observe failed: not allowed any more") {
				t.Errorf("\n%s\nSynced: %s", tc.reason, said)
			}
			if status := got.GetCondition(xpv2.TypeReady).Status; status != tc.ready {
				t.Errorf("\n%s\nReady: want %s, got %s", tc.reason, tc.ready, status)
			}
			if tc.found.ResourceExists && got.Status.AtProvider.Name != "checkout" {
				t.Errorf("\n%s\nthe status does not show what was observed: %+v", tc.reason, got.Status.AtProvider)
			}
		})
	}
}

// TestNoClientOfAnObjectThatMayOnlyDeleteIsAskedToChange shows that this does not depend on Observe.
func TestNoClientOfAnObjectThatMayOnlyDeleteIsAskedToChange(t *testing.T) {
	ctx, _ := reconcilestate.New(t.Context(), "")
	why := errors.New("not allowed any more")
	reconcilestate.Of(ctx).AllowDeletionOnly(why)
	e := external{ExternalClient: managed.ExternalClientFns{
		CreateFn: func(context.Context, resource.Managed) (managed.ExternalCreation, error) {
			t.Error("Create was called")
			return managed.ExternalCreation{}, nil
		},
		UpdateFn: func(context.Context, resource.Managed) (managed.ExternalUpdate, error) {
			t.Error("Update was called")
			return managed.ExternalUpdate{}, nil
		},
		DeleteFn: func(context.Context, resource.Managed) (managed.ExternalDelete, error) {
			return managed.ExternalDelete{}, nil
		},
	}}
	if _, err := e.Create(ctx, &v1alpha1.Project{}); !errors.Is(err, why) {
		t.Errorf("Create: want %v, got %v", why, err)
	}
	if _, err := e.Update(ctx, &v1alpha1.Project{}); !errors.Is(err, why) {
		t.Errorf("Update: want %v, got %v", why, err)
	}
	if _, err := e.Delete(ctx, &v1alpha1.Project{}); err != nil {
		t.Errorf("Delete: what was made can be ended, got %v", err)
	}
}
