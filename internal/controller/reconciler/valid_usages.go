// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"fmt"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	apimeta "k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// keepValidUsages removes from a list the usages of a provider configuration that is being deleted
// that no managed resource made. Otherwise whoever may create usages in a namespace could prevent
// the deletion of a configuration that all namespaces share.
func keepValidUsages(ctx context.Context, c client.Client, l resource.ProviderConfigUsageList, opts ...client.ListOption) error {
	usages, ok := l.(*v1alpha1.ProviderConfigUsageList)
	if !ok {
		return fmt.Errorf("%T is not a list of usages", l)
	}
	if going, err := isConfigDeleted(ctx, c, opts...); err != nil || !going {
		return err
	}
	valid := make([]v1alpha1.ProviderConfigUsage, 0, len(usages.Items))
	for i := range usages.Items {
		ok, err := isValidUsage(ctx, c, &usages.Items[i])
		if err != nil {
			return err
		}
		if ok {
			valid = append(valid, withOwnerReference(usages.Items[i]))
		}
	}
	usages.Items = valid
	return nil
}

// withOwnerReference is a usage with its owner reference, which a deletion that orphans dependents
// removes. The runtime does not count a usage without one, although its managed resource may still
// need the configuration to delete what it manages.
func withOwnerReference(u v1alpha1.ProviderConfigUsage) v1alpha1.ProviderConfigUsage {
	if metav1.GetControllerOf(&u) == nil {
		ref := u.ResourceReference
		u.OwnerReferences = append(slices.Clone(u.OwnerReferences), metav1.OwnerReference{
			APIVersion: ref.APIVersion, Kind: ref.Kind, Name: ref.Name, UID: types.UID(u.GetName()), Controller: new(true),
		})
	}
	return u
}

// isConfigDeleted reports whether the provider configuration whose usages are listed, which the label
// selector names, is being deleted. Without such a selector it is not.
func isConfigDeleted(ctx context.Context, c client.Client, opts ...client.ListOption) (bool, error) {
	of := client.ListOptions{}
	of.ApplyOptions(opts)
	if of.LabelSelector == nil {
		return false, nil
	}
	name, _ := of.LabelSelector.RequiresExactMatch(xpv2.LabelKeyProviderName)
	kind, _ := of.LabelSelector.RequiresExactMatch(xpv2.LabelKeyProviderKind)
	gvk := v1alpha1.SchemeGroupVersion.WithKind(kind)
	if !c.Scheme().Recognizes(gvk) {
		return false, nil
	}
	pc, ok := resource.MustCreateObject(gvk, c.Scheme()).(resource.ProviderConfig)
	if !ok {
		return false, nil
	}
	err := c.Get(ctx, types.NamespacedName{Namespace: of.Namespace, Name: name}, pc, client.UnsafeDisableDeepCopy)
	if client.IgnoreNotFound(err) != nil {
		return false, fmt.Errorf("cannot determine whether %s %q is being deleted: %w", kind, name, err)
	}
	return err == nil && meta.WasDeleted(pc), nil
}

// isValidUsage reports whether the managed resource that a usage refers to exists, gave the usage its
// UID as name, and uses the configuration.
func isValidUsage(ctx context.Context, c client.Client, u *v1alpha1.ProviderConfigUsage) (bool, error) {
	gvk := schema.FromAPIVersionAndKind(u.ResourceReference.APIVersion, u.ResourceReference.Kind)
	if !c.Scheme().Recognizes(gvk) {
		return false, nil
	}
	mg, ok := resource.MustCreateObject(gvk, c.Scheme()).(resource.ModernManaged)
	if !ok {
		return false, nil
	}
	if _, err := c.RESTMapper().RESTMapping(gvk.GroupKind(), gvk.Version); err != nil {
		if apimeta.IsNoMatchError(err) {
			return false, nil
		}
		return false, fmt.Errorf("cannot determine whether %s exists: %w", gvk.Kind, err)
	}
	nn := types.NamespacedName{Namespace: u.GetNamespace(), Name: u.ResourceReference.Name}
	if err := c.Get(ctx, nn, mg, client.UnsafeDisableDeepCopy); err != nil {
		if kerrors.IsNotFound(err) {
			return false, nil
		}
		return false, fmt.Errorf("cannot determine whether %s %q uses %s %q: %w", gvk.Kind, nn, u.ProviderConfigReference.Kind, u.ProviderConfigReference.Name, err)
	}
	ref := mg.GetProviderConfigReference()
	return string(mg.GetUID()) == u.GetName() && ref != nil && ref.Kind == u.ProviderConfigReference.Kind && ref.Name == u.ProviderConfigReference.Name, nil
}
