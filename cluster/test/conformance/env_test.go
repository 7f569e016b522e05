// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"context"
	"fmt"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// An Env is the environment of one case: a simulator of OpenAI, a provider configuration that uses
// it, and a namespace.
type Env struct {
	testing.TB

	// Sim simulates OpenAI for the case, and OpenAI is a client for calls outside of the provider.
	Sim    *simulator.Server
	OpenAI openai.AdminOrganizationService

	gateway   *gateway
	namespace string
	adminKeys []string
	made      map[string]bool
	project   string
	account   string
	group     string
	user      string
	provider  string

	// ruleAccount is the service account of a rule that was made outside, for the object that imports it.
	ruleAccount string
}

// newEnv creates an environment. mods change its ClusterProviderConfig.
func newEnv(t *testing.T, r Row, mods ...func(*v1alpha1.ClusterProviderConfigSpec)) *Env {
	t.Helper()
	e := &Env{TB: t, made: map[string]bool{}}
	e.namespace = e.newNamespace()

	others := e.newAdminKey("others")
	e.adminKeys = []string{e.newAdminKey("first")}
	var opts []simulator.Option
	for _, value := range append([]string{others}, e.adminKeys...) {
		opts = append(opts, simulator.WithAdminKey(simulator.AdminKey{Value: value, OrganizationID: simulator.DefaultOrganizationID}))
	}
	e.Sim = simulator.New(opts...)
	e.Sim.SetQuirks(simulator.Quirks{SpendAlertSetsLimit: true})
	e.gateway = newGateway(e.Sim, recorder)
	server := httptest.NewServer(e.gateway)
	t.Cleanup(server.Close)
	t.Cleanup(func() { e.stopPolling(r) })
	e.OpenAI = openai.NewAdminOrganizationService(
		option.WithBaseURL(server.URL+"/aside/v1/"), option.WithAdminAPIKey(others), option.WithMaxRetries(0))
	e.must(kube.Create(t.Context(), admin.Secret(e.namespace, e.adminKeys[0])))

	pc := admin.Config(e.namespace, e.namespace, server.URL+"/v1")
	if r.ofOrganization() {
		pc.Spec.OrganizationKinds = v1alpha1.OrganizationKindsAllowed
	}
	for _, mod := range mods {
		mod(&pc.Spec)
	}
	e.must(kube.Create(t.Context(), pc))
	return e
}

func (e *Env) newAdminKey(name string) string {
	return fmt.Sprintf("sk-admin-SIMULATED-test-%s-%s", e.namespace, name)
}

// stopPolling pauses what the case leaves behind, so that its reconciles do not slow down other
// cases.
func (e *Env) stopPolling(r Row) {
	e.Helper()
	gvk, err := apiutil.GVKForObject(r.empty(), kube.Scheme())
	e.must(err)
	gvk.Kind += "List"
	l := &metav1.PartialObjectMetadataList{}
	l.SetGroupVersionKind(gvk)
	e.must(kube.List(context.Background(), l, client.InNamespace(e.namespace)))
	for i := range l.Items {
		patch := fmt.Appendf(nil, `{"metadata":{"annotations":{%q:"true"}}}`, meta.AnnotationKeyReconciliationPaused)
		e.must(client.IgnoreNotFound(kube.Patch(context.Background(), &l.Items[i], client.RawPatch(types.MergePatchType, patch))))
	}
}

func (e *Env) must(err error) {
	e.Helper()
	if err != nil {
		e.Fatal(err)
	}
}

// object of the kind, not created yet.
func (e *Env) object(r Row, name string, mods ...func(resource.ModernManaged)) resource.ModernManaged {
	e.Helper()
	o := r.empty()
	e.must(r.Spec(e, name).into(o))
	if r.ShownOnce {
		o.SetWriteConnectionSecretToReference(&xpv2.LocalSecretReference{Name: name})
	}
	o.SetNamespace(e.namespace)
	o.SetName(name)
	o.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: e.namespace})
	for _, mod := range mods {
		mod(o)
	}
	return o
}

// change a field of an object's spec.
func (e *Env) change(o resource.ModernManaged, c Change) {
	e.Helper()
	await.Change(e, kube, o, func(o resource.ModernManaged) { e.must(Fields{c.Field: c.Want}.into(o)) })
}

// create an object of the kind.
func (e *Env) create(r Row, name string, mods ...func(resource.ModernManaged)) resource.ModernManaged {
	e.Helper()
	o := e.object(r, name, mods...)
	e.must(kube.Create(e.Context(), o))
	return o
}

// ready creates an object of the kind, awaits that it is Ready, and backdates its creation, because
// the provider waits when a recently created resource is missing from a list.
func (e *Env) ready(r Row, mods ...func(resource.ModernManaged)) (o resource.ModernManaged, id string) {
	e.Helper()
	o = e.create(r, "an-object", mods...)
	e.awaitReady(o)
	if !meta.GetExternalCreateSucceeded(o).IsZero() {
		await.Change(e, kube, o, func(o resource.ModernManaged) {
			long := time.Now().Add(-time.Hour)
			meta.SetExternalCreatePending(o, long)
			meta.SetExternalCreateSucceeded(o, long)
		})
	}
	id = meta.GetExternalName(o)
	e.assertAlive(r, "once it is Ready", id)
	return o, id
}

// forgetCaches replaces the admin key. The provider caches what it did for each credential, so that
// it behaves as after a restart.
func (e *Env) forgetCaches() {
	e.Helper()
	value := e.newAdminKey(fmt.Sprint("next-", len(e.adminKeys)))
	e.adminKeys = append(e.adminKeys, value)
	e.Sim.AddAdminKey(simulator.AdminKey{Value: value, OrganizationID: simulator.DefaultOrganizationID})
	await.Change(e, kube, admin.Secret(e.namespace, ""), admin.Holds(value))
}

// newNamespace creates a namespace, and returns its name.
func (e *Env) newNamespace() string {
	e.Helper()
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "conformance-"}}
	e.must(kube.Create(e.Context(), ns))
	return ns.Name
}
