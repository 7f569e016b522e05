// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// In both cases crossplane-runtime returns before it writes the object's status.
func TestTheExternalNameOfAnotherTenantsResourceStopsNobody(t *testing.T) {
	t.Parallel()
	cases := map[string]func(a *tenant, o resource.Managed, id string){
		"DeletedAndHeldUp": func(a *tenant, o resource.Managed, id string) {
			meta.SetExternalName(o, id)
			o.SetFinalizers([]string{"finalizer.managedresource.crossplane.io", "tenant.example/hold"})
			a.create(o)
			a.delete(o)
		},
		"CreatedInTheFuture": func(a *tenant, o resource.Managed, id string) {
			meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
			a.create(o)
			a.annotate(o, annotations{
				meta.AnnotationKeyExternalName:            id,
				createdAnnotation:                         string(o.GetUID()) + "/" + id,
				meta.AnnotationKeyExternalCreateSucceeded: "2099-01-01T00:00:00Z",
				meta.AnnotationKeyReconciliationPaused:    nil,
			})
		},
	}
	for name, squat := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, victim := neighbors(t)
			h := managesKey(victim) // of an unmanaged account
			value := h.workingKey("key")
			// The attacker's object is in the attacker's own project.
			o := a.accountObject("squatter")
			before := countReadsByID(h.account)
			squat(a, o, h.account)
			a.await("a read of the other account", func() (bool, string) { return countReadsByID(h.account) > before, "none" })
			h.annotate(h.key, annotations{rotateRequestedAt: "now"})
			h.reconcileAgain(2, h.key)
			if h.workingKey("key") == value {
				t.Errorf("the rotation is stopped by another tenant: %s", h.conditionMessages(h.key))
			}
			again := h.tenant.key("another")
			h.create(again)
			h.awaitReconciled(again)
			if !isReady(again) {
				t.Errorf("no key can be issued for the account: %s", h.conditionMessages(again))
			}
			mine := h.accountObject("import")
			meta.SetExternalName(mine, h.account)
			h.create(mine)
			h.awaitReconciled(mine)
			if !isReady(mine) {
				t.Errorf("the account cannot be imported: %s", h.conditionMessages(mine))
			}
			change(a, o, func(o *v1alpha1.ProjectServiceAccount) { o.SetFinalizers(nil) })
		})
	}
}

// Paused, so that the provider never corrects the forged annotations.
func TestAForgedCreationKeepsNobodyFromFollowing(t *testing.T) {
	t.Parallel()
	a, victim := neighbors(t)
	c := victim.newChain(bySelector)
	before := c.ids()
	o := a.accountObject("forged")
	meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
	a.create(o)
	a.annotate(o, annotations{
		meta.AnnotationKeyExternalName: before.Account,
		createdAnnotation:              string(o.GetUID()) + "/" + before.Account,
	})
	again := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: c.namespace, Name: c.account.Name, Labels: c.account.Labels}}
	again.Spec.ProviderConfigReference = c.configRef()
	again.Spec.ForProvider.ProjectIDSelector = selectorOf("checkout")
	c.delete(c.account)
	c.awaitGone(c.account)
	c.create(again)
	c.awaitReady(again)
	c.await("a key of the account that was created again", func() (bool, string) {
		s := c.secret(c.key.Name)
		return s != nil && string(s.Data["OPENAI_API_KEY"]) != before.Value && sim.Works(string(s.Data["OPENAI_API_KEY"])), c.conditionMessages(c.key)
	})
}

func TestAKeyThatWasNeverIssuedGoesAlthoughItIsNoLongerAllowed(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("never", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ServiceAccountID = new("user-nosuchaccount") })
	tn.create(key)
	tn.awaitProblem(key)
	change(tn, tn.clusterConfig(), withdrawals["Namespace"].change)
	tn.awaitRefused("may not use it", key)
	tn.deleteAndAwait(key)
}

func TestAnAdoptedKeyEndsWithAnObjectThatMayOnlyObserveAndDelete(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String("by-hand")})
	tn.must(err)
	key := tn.importer("adopted", existing.Value, nil)
	tn.create(key)
	tn.awaitManaged(key)
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionDelete}
	})
	tn.reconcileAgain(2, key)
	tn.get(key)
	if len(key.Status.ManagedIDs) == 0 {
		t.Errorf("an object that deletes its key no longer manages it")
	}
	tn.deleteAndAwait(key)
	if live := tn.liveIDs(); len(live) > 0 {
		t.Errorf("keys %v outlive their object", live)
	}
}

// kubectl replace removes annotations, and leaves the status.
func TestAnInterruptedCreateIsFoundAfterAReplacement(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	sa := tn.accountObject("interrupted")
	meta.AddAnnotations(sa, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
	tn.create(sa)
	now := metav1.Now()
	made := tn.newAccount("interrupted")
	before := sa.DeepCopy()
	sa.Status.CreateStartedAt = &now
	tn.must(kube.Status().Patch(context.Background(), sa, client.MergeFrom(before)))
	tn.annotate(sa, annotations{meta.AnnotationKeyReconciliationPaused: nil})
	tn.awaitReady(sa)
	if got := meta.GetExternalName(sa); got != made {
		t.Errorf("the object has %q, and orphaned %q, although its status shows that a create began", got, made)
	}
}

func TestAKeyOfAnObjectThatMayDeleteIsNobodyElses(t *testing.T) {
	t.Parallel()
	a, victim := neighbors(t)
	h := managesKey(victim)
	change(h.tenant, h.key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionDelete}
	})
	h.reconcileAgain(2, h.key)
	was, id := h.externalState(), meta.GetExternalName(h.key)
	o := h.copyIn(a)
	meta.SetExternalName(o, id)
	rotation(overlap(0))(o)
	o.Spec.ForProvider.Rotation.Trigger = new("mine")
	a.create(o)
	a.awaitReconciled(o)
	a.reconcileAgain(3, o)
	if got := h.externalState(); got.Key.ID != was.Key.ID || !sim.Works(was.Value) {
		t.Errorf("another tenant ended the key: %s; works: %t", asJSON(t, got), sim.Works(was.Value))
	}
}
