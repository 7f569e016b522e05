// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package controller lists the controllers of the provider.
package controller

import (
	"fmt"
	"slices"

	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/clusteridentity"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// Setup adds every controller of the provider to a manager, and those of more kinds, as tests do.
func Setup(mgr ctrl.Manager, o reconciler.Options, more ...Kind) error {
	// A connector without this check would let tenants use projects that others manage.
	o.Connector.CheckProjects(o.Ownership.CheckProject)
	if err := mgr.Add(o.Connector); err != nil {
		return fmt.Errorf("cannot add what drops unused clients of OpenAI: %w", err)
	}
	if o.ClusterIdentity == nil {
		var err error
		if o.ClusterIdentity, err = clusteridentity.NewFollower(mgr.GetConfig(), mgr.GetHTTPClient(), o.ClusterIdentityInterval, o.Logger); err != nil {
			return fmt.Errorf("cannot follow the signing keys of this cluster: %w", err)
		}
	}
	if err := mgr.Add(o.ClusterIdentity); err != nil {
		return fmt.Errorf("cannot follow the signing keys of this cluster: %w", err)
	}
	for _, add := range []func(ctrl.Manager, reconciler.Options) error{
		func(mgr ctrl.Manager, o reconciler.Options) error {
			return setupProviderConfig(mgr, o, &v1alpha1.ProviderConfig{}, v1alpha1.ProviderConfigKind)
		},
		func(mgr ctrl.Manager, o reconciler.Options) error {
			return setupProviderConfig(mgr, o, &v1alpha1.ClusterProviderConfig{}, v1alpha1.ClusterProviderConfigKind)
		},
		setupInUse,
	} {
		if err := add(mgr, o); err != nil {
			return err
		}
	}
	for _, k := range append(slices.Clone(Kinds), more...) {
		if err := k.Setup(mgr, o); err != nil {
			return err
		}
	}
	return nil
}
