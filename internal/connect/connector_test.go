// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/inuse"
)

func namespace(name string, labels map[string]string) *corev1.Namespace {
	return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: name, Labels: labels}}
}

func labelled(s *v1alpha1.ClusterProviderConfigSpec) {
	s.AllowedNamespaces = &v1alpha1.NamespaceSelector{MatchLabels: map[string]string{"openai": "allowed"}}
}

func TestConnect(t *testing.T) {
	admin := adminSecret("crossplane-system")
	cases := map[string]struct {
		reason  string
		objects []client.Object
		mg      *v1alpha1.Project
		want    string
	}{
		"ClusterConfiguration": {
			reason:  "Any namespace may use a configuration without allowedNamespaces.",
			objects: []client.Object{clusterConfig(), admin},
			mg:      ofCluster("p"),
		},
		"NamespacedConfiguration": {
			reason:  "A configuration and its Secret in the resource's namespace are enough.",
			objects: []client.Object{config("team-a"), adminSecret("team-a")},
			mg:      project("team-a", "p", v1alpha1.ProviderConfigKind, "team"),
		},
		"NamespacedConfigurationOfAnotherNamespace": {
			reason:  "A tenant's configuration is not for other namespaces.",
			objects: []client.Object{config("team-b"), adminSecret("team-b")},
			mg:      project("team-a", "p", v1alpha1.ProviderConfigKind, "team"),
			want:    `ProviderConfig "team-a/team" does not exist: create it, or correct providerConfigRef`,
		},
		"NamespacedConfigurationWithASecretElsewhere": {
			reason:  "A tenant must not borrow a Secret of another namespace.",
			objects: []client.Object{config("team-a"), adminSecret("team-b"), admin},
			mg:      project("team-a", "p", v1alpha1.ProviderConfigKind, "team"),
			want:    `ProviderConfig "team-a/team": Secret "team-a/openai" with the admin key does not exist: create it, with the key under "admin"`,
		},
		"MissingClusterConfiguration": {
			reason: "The name that cannot be found, and the remedy, must be in the error.",
			mg:     ofCluster("p"),
			want:   `ClusterProviderConfig "default" does not exist: create it, or correct providerConfigRef`,
		},
		"NoReference": {
			reason:  "An object without a reference gets an example.",
			objects: []client.Object{clusterConfig(), admin},
			mg:      func() *v1alpha1.Project { p := ofCluster("p"); p.Spec.ProviderConfigReference = nil; return p }(),
			want:    "no provider configuration: set providerConfigRef, for example to {kind: ClusterProviderConfig, name: default}",
		},
		"ReferenceOfAnotherKind": {
			reason:  "Kinds that do not exist must not fall back to one that does.",
			objects: []client.Object{clusterConfig(), admin},
			mg:      project("team-a", "p", "StoreConfig", "default"),
			want:    `providerConfigRef.kind "StoreConfig" must be ProviderConfig or ClusterProviderConfig`,
		},
		"AllowedNamespace": {
			reason:  "The namespace has the labels.",
			objects: []client.Object{clusterConfig(labelled), admin, namespace("team-a", map[string]string{"openai": "allowed"})},
			mg:      ofCluster("p"),
		},
		"ForbiddenNamespace": {
			reason:  "The namespace lacks the labels.",
			objects: []client.Object{clusterConfig(labelled), admin, namespace("team-a", nil)},
			mg:      ofCluster("p"),
			want:    `ClusterProviderConfig "default": namespace "team-a" may not use it: its labels do not match allowedNamespaces (openai=allowed)`,
		},
		"EmptySelectorAllowsAll": {
			reason: "As documented, {} selects every namespace.",
			objects: []client.Object{
				clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) { s.AllowedNamespaces = &v1alpha1.NamespaceSelector{} }),
				admin, namespace("team-a", nil),
			},
			mg: ofCluster("p"),
		},
		"NamespaceThatCannotBeRead": {
			reason:  "What cannot be checked is not allowed.",
			objects: []client.Object{clusterConfig(labelled), admin},
			mg:      ofCluster("p"),
			want:    `ClusterProviderConfig "default": cannot compare the labels of namespace "team-a" with allowedNamespaces: grant the provider's service account get on namespaces: namespaces "team-a" not found`,
		},
		"BaseURLInTheClear": {
			reason: "An older CRD may let such a URL pass.",
			objects: []client.Object{
				clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) { s.BaseURL = new("http://example.org/v1") }), admin,
			},
			mg:   ofCluster("p"),
			want: `ClusterProviderConfig "default": baseURL "http://example.org/v1" must be an https URL such as "https://api.openai.com/v1"; http is accepted only for a loopback address`,
		},
		"MissingSecret": {
			reason:  "The Secret and the configuration that names it must be in the error.",
			objects: []client.Object{clusterConfig()},
			mg:      ofCluster("p"),
			want:    `ClusterProviderConfig "default": Secret "crossplane-system/openai" with the admin key does not exist: create it, with the key under "admin"`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kube := kubernetes(t, tc.objects...).Build()
			conn, err := connect(t.Context(), connector(t, kube, kube), tc.mg, nil)
			if diff := cmp.Diff(tc.want, apitest.Text(err)); diff != "" {
				t.Fatalf("\n%s\nConnect: -want, +got:\n%s", tc.reason, diff)
			}
			if err == nil && conn.BaseURL != adminapi.DefaultBaseURL {
				t.Errorf("\n%s\nBaseURL: want %q, got %q", tc.reason, adminapi.DefaultBaseURL, conn.BaseURL)
			}
		})
	}
}

// TestNamespacedConfigurationReadsItsOwnNamespaceOnly watches every read.
func TestNamespacedConfigurationReadsItsOwnNamespaceOnly(t *testing.T) {
	var read []client.ObjectKey
	kube := kubernetes(t, config("team-a"), adminSecret("team-a")).WithInterceptorFuncs(interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			if isSecret(o) {
				read = append(read, key)
			}
			return c.Get(ctx, key, o, opts...)
		},
	}).Build()
	if _, err := connect(t.Context(), connector(t, kube, kube), project("team-a", "p", v1alpha1.ProviderConfigKind, "team"), nil); err != nil {
		t.Fatalf("Connect: %v", err)
	}
	if diff := cmp.Diff([]client.ObjectKey{{Namespace: "team-a", Name: "openai"}}, slices.Compact(read)); diff != "" {
		t.Errorf("Secrets read: -want, +got:\n%s", diff)
	}
}

// isSecret reports whether an object is a Secret, or the metadata of one.
func isSecret(o client.Object) bool {
	_, typed := o.(*corev1.Secret)
	return typed || o.GetObjectKind().GroupVersionKind().Kind == "Secret"
}

// TestASecretIsProtectedByItsMetadataAlone shows that the kube client, whose reads would
// begin to cache all Secrets' metadata, reads none, and that a Secret of up to 1 MB is not
// read only for its finalizers.
func TestASecretIsProtectedByItsMetadataAlone(t *testing.T) {
	var wholes int
	stored := kubernetes(t, config("team-a"), adminSecret("team-a")).Build()
	kube := interceptor.NewClient(stored, interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			if isSecret(o) {
				t.Errorf("Secret %q was read with the kube client", key)
			}
			return c.Get(ctx, key, o, opts...)
		},
		Patch: func(ctx context.Context, c client.WithWatch, o client.Object, p client.Patch, opts ...client.PatchOption) error {
			if _, whole := o.(*corev1.Secret); whole {
				t.Errorf("Secret %q was patched as a whole, which answers with its data", o.GetName())
			}
			return c.Patch(ctx, o, p, opts...)
		},
	})
	apiReader := interceptor.NewClient(stored, interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			if _, whole := o.(*corev1.Secret); whole {
				wholes++
			}
			return c.Get(ctx, key, o, opts...)
		},
	})
	c := connector(t, kube, apiReader)
	c.apiReader.ttl = time.Hour
	for range 3 {
		if _, err := connect(t.Context(), c, project("team-a", "p", v1alpha1.ProviderConfigKind, "team"), nil); err != nil {
			t.Fatalf("Connect: %v", err)
		}
	}
	if wholes != 1 {
		t.Errorf("reads of the whole Secret: want 1, got %d", wholes)
	}
	got := &corev1.Secret{}
	if err := stored.Get(t.Context(), nnOf("team-a", "openai"), got); err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(got.GetFinalizers(), inuse.Finalizer) || got.GetLabels()[inuse.Label] != "true" {
		t.Errorf("want the Secret protected, got finalizers %q and labels %q", got.GetFinalizers(), got.GetLabels())
	}
	if diff := cmp.Diff(apitest.FakeKey, string(got.Data["admin"])); diff != "" {
		t.Errorf("value of the Secret: -want, +got:\n%s", diff)
	}
}

// TestForbiddenNamespaceReadsNoSecret shows that a namespace cannot learn from
// errors what it may not use.
func TestForbiddenNamespaceReadsNoSecret(t *testing.T) {
	kube := kubernetes(t, clusterConfig(labelled), namespace("team-a", nil)).WithInterceptorFuncs(interceptor.Funcs{
		Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
			if isSecret(o) {
				t.Errorf("Secret %q was read", key)
			}
			return c.Get(ctx, key, o, opts...)
		},
	}).Build()
	if _, err := connect(t.Context(), connector(t, kube, kube), ofCluster("p"), nil); err == nil {
		t.Error("Connect: want an error, got none")
	}
}

// TestUsageIsRecordedFirst shows that a configuration cannot be deleted while an
// object that uses it fails for another reason.
func TestUsageIsRecordedFirst(t *testing.T) {
	kube := kubernetes(t, clusterConfig()).Build() // The Secret is missing.
	mg := ofCluster("p")
	if _, err := connect(t.Context(), connector(t, kube, kube), mg, nil); err == nil {
		t.Fatal("Connect: want an error, got none")
	}
	u := &v1alpha1.ProviderConfigUsage{}
	if err := kube.Get(t.Context(), types.NamespacedName{Namespace: "team-a", Name: string(mg.GetUID())}, u); err != nil {
		t.Fatalf("cannot get usage: %v", err)
	}
	type usage struct{ ConfigKind, ConfigName, Kind, Name, Owner string }
	got := usage{u.ProviderConfigReference.Kind, u.ProviderConfigReference.Name, u.ResourceReference.Kind, u.ResourceReference.Name, u.OwnerReferences[0].Kind}
	if diff := cmp.Diff(usage{"ClusterProviderConfig", "default", "Project", "p", "Project"}, got); diff != "" {
		t.Errorf("usage: -want, +got:\n%s", diff)
	}
}

func TestConnectReportsWhatKubernetesSays(t *testing.T) {
	errBoom := errors.New("boom")
	kube := kubernetes(t, clusterConfig(), adminSecret("crossplane-system")).Build()
	apiReader := interceptor.NewClient(kube, interceptor.Funcs{
		Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
			return errBoom
		},
	})
	_, err := connect(t.Context(), connector(t, kube, apiReader), ofCluster("p"), nil)
	if !errors.Is(err, errBoom) {
		t.Errorf("Connect: want an error that wraps %v, got %v", errBoom, err)
	}
}

func TestInProject(t *testing.T) {
	cases := map[string]struct {
		reason      string
		defaultID   *string
		allowed     []string
		id          *string
		wantProject string
		wantErr     string
	}{
		"TheResourcesOwn": {
			reason: "What the object names goes before the default.", defaultID: new("proj_default"), id: new("proj_1"), wantProject: "proj_1",
		},
		"TheDefault": {
			reason: "An object that names no project is in the default.", defaultID: new("proj_default"), wantProject: "proj_default",
		},
		"TheDefaultForAnEmptyID": {
			reason: "A status that was never filled names no project.", defaultID: new("proj_default"), id: new(""), wantProject: "proj_default",
		},
		"None": {
			reason: "There is nothing to fall back to.", wantErr: ErrNoProject.Error(),
		},
		"Allowed": {
			reason: "The list names the project.", allowed: []string{"proj_2", "proj_1"}, id: new("proj_1"), wantProject: "proj_1",
		},
		"Forbidden": {
			reason: "The list does not name the project.", allowed: []string{"proj_2"}, id: new("proj_1"),
			wantErr: `ClusterProviderConfig "default" does not allow project "proj_1": use one of its allowedProjectIDs, or ask its owner to add this one`,
		},
		"ForbiddenDefault": {
			reason: "The default is no way around the list.", defaultID: new("proj_default"), allowed: []string{"proj_2"},
			wantErr: `ClusterProviderConfig "default" does not allow project "proj_default": use one of its allowedProjectIDs, or ask its owner to add this one`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kube := kubernetes(t, adminSecret("crossplane-system"), clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) {
				s.DefaultProjectID, s.AllowedProjectIDs = tc.defaultID, tc.allowed
			})).Build()
			access, err := connector(t, kube, kube).Connect(t.Context(), ofCluster("p"), nil)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			in, err := access.InProject(t.Context(), tc.id)
			if diff := cmp.Diff(tc.wantErr, apitest.Text(err)); diff != "" {
				t.Errorf("\n%s\nInProject: -want error, +got error:\n%s", tc.reason, diff)
			}
			if err == nil && in.Project != tc.wantProject {
				t.Errorf("\n%s\nProject: want %q, got %q", tc.reason, tc.wantProject, in.Project)
			}
			if err != nil && in != nil {
				t.Errorf("\n%s\nInProject returned a connection that calls can be made with", tc.reason)
			}
		})
	}
}

func TestNewProjectsAreAllowedWhereNoneAreListed(t *testing.T) {
	cases := map[string]struct {
		reason  string
		allowed []string
		want    string
	}{
		"Unlimited": {reason: "No list is no limit."},
		"Limited": {
			reason: "A new project could not be on the list.", allowed: []string{"proj_1"},
			want: `ClusterProviderConfig "default" allows only the projects in its allowedProjectIDs, so that no project can be created with it`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			a := Access{
				mg: ofCluster("p"), config: `ClusterProviderConfig "default"`, allowedProjects: tc.allowed,
				checkOrganization: func(context.Context) error { return nil },
			}
			_, err := a.OfProject(t.Context(), "")
			if diff := cmp.Diff(tc.want, apitest.Text(err)); diff != "" {
				t.Errorf("\n%s\nOfProject: -want error, +got error:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestDefaultBaseURL shows where configurations lead that name no URL.
func TestDefaultBaseURL(t *testing.T) {
	cases := map[string]struct {
		reason  string
		base    string
		config  *string
		want    string
		wantErr string
	}{
		"TheProvidersDefault": {
			reason: "The provider's own default serves all configurations that name no URL.",
			base:   "https://proxy.example.org/v1", want: "https://proxy.example.org/v1",
		},
		"TheConfigurationsOwn": {
			reason: "The configuration goes before the default.",
			base:   "https://proxy.example.org/v1", config: new("https://eu.api.openai.com/v1"), want: "https://eu.api.openai.com/v1",
		},
		"SlashesAtTheEndAreCut": {
			reason: "The SDK joins paths with a slash of its own.",
			base:   "https://proxy.example.org/v1/", config: new("https://eu.api.openai.com/v1//"), want: "https://eu.api.openai.com/v1",
		},
		"ADefaultInTheClearIsRefused": {
			reason:  "No admin key may travel in the clear.",
			base:    "http://proxy.example.org/v1",
			wantErr: `baseURL "http://proxy.example.org/v1" must be an https URL such as "https://api.openai.com/v1"; http is accepted only for a loopback address`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kube := kubernetes(t, adminSecret("crossplane-system"), clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) {
				s.BaseURL = tc.config
			})).Build()
			c, err := NewConnector(kube, kube, tc.base)
			if diff := cmp.Diff(tc.wantErr, apitest.Text(err)); diff != "" {
				t.Fatalf("\n%s\nNewConnector: -want error, +got error:\n%s", tc.reason, diff)
			}
			if err != nil {
				return
			}
			conn, err := connect(t.Context(), c, ofCluster("p"), nil)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			if diff := cmp.Diff(tc.want, conn.BaseURL); diff != "" {
				t.Errorf("\n%s\nBaseURL: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
