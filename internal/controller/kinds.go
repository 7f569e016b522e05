// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controller

import (
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// A Kind of managed resources.
type Kind interface {
	// New returns an empty object of the kind.
	New() setup.Object
	// Validate fails for a kind that leaves out what it needs.
	Validate() error
	// Setup adds the controller of the kind to a manager.
	Setup(mgr ctrl.Manager, o setup.Options) error
}
