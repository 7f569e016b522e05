// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestAForgedUsageHoldsUpNoDeletion(t *testing.T) {
	t.Parallel()
	tn, other := newTenant(t), newTenant(t)
	key := other.key("other")
	other.create(key)
	other.awaitReady(key)
	owner := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "owner"}}
	tn.create(owner)
	uses := map[string]v1alpha1.ProviderConfigUsage{
		"of-nothing":     {TypedProviderConfigUsage: xpv2.TypedProviderConfigUsage{ResourceReference: xpv2.TypedReference{APIVersion: "v1", Kind: "ConfigMap", Name: "owner"}}},
		"of-no-object":   {TypedProviderConfigUsage: xpv2.TypedProviderConfigUsage{ResourceReference: xpv2.TypedReference{APIVersion: v1alpha1.SchemeGroupVersion.String(), Kind: "ProjectAPIKey", Name: "nobody"}}},
		"of-no-kind":     {TypedProviderConfigUsage: xpv2.TypedProviderConfigUsage{ResourceReference: xpv2.TypedReference{APIVersion: "example.com/v1", Kind: "Thing", Name: "x"}}},
		"of-other-kinds": {TypedProviderConfigUsage: xpv2.TypedProviderConfigUsage{ResourceReference: xpv2.TypedReference{APIVersion: v1alpha1.SchemeGroupVersion.String(), Kind: "ProviderConfig", Name: "x"}}},
	}
	for name, u := range uses {
		u.ObjectMeta = metav1.ObjectMeta{
			Namespace: tn.namespace, Name: name,
			Labels:          map[string]string{xpv2.LabelKeyProviderName: other.config, xpv2.LabelKeyProviderKind: v1alpha1.ClusterProviderConfigKind},
			OwnerReferences: []metav1.OwnerReference{{APIVersion: "v1", Kind: "ConfigMap", Name: "owner", UID: owner.UID, Controller: new(true)}},
		}
		u.ProviderConfigReference = xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: other.config}
		tn.create(&u)
	}
	config := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: other.config}}
	other.delete(config)
	other.reconcileAgain(1, key)
	other.get(config)
	if config.DeletionTimestamp == nil {
		t.Error("want a configuration in use to wait")
	}
	other.delete(key)
	other.awaitGone(key, config)
}
