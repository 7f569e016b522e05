// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/builder"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/event"
	"sigs.k8s.io/controller-runtime/pkg/handler"
	"sigs.k8s.io/controller-runtime/pkg/predicate"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/inuse"
)

// setupInUse adds the controller that removes the finalizers of usages and credentials once the managed
// resources that need them were deleted.
func setupInUse(mgr ctrl.Manager, o reconciler.Options) error {
	r := inuse.NewReleaser(mgr.GetClient(), mgr.GetAPIReader())
	byNamespace := handler.EnqueueRequestsFromMapFunc(func(_ context.Context, o client.Object) []reconcile.Request {
		return []reconcile.Request{{NamespacedName: types.NamespacedName{Namespace: o.GetNamespace()}}}
	})
	return reconciler.WhenEstablished(o, func() error {
		if err := ctrl.NewControllerManagedBy(mgr).
			Named("in-use").
			WithOptions(o.ForControllerRuntime()).
			Watches(&v1alpha1.ProviderConfigUsage{}, byNamespace, builder.WithPredicates(deletions())).
			Watches(&v1alpha1.ProviderConfig{}, byNamespace).
			Complete(r); err != nil {
			return fmt.Errorf("cannot set up the controller of usages: %w", err)
		}
		return nil
	}, v1alpha1.SchemeGroupVersion.WithKind("ProviderConfigUsage"), v1alpha1.SchemeGroupVersion.WithKind(v1alpha1.ProviderConfigKind))
}

// deletions accepts the events of objects that are being deleted or were deleted, as only these can release
// anything.
func deletions() predicate.Predicate {
	p := predicate.NewPredicateFuncs(func(o client.Object) bool { return meta.WasDeleted(o) })
	p.DeleteFunc = func(event.DeleteEvent) bool { return true }
	return p
}
