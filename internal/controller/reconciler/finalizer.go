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

// finalizer adds and removes the finalizer of managed resources, and writes nothing else of them. The
// finalizer of the runtime writes the whole object, and the reply would replace the status in
// memory, which is observed by then and not written yet.
type finalizer struct {
	client    client.Client
	ownership *Ownership
}

// AddFinalizer to an object, unless it waits for the objects that it refers to: then nothing was
// created that would have to be deleted.
func (f finalizer) AddFinalizer(ctx context.Context, o resource.Object) error {
	if meta.FinalizerExists(o, managed.FinalizerName) {
		return nil
	}
	if stateOf(ctx).unresolvedReference != "" {
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
	f.ownership.forget(o.GetUID())
	if !meta.FinalizerExists(o, managed.FinalizerName) {
		return nil
	}
	meta.RemoveFinalizer(o, managed.FinalizerName)
	if err := client.IgnoreNotFound(writeMetadata(ctx, f.client, o)); err != nil {
		return fmt.Errorf("cannot remove the finalizer: %w", err)
	}
	if mg, ok := o.(resource.Managed); ok {
		if left := orphanedEvent(mg); left != nil {
			emit(ctx, mg, *left)
		}
	}
	return nil
}
