// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

import (
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/ratelimiter"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/providerconfig"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// setupProviderConfig adds the controller of a kind of provider configuration, which counts its usages
// and blocks its deletion while there are any.
func setupProviderConfig(mgr ctrl.Manager, o reconciler.Options, config client.Object, kind string) error {
	gvk := v1alpha1.SchemeGroupVersion.WithKind(kind)
	usage := v1alpha1.SchemeGroupVersion.WithKind("ProviderConfigUsage")
	add := func() error {
		name := providerconfig.ControllerName(gvk.GroupKind().String())
		of := resource.ProviderConfigKinds{
			Config:    gvk,
			Usage:     usage,
			UsageList: v1alpha1.SchemeGroupVersion.WithKind("ProviderConfigUsageList"),
		}
		r := providerconfig.NewReconciler(reconciler.SkippingUnchanged(mgr), of,
			providerconfig.WithLogger(o.Logger.WithValues("controller", name)),
			providerconfig.WithRecorder(reconciler.NewRecorder(mgr, o, name)))
		return ctrl.NewControllerManagedBy(mgr).
			Named(name).
			WithOptions(o.ForControllerRuntime()).
			For(config).
			Watches(&v1alpha1.ProviderConfigUsage{}, &resource.EnqueueRequestForProviderConfig{Kind: kind}).
			Complete(ratelimiter.NewReconciler(name, r, o.GlobalRateLimiter))
	}
	return reconciler.WhenEstablished(o, func() error {
		if err := add(); err != nil {
			return fmt.Errorf("cannot set up the controller of %s: %w", kind, err)
		}
		return nil
	}, gvk, usage)
}
