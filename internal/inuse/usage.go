// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package inuse keeps provider configurations and their credentials until the managed resources
// that need them are gone: it sets the finalizers, and takes them off again.
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

// Usages record which managed resources use which provider configurations.
//
// crossplane-runtime's tracker makes them block the deletion of their owners. They
// also wait for their owners to be gone, so that a deletion in the foreground would
// never end: these do not block it.
type Usages struct{ Client client.Client }

// Track the use of a provider configuration. Usages of former versions, and those that
// lost their owner, are corrected.
func (u Usages) Track(ctx context.Context, mg resource.ModernManaged, ref xpv2.ProviderConfigReference) error {
	gvk, err := apiutil.GVKForObject(mg, u.Client.Scheme())
	if err != nil {
		return fmt.Errorf("cannot tell the kind of %q: %w", mg.GetName(), err)
	}
	have := &v1alpha1.ProviderConfigUsage{}
	have.SetNamespace(mg.GetNamespace())
	have.SetName(string(mg.GetUID()))
	err = u.Client.Get(ctx, client.ObjectKeyFromObject(have), have)
	if kerrors.IsNotFound(err) {
		complete(have, mg, gvk, ref)
		err = u.Client.Create(ctx, have)
		// A namespace that is being deleted takes no new objects, and one that is to go has
		// to go on without.
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

// complete a usage, so that it says all that it has to.
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

// ControllerReference makes an object go with a managed resource without holding up
// the deletion of that in the foreground: what is made here waits for the managed
// resource, or is of no account to its end.
func ControllerReference(mg resource.Managed, gvk schema.GroupVersionKind) metav1.OwnerReference {
	ref := meta.AsController(meta.TypedReferenceTo(mg, gvk))
	ref.BlockOwnerDeletion = new(bool)
	return ref
}
