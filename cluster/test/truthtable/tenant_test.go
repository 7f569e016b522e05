// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"context"
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A tenant is a namespace with a simulator of its own, whose faults do not affect others.
type tenant struct {
	*testing.T
	*environment

	sim       *simulator.HTTP
	openai    openai.AdminOrganizationProjectService
	namespace string
	// project and service account at OpenAI, created outside of the provider.
	project, account string
}

func newTenant(t *testing.T, p *environment, sim *simulator.HTTP) *tenant {
	t.Helper()
	tn := &tenant{T: t, environment: p, sim: sim, openai: admin.Projects(sim.BaseURL())}
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "tenant-"}}
	tn.create(ns)
	tn.namespace = ns.Name
	tn.create(admin.Secret(tn.namespace, simulator.DefaultAdminKey))
	tn.create(admin.Config(tn.namespace, tn.namespace, sim.BaseURL()))

	var err error
	tn.project, tn.account, err = admin.NewProject(t.Context(), tn.openai, "made-elsewhere", "made-elsewhere")
	tn.must(err)
	return tn
}

// forSubtest returns the tenant for a subtest.
func (tn *tenant) forSubtest(t *testing.T) *tenant {
	t.Helper()
	sub := *tn
	sub.T = t
	return &sub
}

func (tn *tenant) configRef() *xpv2.ProviderConfigReference {
	return &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: tn.namespace}
}

// setAdminKey replaces the admin key in the tenant's Secret.
func (tn *tenant) setAdminKey(value string) {
	tn.Helper()
	change(tn, admin.Secret(tn.namespace, ""), admin.Holds(value))
}

// fail all calls of these routes with a fault; without routes: all calls.
func (tn *tenant) fail(f simulator.Fault, routes ...simulator.Route) {
	tn.Helper()
	if len(routes) == 0 {
		routes = []simulator.Route{""}
	}
	for _, route := range routes {
		f.Route = route
		_, err := tn.sim.AddFault(f)
		tn.must(err)
	}
}

func (tn *tenant) must(err error) {
	tn.Helper()
	if err != nil {
		tn.Fatal(err)
	}
}

func (tn *tenant) create(o client.Object) {
	tn.Helper()
	tn.must(tn.kube.Create(context.Background(), o))
}

func (tn *tenant) get(o client.Object) {
	tn.Helper()
	tn.must(tn.kube.Get(context.Background(), client.ObjectKeyFromObject(o), o))
}

// change an object as a user would, with retries on conflicts.
func change[T client.Object](tn *tenant, o T, mod func(T)) {
	tn.Helper()
	await.Change(tn, tn.kube, o, mod)
}

// await a condition. On a timeout, the failure shows the last state.
func (tn *tenant) await(what string, met func() (ok bool, state string)) {
	tn.Helper()
	await.Condition(tn, what, met)
}
