// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"strings"
	"testing"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// Three fake admin keys of two organizations.
const (
	keyOfA      = "sk-admin-SIMULATED-fake-key-of-a"
	otherKeyOfA = "sk-admin-SIMULATED-another-fake-key-of-a"
	keyOfB      = "sk-admin-SIMULATED-fake-key-of-b"
)

// organizationFixture is a configuration that may be of either of two organizations.
type organizationFixture struct {
	*simulator.HTTP
	testing.TB
	kube client.Client
	of   client.Object
	ref  xpv2.ProviderConfigReference
	c    *Connector
}

func newOrganizationFixture(tb testing.TB, of client.Object, opts ...simulator.Option) *organizationFixture {
	tb.Helper()
	f := &organizationFixture{TB: tb, of: of, HTTP: simulator.NewHTTP(append(opts,
		simulator.WithAdminKey(simulator.AdminKey{Value: keyOfA, OrganizationID: "org-a"}),
		simulator.WithAdminKey(simulator.AdminKey{Value: otherKeyOfA, OrganizationID: "org-a"}),
		simulator.WithAdminKey(simulator.AdminKey{Value: keyOfB, OrganizationID: "org-b"}))...)}
	tb.Cleanup(f.Close)
	kind, namespace := v1alpha1.ClusterProviderConfigKind, "crossplane-system"
	if of.GetNamespace() != "" {
		kind, namespace = v1alpha1.ProviderConfigKind, of.GetNamespace()
	}
	f.ref = xpv2.ProviderConfigReference{Kind: kind, Name: of.GetName()}
	of.SetUID("uid-of-the-configuration")
	f.kube = kubernetes(tb, of, adminSecret(namespace)).WithStatusSubresource(of).Build()
	f.restart()
	return f
}

// restart the provider, which forgets what it has in memory.
func (f *organizationFixture) restart() {
	f.Helper()
	var err error
	if f.c, err = NewConnector(f.kube, f.kube, f.BaseURL()); err != nil {
		f.Fatalf("NewConnector: %v", err)
	}
	f.c.apiReader.ttl = -1
}

func (f *organizationFixture) must(err error) {
	f.Helper()
	if err != nil {
		f.Fatal(err)
	}
}

// store an admin key in the Secret of the configuration.
func (f *organizationFixture) store(adminKey string) {
	f.Helper()
	namespace := f.of.GetNamespace()
	if namespace == "" {
		namespace = "crossplane-system"
	}
	s := adminSecret(namespace)
	f.must(f.kube.Get(f.Context(), client.ObjectKeyFromObject(s), s))
	s.Data["admin"] = []byte(adminKey)
	f.must(f.kube.Update(f.Context(), s))
}

// print is the fingerprint of an admin key.
func (f *organizationFixture) print(adminKey string) string {
	return fingerprint(f.of.GetUID(), credential{}, adminapi.Settings{AdminKey: adminKey, BaseURL: strings.TrimSuffix(f.BaseURL(), "/")})
}

// note an organization in the status of the configuration.
func (f *organizationFixture) record(n v1alpha1.ObservedOrganization) {
	f.Helper()
	f.read()
	switch pc := f.of.(type) {
	case *v1alpha1.ProviderConfig:
		pc.Status.ObservedOrganization = n
	case *v1alpha1.ClusterProviderConfig:
		pc.Status.ObservedOrganization = n
	}
	f.must(f.kube.Status().Update(f.Context(), f.of))
}

// read the recorded organization.
func (f *organizationFixture) read() v1alpha1.ObservedOrganization {
	f.Helper()
	f.must(f.kube.Get(f.Context(), client.ObjectKeyFromObject(f.of), f.of))
	return recordedIn(f.of)
}

// user is a new object that uses the configuration.
func (f *organizationFixture) user(name string) *v1alpha1.Project {
	return project("team-a", name, f.ref.Kind, f.ref.Name)
}

// made is an object that manages something, and whose use of the configuration was recorded.
func (f *organizationFixture) made(mod func(*v1alpha1.Project)) {
	f.Helper()
	mg := f.user("made")
	mod(mg)
	f.must(f.kube.Create(f.Context(), mg))
	f.must(f.c.usages.Track(f.Context(), mg, *mg.GetProviderConfigReference()))
}

// connect a new object.
func (f *organizationFixture) connect() (*adminapi.Connection, error) {
	return connect(f.Context(), f.c, f.user("new"), nil)
}

// use a connection for a call.
func (f *organizationFixture) use() {
	f.Helper()
	conn, err := f.connect()
	f.must(err)
	_, err = conn.Organization.Projects.List(f.Context(), openai.AdminOrganizationProjectListParams{})
	f.must(err)
}

// configurations are one of each kind.
func configurations() map[string]client.Object {
	return map[string]client.Object{"Cluster": clusterConfig(), "Namespaced": config("team-a")}
}
