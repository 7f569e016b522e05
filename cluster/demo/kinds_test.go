// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"

	xpextv1alpha1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1alpha1"
	pkgv1 "github.com/crossplane/crossplane/apis/v2/pkg/v1"
	pkgv1beta1 "github.com/crossplane/crossplane/apis/v2/pkg/v1beta1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/runtime"
)

// addInstallation adds the kinds that examples of how to install the provider have.
func addInstallation(scheme *runtime.Scheme) error {
	return errors.Join(
		networkingv1.AddToScheme(scheme),
		pkgv1.AddToScheme(scheme),
		pkgv1beta1.AddToScheme(scheme),
		xpextv1alpha1.AddToScheme(scheme),
	)
}
