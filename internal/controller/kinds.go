// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

import (
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A Kind of managed resources.
type Kind interface {
	// New returns an empty object of the kind.
	New() reconciler.Object
	// Validate fails for a kind that leaves out what it needs.
	Validate() error
	// Setup adds the controller of the kind to a manager.
	Setup(mgr ctrl.Manager, o reconciler.Options) error
}
