// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestADeletionEndsHoweverItIsPropagated(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	own := providerConfig(tn, "own")
	tn.create(own)
	policies := []metav1.DeletionPropagation{metav1.DeletePropagationForeground, metav1.DeletePropagationBackground, metav1.DeletePropagationOrphan}
	batches := map[metav1.DeletionPropagation][]*managedResource{}
	for _, policy := range policies {
		name := strings.ToLower(string(policy))
		batches[policy] = slices.Concat(tn.oneOfEachKind(name+"-clusterproviderconfig"), tn.oneOfEachKind(name+"-providerconfig", withOwnConfig))
	}
	for _, policy := range policies {
		tn.awaitResources(batches[policy]...)
	}
	cluster := tn.clusterConfig()
	tn.awaitUsers(cluster, 9)
	tn.awaitUsers(own, 9)
	for _, policy := range policies {
		for _, mr := range batches[policy] {
			tn.deleteBy(mr.object, policy)
		}
	}
	// Once its users are gone, the configuration can be deleted.
	tn.delete(cluster)
	tn.delete(own)

	for _, policy := range policies {
		for _, mr := range batches[policy] {
			t.Run(mr.String(), func(t *testing.T) {
				t.Parallel()
				tn := tn.forSubtest(t)
				tn.awaitDeleted(mr)
				if mr.kind == "ProjectAPIKey" {
					tn.awaitGone(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: mr.object.GetName()}})
				}
			})
		}
	}
	t.Run("Configurations", func(t *testing.T) {
		t.Parallel()
		tn := tn.forSubtest(t)
		tn.awaitGone(cluster, own)
		tn.await("the end of the usages", func() (bool, string) { return len(tn.usages()) == 0, asJSON(t, tn.usages()) })
	})
}

func TestADeletionEndsWhateverItNeedsWasDeletedFirst(t *testing.T) {
	t.Parallel()
	adminKey := func(tn *tenant) { tn.delete(tn.secret("openai-admin")) }
	usages := func(tn *tenant) {
		tn.must(kube.DeleteAllOf(context.Background(), &v1alpha1.ProviderConfigUsage{}, client.InNamespace(tn.namespace)))
	}
	configurations := func(tn *tenant) {
		tn.delete(tn.clusterConfig())
		tn.delete(providerConfig(tn, "own"))
	}
	keys := func(tn *tenant) {
		for _, name := range []string{"own", "cluster"} {
			tn.delete(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}})
		}
	}
	cases := map[string]struct {
		reason string
		delete []func(tn *tenant)
	}{
		"Usages": {"As a namespace that is deleted does.", []func(tn *tenant){usages}},
		"UsagesWithForce": {"Somebody took their finalizers away.", []func(tn *tenant){func(tn *tenant) {
			for _, u := range tn.usages() {
				tn.must(client.IgnoreNotFound(kube.Patch(context.Background(), &u, client.RawPatch(types.MergePatchType, []byte(`{"metadata":{"finalizers":null}}`)))))
				tn.delete(&u)
			}
		}}},
		"AdminKey":       {"Only the namespace's own: that of others is theirs to keep.", []func(tn *tenant){adminKey}},
		"Configurations": {"They wait for their users.", []func(tn *tenant){configurations}},
		"Secrets":        {"What the consumers had.", []func(tn *tenant){keys}},
		"Everything":     {"As in a folder whose manifests are deleted in the wrong order.", []func(tn *tenant){adminKey, configurations, usages, keys}},
	}
	type prepared struct {
		tn  *tenant
		all []*managedResource
	}
	tenants := map[string]prepared{}
	for name := range cases {
		tn := newTenant(t).withPlatformCredentials()
		tn.create(providerConfig(tn, "own"))
		tenants[name] = prepared{tn, slices.Concat(tn.oneOfEachKind("own", withOwnConfig), tn.oneOfEachKind("cluster"))}
	}
	for name, tc := range cases {
		tn, all := tenants[name].tn, tenants[name].all
		tn.awaitResources(all...)
		tn.awaitUsers(tn.clusterConfig(), 3)
		tn.awaitUsers(providerConfig(tn, "own"), 3)
		for _, del := range tc.delete {
			del(tn)
		}
		for _, mr := range all {
			tn.deleteBy(mr.object, metav1.DeletePropagationForeground)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			for _, mr := range all {
				tn.awaitDeleted(mr)
			}
			if live := tn.liveIDs(); len(live) != 0 {
				t.Errorf("%s\nkeys live on after their objects: %v", tc.reason, live)
			}
		})
	}
}

func TestADeletedNamespaceEndsWhateverIsInIt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		before func(tn *tenant, all []*managedResource)
	}{
		"Living": {reason: "As users delete what they tried."},
		"DeletedInForeground": {"As Argo CD does before it deletes the namespace.", func(tn *tenant, all []*managedResource) {
			for _, mr := range all {
				tn.deleteBy(mr.object, metav1.DeletePropagationForeground)
			}
		}},
	}
	tenants, all := map[string]*tenant{}, map[string][]*managedResource{}
	for name := range cases {
		tn := newTenant(t).withPlatformCredentials()
		tn.create(providerConfig(tn, "own"))
		tenants[name], all[name] = tn, slices.Concat(tn.oneOfEachKind("own", withOwnConfig), tn.oneOfEachKind("cluster"))
	}
	for name, tc := range cases {
		tn := tenants[name]
		tn.awaitResources(all[name]...)
		if tc.before != nil {
			tc.before(tn, all[name])
		}
		ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}}
		tn.delete(ns)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			tn.awaitGone(ns)
			for _, mr := range all[name] {
				if mr.exists(tn, mr.id) {
					t.Errorf("%s\nthe namespace is gone, but %q of %s stays valid at OpenAI", tc.reason, mr.id, mr)
				}
			}
		})
	}
}

func TestADeletionOfAnOwnerEndsWithAllThatItOwns(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	owner := func(name string, of ...metav1.OwnerReference) *corev1.ConfigMap {
		cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name, OwnerReferences: of}}
		tn.create(cm)
		return cm
	}
	reference := func(cm *corev1.ConfigMap) metav1.OwnerReference {
		return meta.AsController(meta.TypedReferenceTo(cm, corev1.SchemeGroupVersion.WithKind("ConfigMap")))
	}
	owned := func(by *corev1.ConfigMap) []*managedResource {
		return tn.oneOfEachKind(by.Name, func(mg resource.ModernManaged) { mg.SetOwnerReferences([]metav1.OwnerReference{reference(by)}) })
	}
	claim, background := owner("foreground-claim"), owner("background")
	composite := owner("foreground-composite", reference(claim))
	all := slices.Concat(owned(composite), owned(background))
	tn.awaitResources(all...)
	tn.deleteBy(claim, metav1.DeletePropagationForeground)
	tn.deleteBy(background, metav1.DeletePropagationBackground)
	for _, mr := range all {
		t.Run(mr.String(), func(t *testing.T) {
			t.Parallel()
			tn.forSubtest(t).awaitDeleted(mr)
		})
	}
	t.Run("Owners", func(t *testing.T) {
		t.Parallel()
		tn.forSubtest(t).awaitGone(claim, composite, background)
	})
}

func TestAUsageThatBlocksTheDeletionOfItsUserIsCorrected(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	existing, deleted, leaving := tn.oneOfEachKind("living"), tn.oneOfEachKind("deleted"), tn.oneOfEachKind("leaving", withoutDelete)
	all := slices.Concat(existing, deleted, leaving)
	tn.awaitResources(all...)
	blocks := func(u *v1alpha1.ProviderConfigUsage) *bool { return u.OwnerReferences[0].BlockOwnerDeletion }
	usage := func(mr *managedResource) *v1alpha1.ProviderConfigUsage {
		return &v1alpha1.ProviderConfigUsage{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: string(mr.object.GetUID())}}
	}
	// An earlier release of the provider created such usages with crossplane-runtime's tracker.
	for _, mr := range all {
		change(tn, usage(mr), func(u *v1alpha1.ProviderConfigUsage) { *blocks(u) = true })
	}
	for _, mr := range slices.Concat(deleted, leaving) {
		tn.deleteBy(mr.object, metav1.DeletePropagationForeground)
	}
	for _, mr := range all {
		t.Run(mr.String(), func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			switch mr.object.GetName() {
			case "living":
				u := usage(mr)
				tn.await("a usage that does not block", func() (bool, string) {
					tn.get(u)
					return !*blocks(u), asJSON(t, u.ObjectMeta)
				})
				if !slices.Contains(u.Finalizers, "openai.crossplane.io/in-use") {
					t.Errorf("nothing keeps the usage until its user is gone: %v", u.Finalizers)
				}
			case "deleted":
				tn.awaitDeleted(mr)
			case "leaving":
				tn.awaitGone(mr.object)
				if !mr.exists(tn, mr.id) {
					t.Errorf("%q ended with %s, which may not delete it", mr.id, mr)
				}
			}
		})
	}
}
