// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

// kubernetes is a fake API server.
func kubernetes(tb testing.TB, objects ...client.Object) *fake.ClientBuilder {
	tb.Helper()
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			tb.Fatalf("cannot build scheme: %v", err)
		}
	}
	return fake.NewClientBuilder().WithScheme(s).WithObjects(objects...)
}

// connector connects to OpenAI's own URL unless a configuration names another.
func connector(t *testing.T, kube client.Client, apiReader client.Reader) *Connector {
	t.Helper()
	c, err := NewConnector(kube, apiReader, adminapi.DefaultBaseURL)
	if err != nil {
		t.Fatalf("NewConnector: %v", err)
	}
	// What a test changes counts at once.
	c.apiReader.ttl = -1
	return c
}

// connect a managed resource that belongs to no project.
func connect(ctx context.Context, c *Connector, mg resource.ModernManaged, organizationID *string) (*adminapi.Connection, error) {
	a, err := c.Connect(ctx, mg, organizationID)
	if err != nil {
		return nil, err
	}
	return a.OfProject(ctx, "")
}

func secret(namespace, name string, data map[string]string) *corev1.Secret {
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name}, Data: map[string][]byte{}}
	for k, v := range data {
		s.Data[k] = []byte(v)
	}
	return s
}

// adminSecret is the Secret that the configurations of the fixtures name.
func adminSecret(namespace string) *corev1.Secret {
	return secret(namespace, "openai", map[string]string{"admin": apitest.FakeKey})
}

func localRef() v1alpha1.LocalSecretKeyReference {
	return v1alpha1.LocalSecretKeyReference{Name: "openai", Key: "admin"}
}

// clusterConfig is a ClusterProviderConfig called default.
func clusterConfig(change ...func(*v1alpha1.ClusterProviderConfigSpec)) *v1alpha1.ClusterProviderConfig {
	pc := &v1alpha1.ClusterProviderConfig{
		ObjectMeta: metav1.ObjectMeta{Name: "default"},
		Spec: v1alpha1.ClusterProviderConfigSpec{Credentials: v1alpha1.ClusterCredentials{
			Source:    xpv2.CredentialsSourceSecret,
			SecretRef: &v1alpha1.SecretKeyReference{Namespace: "crossplane-system", LocalSecretKeyReference: localRef()},
		}},
	}
	for _, c := range change {
		c(&pc.Spec)
	}
	return pc
}

// config is a ProviderConfig called team.
func config(namespace string) *v1alpha1.ProviderConfig {
	return &v1alpha1.ProviderConfig{
		ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "team"},
		Spec:       v1alpha1.ProviderConfigSpec{Credentials: v1alpha1.NamespacedCredentials{SecretRef: localRef()}},
	}
}

// usedBefore is a provider configuration whose organization is recorded, so that a test need
// not prove whose the fake key is.
func usedBefore[T client.Object](pc T) T {
	recorded := v1alpha1.ObservedOrganization{
		OrganizationID:        "org-test",
		CredentialFingerprint: fingerprint(pc.GetUID(), credential{}, adminapi.Settings{AdminKey: apitest.FakeKey, BaseURL: adminapi.DefaultBaseURL}),
	}
	switch pc := client.Object(pc).(type) {
	case *v1alpha1.ProviderConfig:
		pc.Status.ObservedOrganization = recorded
	case *v1alpha1.ClusterProviderConfig:
		pc.Status.ObservedOrganization = recorded
	}
	return pc
}

// project is a managed resource that names a provider configuration.
func project(namespace, name, kind, configName string) *v1alpha1.Project {
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: name, UID: types.UID("uid-of-" + name)}}
	p.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: kind, Name: configName}
	return p
}

// ofCluster is a managed resource that uses the ClusterProviderConfig.
func ofCluster(name string) *v1alpha1.Project {
	return project("team-a", name, v1alpha1.ClusterProviderConfigKind, "default")
}
