// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package rig starts a control plane with the provider's kinds, for suites.
package rig

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
)

// A Rig is a control plane with the provider's kinds, and a client for them.
type Rig struct {
	*controlplane.ControlPlane

	Kube client.Client
}

// Options are what a suite needs in addition.
type Options struct {
	// ControllerManager is as in [controlplane.Options].
	ControllerManager bool

	// CRDs is a folder of more CustomResourceDefinitions; empty: there are none.
	CRDs string

	// AddToScheme adds their types to the client's scheme; nil: there are none.
	AddToScheme func(*runtime.Scheme) error
}

// Start a rig. Stop ends it.
func Start(ctx context.Context, o Options) (*Rig, error) {
	root, err := controlplane.Checkout()
	if err != nil {
		return nil, err
	}
	scheme, err := controller.Scheme()
	if err != nil {
		return nil, err
	}
	if o.AddToScheme != nil {
		if err := o.AddToScheme(scheme); err != nil {
			return nil, fmt.Errorf("cannot make the scheme: %w", err)
		}
	}
	crds := []string{filepath.Join(root, "package", "crds")}
	if o.CRDs != "" {
		crds = append(crds, o.CRDs)
	}
	cp, err := controlplane.Start(ctx, controlplane.Options{CRDDirectories: crds, ControllerManager: o.ControllerManager})
	if err != nil {
		return nil, err
	}
	kube, err := client.New(cp.Config, client.Options{Scheme: scheme})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("cannot make a client for the control plane: %w", err), cp.Stop()) //nolint:contextcheck // Stop continues after the context has ended
	}
	return &Rig{ControlPlane: cp, Kube: kube}, nil
}
