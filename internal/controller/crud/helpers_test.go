// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// start is when the fixtures' clocks stand until they are advanced.
var start = time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)

// A fixture is a simulated OpenAI and a fake API server with a configuration.
type fixture struct {
	*simulator.HTTP
	kube   client.Client
	openai *connect.Connector
	config *v1alpha1.ClusterProviderConfig
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{HTTP: simulator.NewHTTP(simulator.WithClock(func() time.Time { return start }))}
	t.Cleanup(f.Close)
	s := runtime.NewScheme()
	for _, add := range []func(*runtime.Scheme) error{corev1.AddToScheme, v1alpha1.AddToScheme} {
		if err := add(s); err != nil {
			t.Fatalf("cannot build scheme: %v", err)
		}
	}
	base := f.BaseURL()
	f.config = &v1alpha1.ClusterProviderConfig{
		ObjectMeta: metav1.ObjectMeta{Name: "default"},
		Spec: v1alpha1.ClusterProviderConfigSpec{
			BaseURL: &base,
			Credentials: v1alpha1.ClusterCredentials{SecretRef: &v1alpha1.SecretKeyReference{
				Namespace: "crossplane-system", LocalSecretKeyReference: v1alpha1.LocalSecretKeyReference{Name: "openai", Key: "admin"},
			}},
		},
	}
	f.kube = fake.NewClientBuilder().WithScheme(s).WithStatusSubresource(f.config).WithObjects(f.config, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: "crossplane-system", Name: "openai"},
		Data:       map[string][]byte{"admin": []byte(simulator.DefaultAdminKey)},
	}).Build()
	var err error
	if f.openai, err = connect.NewConnector(f.kube, f.kube, adminapi.DefaultBaseURL); err != nil {
		t.Fatalf("NewConnector: %v", err)
	}
	return f
}

// configure the provider configuration.
func (f *fixture) configure(t *testing.T, change func(*v1alpha1.ClusterProviderConfigSpec)) {
	t.Helper()
	if err := f.kube.Get(t.Context(), client.ObjectKeyFromObject(f.config), f.config); err != nil {
		t.Fatalf("cannot read configuration: %v", err)
	}
	change(&f.config.Spec)
	if err := f.kube.Update(t.Context(), f.config); err != nil {
		t.Fatalf("cannot update configuration: %v", err)
	}
}

// use the configuration, so that its organization is recorded.
func (f *fixture) use(t *testing.T) {
	t.Helper()
	access, err := f.openai.Connect(t.Context(), f.project(t, "first"), nil)
	if err != nil {
		t.Fatalf("Connect: %v", err)
	}
	for range 2 {
		conn, err := access.OfProject(t.Context(), "")
		if err != nil {
			t.Fatalf("OfProject: %v", err)
		}
		if _, err := conn.Organization.Projects.List(t.Context(), openai.AdminOrganizationProjectListParams{}); err != nil {
			t.Fatalf("cannot list projects: %v", err)
		}
	}
}

// create an object in the API server.
func create[M client.Object](t *testing.T, f *fixture, cr M) M {
	t.Helper()
	if err := f.kube.Create(t.Context(), cr); err != nil {
		t.Fatalf("cannot create %T: %v", cr, err)
	}
	return cr
}

func objectMeta(name string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Namespace: "team-a", Name: name, UID: types.UID("uid-of-" + name), CreationTimestamp: metav1.NewTime(start)}
}

func reference() *xpv2.ProviderConfigReference {
	return &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: "default"}
}

func (f *fixture) project(t *testing.T, name string) *v1alpha1.Project {
	t.Helper()
	cr := &v1alpha1.Project{ObjectMeta: objectMeta(name)}
	cr.Spec.ProviderConfigReference = reference()
	return create(t, f, cr)
}

func (f *fixture) account(t *testing.T, name, projectID string) *v1alpha1.ProjectServiceAccount {
	t.Helper()
	cr := &v1alpha1.ProjectServiceAccount{ObjectMeta: objectMeta(name)}
	cr.Spec.ProviderConfigReference = reference()
	cr.Spec.ForProvider.ProjectID = &projectID
	cr.Spec.ForProvider.Role = "member"
	return create(t, f, cr)
}

// connected makes the external client of an object.
func connected[M reconciler.Object, O any](t *testing.T, f *fixture, k crud.Kind[M, O], cr M) managed.TypedExternalClient[M] {
	t.Helper()
	e, err := k.Client(t.Context(), f.kube, f.openai, f.Now, cr)
	if err != nil {
		t.Fatalf("Connect: %v", err)
	}
	return e
}

func observe[M resource.ModernManaged](t *testing.T, e managed.TypedExternalClient[M], cr M) managed.ExternalObservation {
	t.Helper()
	o, err := e.Observe(t.Context(), cr)
	if err != nil {
		t.Fatalf("Observe: %v", err)
	}
	return o
}

// newProject creates a project at OpenAI and returns its ID.
func (f *fixture) newProject(t *testing.T) string {
	t.Helper()
	return f.admin(t).newProject(t, "team-a")
}

// admin returns a client that calls OpenAI as another program would.
func (f *fixture) admin(t *testing.T) somebody {
	t.Helper()
	cr := &v1alpha1.Project{ObjectMeta: objectMeta("somebody")}
	cr.Spec.ProviderConfigReference = reference()
	access, err := f.openai.Connect(t.Context(), cr, nil)
	if err != nil {
		t.Fatalf("Connect: %v", err)
	}
	conn, err := access.OfProject(t.Context(), "")
	if err != nil {
		t.Fatalf("OfProject: %v", err)
	}
	return somebody{conn.Client}
}

type somebody struct{ *adminapi.Client }

func (s somebody) newProject(t *testing.T, name string) string {
	t.Helper()
	p, err := s.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: name})
	if err != nil {
		t.Fatalf("cannot create project: %v", err)
	}
	return p.ID
}

func (s somebody) archive(t *testing.T, id string) {
	t.Helper()
	if _, err := s.Organization.Projects.Archive(t.Context(), id); err != nil {
		t.Fatalf("cannot archive project: %v", err)
	}
}

// created creates the service account of an object.
func (f *fixture) created(t *testing.T, cr *v1alpha1.ProjectServiceAccount) managed.TypedExternalClient[*v1alpha1.ProjectServiceAccount] {
	t.Helper()
	e := connected(t, f, kinds.ProjectServiceAccount, cr)
	if _, err := e.Create(t.Context(), cr); err != nil {
		t.Fatalf("Create: %v", err)
	}
	return e
}

func deleted(o metav1.Object) {
	now := metav1.NewTime(start)
	o.SetDeletionTimestamp(&now)
}

func ready(cr resource.Conditioned) (status corev1.ConditionStatus, message string) {
	c := cr.GetCondition(xpv2.TypeReady)
	return c.Status, c.Message
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
