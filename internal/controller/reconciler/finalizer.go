// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// finalizer adds and removes the finalizer of managed resources, and writes nothing
// else of them. The status in memory stays: what was observed a moment before would
// otherwise be lost until the next poll.
type finalizer struct {
	client client.Client
	claims *Ownership
}

// AddFinalizer to an object, unless it waits for what it refers to: then nothing was
// made that would have to be ended.
func (f finalizer) AddFinalizer(ctx context.Context, o resource.Object) error {
	if meta.FinalizerExists(o, managed.FinalizerName) {
		return nil
	}
	if stateOf(ctx).waitsFor != "" {
		return nil
	}
	meta.AddFinalizer(o, managed.FinalizerName)
	if err := writeMetadata(ctx, f.client, o); err != nil {
		return fmt.Errorf("cannot add the finalizer: %w", err)
	}
	return nil
}

// RemoveFinalizer of an object.
func (f finalizer) RemoveFinalizer(ctx context.Context, o resource.Object) error {
	f.claims.forget(o.GetUID())
	if !meta.FinalizerExists(o, managed.FinalizerName) {
		return nil
	}
	meta.RemoveFinalizer(o, managed.FinalizerName)
	if err := client.IgnoreNotFound(writeMetadata(ctx, f.client, o)); err != nil {
		return fmt.Errorf("cannot remove the finalizer: %w", err)
	}
	if mg, ok := o.(resource.Managed); ok {
		if left := orphaned(mg); left != nil {
			emit(ctx, mg, *left)
		}
	}
	return nil
}
