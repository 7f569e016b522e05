// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// patience is how long a condition is awaited. It decides no test: what is awaited
// comes within seconds, or never.
const patience = time.Minute

// A tenant is a namespace with an OpenAI of its own, whose trouble is nobody else's.
type tenant struct {
	*testing.T
	*place

	sim       *simulator.HTTP
	openai    openai.AdminOrganizationProjectService
	namespace string
	// project and service account at OpenAI, made by other means.
	project, account string
}

func newTenant(t *testing.T, p *place, sim *simulator.HTTP) *tenant {
	t.Helper()
	tn := &tenant{T: t, place: p, sim: sim, openai: openai.NewAdminOrganizationProjectService(
		option.WithBaseURL(sim.BaseURL()), option.WithAdminAPIKey(simulator.DefaultAdminKey), option.WithMaxRetries(0))}
	ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "tenant-"}}
	tn.create(ns)
	tn.namespace = ns.Name
	tn.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "openai-admin"},
		StringData: map[string]string{"key": simulator.DefaultAdminKey},
	})
	pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}}
	pc.Spec.BaseURL = new(strings.TrimSuffix(sim.BaseURL(), "/"))
	pc.Spec.Credentials.SecretRef = &v1alpha1.SecretKeyReference{
		Namespace:               tn.namespace,
		LocalSecretKeyReference: v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "key"},
	}
	tn.create(pc)

	made, err := tn.openai.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "made-elsewhere"})
	tn.must(err)
	tn.project = made.ID
	tn.account = tn.accountElsewhere()
	return tn
}

// in is the tenant for a subtest.
func (tn *tenant) in(t *testing.T) *tenant {
	t.Helper()
	sub := *tn
	sub.T = t
	return &sub
}

func (tn *tenant) configRef() *xpv2.ProviderConfigReference {
	return &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: tn.namespace}
}

// setAdminKey that the provider uses from now on.
func (tn *tenant) setAdminKey(value string) {
	tn.Helper()
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "openai-admin"}}
	change(tn, s, func(s *corev1.Secret) { s.Data = map[string][]byte{"key": []byte(value)} })
}

// fail all calls of some routes in one way; of no routes: all calls.
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

// change an object as a user would, again where the provider was faster.
func change[T client.Object](tn *tenant, o T, mod func(T)) {
	tn.Helper()
	tn.await(fmt.Sprintf("a change of %T %q", o, o.GetName()), func() (bool, string) {
		tn.get(o)
		mod(o)
		err := tn.kube.Update(context.Background(), o)
		if kerrors.IsConflict(err) {
			return false, err.Error()
		}
		tn.must(err)
		return true, ""
	})
}

// await a condition. It tells the last state if that does not come.
func (tn *tenant) await(what string, met func() (ok bool, state string)) {
	tn.Helper()
	var last string
	err := wait.PollUntilContextTimeout(tn.Context(), 50*time.Millisecond, patience, true, func(context.Context) (bool, error) {
		ok, state := met()
		last = state
		return ok, nil
	})
	if err != nil {
		tn.Fatalf("%s did not come about: %s", what, last)
	}
}
