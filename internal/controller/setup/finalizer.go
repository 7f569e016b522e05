// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// NewFinalizer returns what adds and removes the finalizer of managed resources. It
// keeps the status of the object that it adds the finalizer to. The API server answers
// a write with the status that it has stored, and what was observed a moment before
// would be lost until the next poll: a project that is only observed, or that exists
// already, would not be Ready before.
func NewFinalizer(kube client.Client) resource.Finalizer {
	return finalizer{resource.NewAPIFinalizer(kube, managed.FinalizerName)}
}

type finalizer struct{ resource.Finalizer }

// AddFinalizer to an object, of which nothing else changes.
func (f finalizer) AddFinalizer(ctx context.Context, o resource.Object) error {
	written, ok := o.DeepCopyObject().(resource.Object)
	if !ok {
		return fmt.Errorf("a copy of %T %q is not an object", o, o.GetName())
	}
	if err := f.Finalizer.AddFinalizer(ctx, written); err != nil {
		return err
	}
	o.SetFinalizers(written.GetFinalizers())
	o.SetResourceVersion(written.GetResourceVersion())
	return nil
}
