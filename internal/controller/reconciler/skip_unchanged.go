// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// SkippingUnchanged returns a manager for crossplane-runtime. Its client skips updates of managed
// resources and statuses that change nothing, writes only the metadata of managed resources, and
// counts the usages of a provider configuration without copies of them. Of one that is being deleted it
// leaves out those that no managed resource made.
func SkippingUnchanged(mgr ctrl.Manager) ctrl.Manager { return runtimeManager{mgr} }

type runtimeManager struct{ ctrl.Manager }

// GetClient returns the client.
func (m runtimeManager) GetClient() client.Client {
	return runtimeClient{m.Manager.GetClient()}
}

type runtimeClient struct{ client.Client }

// Get an object, and keep what is stored if it is being reconciled.
func (c runtimeClient) Get(ctx context.Context, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
	if err := c.Client.Get(ctx, key, o, opts...); err != nil {
		return err
	}
	recordRead(ctx, o)
	return nil
}

// Patch an object, and keep what is stored if it is being reconciled.
func (c runtimeClient) Patch(ctx context.Context, o client.Object, p client.Patch, opts ...client.PatchOption) error {
	if err := c.Client.Patch(ctx, o, p, opts...); err != nil {
		return err
	}
	recordRead(ctx, o)
	return nil
}

// Update the metadata of a managed resource or a provider configuration, if it changed. All else that
// the runtime would write belongs to users, or is part of the status.
func (c runtimeClient) Update(ctx context.Context, o client.Object, opts ...client.UpdateOption) error {
	switch o.(type) {
	case resource.Managed, resource.ProviderConfig:
		return writeMetadata(ctx, c.Client, o)
	}
	return c.Client.Update(ctx, o, opts...)
}

// List objects. The runtime counts all usages of a provider configuration whenever one of them changes,
// for which they need not be copied.
func (c runtimeClient) List(ctx context.Context, l client.ObjectList, opts ...client.ListOption) error {
	if usages, ok := l.(resource.ProviderConfigUsageList); ok {
		if err := uncopiedClient(c).List(ctx, l, opts...); err != nil {
			return err
		}
		return keepValidUsages(ctx, c.Client, usages, opts...)
	}
	return c.Client.List(ctx, l, opts...)
}

// cached is an object of the cache, which must not be changed; nil: the cache does not have it.
func cached(ctx context.Context, cache client.Client, o client.Object) (client.Object, error) {
	gvk, err := cache.GroupVersionKindFor(o)
	if err != nil {
		return nil, fmt.Errorf("cannot determine the kind of %q: %w", o.GetName(), err)
	}
	known, ok := resource.MustCreateObject(gvk, cache.Scheme()).(client.Object)
	if !ok {
		return nil, fmt.Errorf("%s is not a kind of object", gvk.Kind)
	}
	err = cache.Get(ctx, client.ObjectKeyFromObject(o), known, client.UnsafeDisableDeepCopy)
	if kerrors.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cannot compare %q with the cache: %w", o.GetName(), err)
	}
	return known, nil
}

// Status returns a writer of statuses.
func (c runtimeClient) Status() client.SubResourceWriter {
	return runtimeStatusWriter{SubResourceWriter: c.Client.Status(), cache: c.Client}
}

type runtimeStatusWriter struct {
	client.SubResourceWriter
	cache client.Client
}

// Update the status of an object if it changed. While an object waits for the rate limit its status
// stays as it is, unless something was created or deleted, or it became unavailable.
func (s runtimeStatusWriter) Update(ctx context.Context, o client.Object, opts ...client.SubResourceUpdateOption) error {
	mg, ok := o.(resource.Managed)
	if !ok {
		return s.update(ctx, o, opts...)
	}
	showPausedDeletion(mg)
	showDeletionFailure(mg)
	state := stateOf(ctx)
	state.end(mg)
	if state.onlyCreated && !state.writeStatusNow {
		return nil
	}
	if state.throttled {
		if !state.Progressed() && !becameUnavailable(&state.statusBefore, mg) {
			return nil
		}
		keepSynced(&state.statusBefore, mg)
	}
	state.complete(mg)
	return s.update(ctx, o, opts...)
}

// update a status that changed.
func (s runtimeStatusWriter) update(ctx context.Context, o client.Object, opts ...client.SubResourceUpdateOption) error {
	known, err := cached(ctx, s.cache, o)
	if err != nil {
		return err
	}
	if known != nil && known.GetResourceVersion() == o.GetResourceVersion() {
		if same, err := sameStatus(o, known); same || err != nil {
			return err
		}
	}
	return s.SubResourceWriter.Update(ctx, o, opts...)
}

// becameUnavailable reports whether a resource is not ready any more, or is unavailable for another
// reason, which its users must see at once.
func becameUnavailable(before *xpv2.ManagedResourceStatus, mg resource.Managed) bool {
	was, is := before.GetCondition(xpv2.TypeReady), mg.GetCondition(xpv2.TypeReady)
	if is.Status != corev1.ConditionFalse {
		return false
	}
	return was.Status == corev1.ConditionTrue || (is.Reason == xpv2.ReasonUnavailable && is.Message != was.Message)
}

// keepSynced keeps the Synced condition, and which request to reconcile was handled last. Waiting
// changes neither.
func keepSynced(before *xpv2.ManagedResourceStatus, mg resource.Managed) {
	synced := before.GetCondition(xpv2.TypeSynced)
	if synced.Reason == "" {
		// The object is new. Its reconcile made progress, which the runtime calls a success.
		synced = xpv2.ReconcileSuccess().WithObservedGeneration(mg.GetGeneration())
	}
	mg.SetConditions(synced)
	if o, ok := mg.(Object); ok {
		o.ManagedStatus().LastHandledReconcileAt = before.LastHandledReconcileAt
	}
}

// sameStatus reports whether two statuses are equal as the API server stores them, with times in whole
// seconds. The times of transitions do not count: a condition that was changed and changed back
// made none.
func sameStatus(a, b client.Object) (bool, error) {
	x, err := comparableStatus(a)
	if err != nil {
		return false, err
	}
	y, err := comparableStatus(b)
	if err != nil {
		return false, err
	}
	return equality.Semantic.DeepEqual(x, y), nil
}

func comparableStatus(o client.Object) (map[string]any, error) {
	u, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		return nil, fmt.Errorf("cannot compare the status of %q: %w", o.GetName(), err)
	}
	status, _, err := unstructured.NestedMap(u, "status")
	if err != nil {
		return nil, fmt.Errorf("cannot compare the status of %q: %w", o.GetName(), err)
	}
	conditions, _ := status["conditions"].([]any)
	for _, c := range conditions {
		if c, ok := c.(map[string]any); ok {
			delete(c, "lastTransitionTime")
		}
	}
	return status, nil
}

// uncopiedClient lists the objects of the cache themselves, for callers that only count them. Copies
// of ten thousand objects every few seconds would cost much memory.
type uncopiedClient struct{ client.Client }

// List objects, which must not be changed.
func (c uncopiedClient) List(ctx context.Context, l client.ObjectList, opts ...client.ListOption) error {
	return c.Client.List(ctx, l, append(opts, client.UnsafeDisableDeepCopy)...)
}
