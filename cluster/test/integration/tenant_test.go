// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A tenant is a namespace with a provider configuration of its own, and a project with a service
// account that were created outside of the provider.
type tenant struct {
	*testing.T

	namespace string
	config    string
	project   string
	account   string
	openai    openai.AdminOrganizationProjectService
}

// newTenant creates a tenant. mods change its ClusterProviderConfig.
func newTenant(t *testing.T, mods ...func(*v1alpha1.ClusterProviderConfig)) *tenant {
	t.Helper()
	tn := &tenant{T: t, openai: admin.Projects(sim.BaseURL())}

	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "tenant-"}}
	tn.create(ns)
	tn.namespace, tn.config = ns.Name, ns.Name
	t.Cleanup(tn.stopPolling)
	tn.create(admin.Secret(tn.namespace, simulator.DefaultAdminKey))

	pc := admin.Config(tn.config, tn.namespace, sim.BaseURL())
	for _, mod := range mods {
		mod(pc)
	}
	tn.create(pc)

	var err error
	tn.project, tn.account, err = admin.NewProject(t.Context(), tn.openai, tn.namespace, "backend")
	tn.must(err)
	return tn
}

// stopPolling pauses what the tenant leaves behind, so that its reconciles do not slow down other
// tests.
func (tn *tenant) stopPolling() {
	tn.Helper()
	for _, l := range []resource.ManagedList{&v1alpha1.ProjectList{}, &v1alpha1.ProjectServiceAccountList{}, &v1alpha1.ProjectAPIKeyList{}} {
		tn.must(kube.List(context.Background(), l, client.InNamespace(tn.namespace)))
		for _, o := range l.GetItems() {
			paused := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:"true"}}}`, meta.AnnotationKeyReconciliationPaused)
			tn.must(client.IgnoreNotFound(kube.Patch(context.Background(), o, client.RawPatch(types.MergePatchType, paused))))
		}
	}
}

// newAccount creates a service account that can use the API but has no key, outside of the
// provider.
func (tn *tenant) newAccount(name string) string {
	tn.Helper()
	id, err := admin.NewAccount(tn.Context(), tn.openai, tn.project, name)
	tn.must(err)
	return id
}

// setAdminKey replaces the tenant's admin key.
func (tn *tenant) setAdminKey(value string) {
	tn.Helper()
	change(tn, admin.Secret(tn.namespace, ""), admin.Holds(value))
}

// key is a ProjectAPIKey of the tenant's service account, not created yet.
func (tn *tenant) key(name string, mods ...func(*v1alpha1.ProjectAPIKey)) *v1alpha1.ProjectAPIKey {
	cr := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: name}
	cr.Spec.ForProvider.ProjectID = &tn.project
	cr.Spec.ForProvider.ServiceAccountID = &tn.account
	for _, mod := range mods {
		mod(cr)
	}
	return cr
}

func (tn *tenant) configRef() *xpv2.ProviderConfigReference {
	return &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: tn.config}
}

func (tn *tenant) must(err error) {
	tn.Helper()
	if err != nil {
		tn.Fatal(err)
	}
}

func (tn *tenant) create(o client.Object) {
	tn.Helper()
	tn.must(kube.Create(context.Background(), o))
}

// change an object as a user would, with retries on conflicts.
func change[T client.Object](tn *tenant, o T, mod func(T)) {
	tn.Helper()
	await.Change(tn, kube, o, mod)
}

func (tn *tenant) get(o client.Object) {
	tn.Helper()
	tn.must(kube.Get(context.Background(), client.ObjectKeyFromObject(o), o))
}

// await a condition. If it does not come, the failure shows the last state.
func (tn *tenant) await(what string, met func() (ok bool, state string)) {
	tn.Helper()
	await.Condition(tn, what, met)
}

// awaitReady awaits that objects are Ready and Synced in their current generation.
func (tn *tenant) awaitReady(objects ...resource.Managed) {
	tn.Helper()
	for _, o := range objects {
		await.Ready(tn, kube, o)
	}
}

// awaitProblem awaits that an object is not Synced, and returns why.
func (tn *tenant) awaitProblem(o resource.Managed) string {
	tn.Helper()
	return await.Problem(tn, kube, o)
}

// awaitGone awaits that objects do not exist any more.
func (tn *tenant) awaitGone(objects ...client.Object) {
	tn.Helper()
	for _, o := range objects {
		await.Gone(tn, kube, o)
	}
}

func (tn *tenant) delete(o client.Object) {
	tn.Helper()
	tn.must(client.IgnoreNotFound(kube.Delete(context.Background(), o)))
}

// secret by name; nil if there is none.
func (tn *tenant) secret(name string) *corev1.Secret {
	tn.Helper()
	s := &corev1.Secret{}
	err := kube.Get(context.Background(), types.NamespacedName{Namespace: tn.namespace, Name: name}, s)
	if kerrors.IsNotFound(err) {
		return nil
	}
	tn.must(err)
	return s
}

// workingKey returns the value of the key in a Secret, which must work.
func (tn *tenant) workingKey(name string) string {
	tn.Helper()
	s := tn.secret(name)
	if s == nil {
		tn.Fatalf("there is no Secret %q", name)
	}
	v := string(s.Data["OPENAI_API_KEY"])
	if !sim.Works(v) {
		tn.Fatalf("the key in Secret %q is refused", name)
	}
	return v
}

// liveIDs lists the keys of the tenant's project that are not revoked.
func (tn *tenant) liveIDs() []string {
	var ids []string
	for _, k := range sim.LiveKeys(tn.project) {
		ids = append(ids, k.ID)
	}
	return ids
}
