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

// SkippingUnchanged returns a manager whose client spares the API server writes that change
// nothing, and the provider copies of usages that are only counted.
func SkippingUnchanged(mgr ctrl.Manager) ctrl.Manager { return thrifty{mgr} }

type thrifty struct{ ctrl.Manager }

// GetClient returns the client.
func (m thrifty) GetClient() client.Client { return thriftyClient{m.Manager.GetClient()} }

type thriftyClient struct{ client.Client }

// Get an object, and note what is stored of one that is being reconciled.
func (c thriftyClient) Get(ctx context.Context, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
	if err := c.Client.Get(ctx, key, o, opts...); err != nil {
		return err
	}
	see(ctx, o)
	return nil
}

// Patch an object, and note what is stored of one that is being reconciled.
func (c thriftyClient) Patch(ctx context.Context, o client.Object, p client.Patch, opts ...client.PatchOption) error {
	if err := c.Client.Patch(ctx, o, p, opts...); err != nil {
		return err
	}
	see(ctx, o)
	return nil
}

// Update the metadata of a managed resource or a provider configuration, if it changed:
// whatever else the runtime would write is what users wrote, or is written as a status.
func (c thriftyClient) Update(ctx context.Context, o client.Object, opts ...client.UpdateOption) error {
	switch o.(type) {
	case resource.Managed, resource.ProviderConfig:
		return writeMetadata(ctx, c.Client, o)
	}
	return c.Client.Update(ctx, o, opts...)
}

// List objects. The runtime counts all usages of a provider configuration whenever
// one of them changes: copies of them would cost the more, the more there are.
func (c thriftyClient) List(ctx context.Context, l client.ObjectList, opts ...client.ListOption) error {
	if usages, ok := l.(resource.ProviderConfigUsageList); ok {
		if err := uncopied(c).List(ctx, l, opts...); err != nil {
			return err
		}
		return genuine(ctx, c.Client, usages, opts...)
	}
	return c.Client.List(ctx, l, opts...)
}

// cached is what the cache has of an object, which must not be changed; nil if it has
// nothing.
func cached(ctx context.Context, cache client.Client, o client.Object) (client.Object, error) {
	gvk, err := cache.GroupVersionKindFor(o)
	if err != nil {
		return nil, fmt.Errorf("cannot tell the kind of %q: %w", o.GetName(), err)
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
		return nil, fmt.Errorf("cannot compare %q with what is known of it: %w", o.GetName(), err)
	}
	return known, nil
}

// Status returns a writer of statuses.
func (c thriftyClient) Status() client.SubResourceWriter {
	return thriftyStatus{SubResourceWriter: c.Client.Status(), cache: c.Client}
}

type thriftyStatus struct {
	client.SubResourceWriter
	cache client.Client
}

// Update the status of an object if it changed. The status of an object that has
// to wait for the rate limit stays as it is, unless something was achieved that the
// status must tell, or what was ready is not any more.
func (s thriftyStatus) Update(ctx context.Context, o client.Object, opts ...client.SubResourceUpdateOption) error {
	mg, ok := o.(resource.Managed)
	if !ok {
		return s.update(ctx, o, opts...)
	}
	sayPaused(mg)
	sayDeletionFails(mg)
	state := stateOf(ctx)
	state.end(mg)
	if state.onlyCreated && !state.writeStatusNow {
		return nil
	}
	if state.waits {
		o, err := cached(ctx, s.cache, mg)
		if err != nil {
			return err
		}
		known, ok := o.(resource.Managed)
		if !state.Progressed() && (!ok || !unusable(mg, known)) {
			return nil
		}
		if ok {
			keepVerdict(mg, known)
		}
	}
	state.stamp(mg)
	return s.update(ctx, o, opts...)
}

// update a status that changed.
func (s thriftyStatus) update(ctx context.Context, o client.Object, opts ...client.SubResourceUpdateOption) error {
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

// unusable reports whether what was ready is not any more, or why, which whoever uses it
// must learn at once.
func unusable(mg, known resource.Managed) bool {
	was, is := known.GetCondition(xpv2.TypeReady), mg.GetCondition(xpv2.TypeReady)
	if is.Status != corev1.ConditionFalse {
		return false
	}
	return was.Status == corev1.ConditionTrue || (is.Reason == xpv2.ReasonUnavailable && is.Message != was.Message)
}

// keepVerdict leaves it as it was whether the object is in sync, and whether a
// request to reconcile it was handled. Waiting does not change either.
func keepVerdict(mg, known resource.Managed) {
	synced := known.GetCondition(xpv2.TypeSynced)
	if synced.Reason == "" {
		// The runtime says so of every new object that waits for what it asked for.
		synced = xpv2.ReconcileSuccess().WithObservedGeneration(mg.GetGeneration())
	}
	mg.SetConditions(synced)

	type tracker interface {
		GetLastHandledReconcileAt() string
		SetLastHandledReconcileAt(token string)
	}
	if t, ok := mg.(tracker); ok {
		if k, ok := known.(tracker); ok {
			t.SetLastHandledReconcileAt(k.GetLastHandledReconcileAt())
		}
	}
}

// sameStatus compares statuses as the API server stores them, in which times have
// no fractions of seconds. A condition that only became what it was before made no
// transition, so that the time of one does not count.
func sameStatus(a, b client.Object) (bool, error) {
	x, err := storedStatus(a)
	if err != nil {
		return false, err
	}
	y, err := storedStatus(b)
	if err != nil {
		return false, err
	}
	return equality.Semantic.DeepEqual(x, y), nil
}

func storedStatus(o client.Object) (map[string]any, error) {
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

// uncopied lists the objects of the cache themselves, for who only counts them.
// Copies of ten thousand objects every few seconds cost much memory.
type uncopied struct{ client.Client }

// List objects, which must not be changed.
func (c uncopied) List(ctx context.Context, l client.ObjectList, opts ...client.ListOption) error {
	return c.Client.List(ctx, l, append(opts, client.UnsafeDisableDeepCopy)...)
}
