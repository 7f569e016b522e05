// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package inuse keeps provider configurations and their Secrets until the managed resources that need
// them were deleted: it adds the finalizers, and removes them.
package inuse

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"k8s.io/apimachinery/pkg/api/equality"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/controller/controllerutil"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Usages record which managed resources use which provider configurations, as the tracker of
// crossplane-runtime does. Those of the tracker block the deletion of their owner in the foreground.
// These must not: they have a finalizer until the owner was deleted, so that the deletion would never end.
type Usages struct{ Client client.Client }

// Track records that a managed resource uses a provider configuration. It completes usages made by
// earlier versions, and those that lost their owner.
func (u Usages) Track(ctx context.Context, mg resource.ModernManaged, ref xpv2.ProviderConfigReference) error {
	gvk, err := apiutil.GVKForObject(mg, u.Client.Scheme())
	if err != nil {
		return fmt.Errorf("cannot determine the kind of %q: %w", mg.GetName(), err)
	}
	have := &v1alpha1.ProviderConfigUsage{}
	have.SetNamespace(mg.GetNamespace())
	have.SetName(string(mg.GetUID()))
	err = u.Client.Get(ctx, client.ObjectKeyFromObject(have), have)
	if kerrors.IsNotFound(err) {
		complete(have, mg, gvk, ref)
		err = u.Client.Create(ctx, have)
		// No object can be created in a namespace that is being deleted, and a managed resource
		// that is being deleted has to continue without its usage.
		if kerrors.IsAlreadyExists(err) || (err != nil && meta.WasDeleted(mg)) {
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("cannot record the use of %s %q: %w", ref.Kind, ref.Name, err)
	}
	if c := metav1.GetControllerOf(have); c != nil && c.UID != mg.GetUID() {
		return terminal.Errorf("cannot record the use of %s %q: ProviderConfigUsage %q belongs to %s %q: delete it", ref.Kind, ref.Name, have.GetName(), c.Kind, c.Name)
	}
	before := have.DeepCopy()
	complete(have, mg, gvk, ref)
	if equality.Semantic.DeepEqual(before, have) {
		return nil
	}
	if err := u.Client.Patch(ctx, have, client.MergeFromWithOptions(before, client.MergeFromWithOptimisticLock{})); err != nil {
		return fmt.Errorf("cannot record the use of %s %q: %w", ref.Kind, ref.Name, err)
	}
	return nil
}

// complete sets everything that a usage needs: labels, owner, finalizer and references.
func complete(u *v1alpha1.ProviderConfigUsage, mg resource.ModernManaged, gvk schema.GroupVersionKind, ref xpv2.ProviderConfigReference) {
	meta.AddLabels(u, map[string]string{xpv2.LabelKeyProviderName: ref.Name, xpv2.LabelKeyProviderKind: ref.Kind})
	owners := slices.DeleteFunc(slices.Clone(u.GetOwnerReferences()), func(r metav1.OwnerReference) bool { return r.UID == mg.GetUID() })
	u.SetOwnerReferences(append(owners, ControllerReference(mg, gvk)))
	if u.GetDeletionTimestamp() == nil {
		controllerutil.AddFinalizer(u, Finalizer)
	}
	u.ProviderConfigReference = xpv2.ProviderConfigReference{Kind: ref.Kind, Name: ref.Name}
	u.ResourceReference = xpv2.TypedReference{APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind, Name: mg.GetName()}
}

// ControllerReference returns an owner reference that has an object garbage-collected with a managed
// resource, and does not block the deletion of that in the foreground.
func ControllerReference(mg resource.Managed, gvk schema.GroupVersionKind) metav1.OwnerReference {
	ref := meta.AsController(meta.TypedReferenceTo(mg, gvk))
	ref.BlockOwnerDeletion = new(bool)
	return ref
}
