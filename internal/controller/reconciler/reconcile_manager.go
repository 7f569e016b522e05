// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/workqueue"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"
	"sigs.k8s.io/controller-runtime/pkg/source"
)

// A requestQueue is the queue of a controller.
type requestQueue = workqueue.TypedRateLimitingInterface[reconcile.Request]

// queueOf is a source of a controller that keeps its queue, so that other controllers can have an object
// of the kind reconciled.
func (idx *Ownership) queueOf(kind string) source.Source {
	return source.Func(func(_ context.Context, q requestQueue) error {
		idx.mu.Lock()
		defer idx.mu.Unlock()
		idx.queues[kind] = q
		return nil
	})
}

// IsManaged reports whether an object manages the resource of a kind with an ID, and whether one maintains it,
// so that it sets right what others change: it may update, is not paused, and is not being deleted.
func IsManaged(ctx context.Context, kind, id string) (managed, maintained bool, err error) {
	idx := stateOf(ctx).ownership
	if idx == nil {
		return false, false, nil
	}
	managers, err := idx.managersOf(ctx, externalID{kind: kind, id: id})
	return len(managers) > 0, slices.ContainsFunc(managers, func(o Object) bool {
		return Allows(o, xpv2.ManagementActionUpdate) && !meta.IsPaused(o) && !meta.WasDeleted(o)
	}), err
}

// IsManagerDeleted reports whether the object that manages the resource of a kind with an ID is being deleted.
func IsManagerDeleted(ctx context.Context, kind, id string) bool {
	idx := stateOf(ctx).ownership
	if idx == nil {
		return false
	}
	managers, err := idx.managersOf(ctx, externalID{kind: kind, id: id})
	return err == nil && slices.ContainsFunc(managers, func(o Object) bool { return meta.WasDeleted(o) })
}

// ReconcileManager has the object reconciled that manages the resource of a kind with an ID, because the reconcile
// of another object may have changed that. Otherwise the next poll would show it.
func ReconcileManager(ctx context.Context, kind, id string) {
	idx := stateOf(ctx).ownership
	if idx == nil {
		return
	}
	managers, err := idx.managersOf(ctx, externalID{kind: kind, id: id})
	if err != nil {
		return
	}
	for _, o := range managers {
		idx.Enqueue(kind, client.ObjectKeyFromObject(o))
	}
}

// Enqueue has an object of a kind reconciled, if the kind has a controller.
func (idx *Ownership) Enqueue(kind string, object types.NamespacedName) {
	idx.mu.Lock()
	q := idx.queues[kind]
	idx.mu.Unlock()
	if q != nil {
		q.Add(reconcile.Request{NamespacedName: object})
	}
}
