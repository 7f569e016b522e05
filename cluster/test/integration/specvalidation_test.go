// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestTheAPIServerRefuses(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	cases := map[string]struct {
		reason string
		object client.Object
		want   string
	}{
		"BothReadOnlyAndPermissions": {
			reason: "It would be unclear what the key may do.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ReadOnly = new(true)
				cr.Spec.ForProvider.Permissions = &v1alpha1.ProjectAPIKeyPermissions{Models: "read"}
			}),
			want: "set at most one of readOnly, permissions and scopes",
		},
		"EmptyPermissions": {
			reason: "OpenAI takes an empty list for full permissions.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Permissions = &v1alpha1.ProjectAPIKeyPermissions{}
			}),
			want: "permissions must grant at least one group",
		},
		"NoSecretForTheKey": {
			reason: "The key's value would be lost.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.WriteConnectionSecretToReference = nil }),
			want:   "writeConnectionSecretToRef is required",
		},
		"AnExpiryOfMoreThanAYear": {
			reason: "OpenAI allows a year at most.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ExpiresIn = &metav1.Duration{Duration: 8761 * time.Hour}
			}),
			want: "expiresIn must be from 10s to 8760h",
		},
		"AnExpiryOfLessThanASecond": {
			reason: "OpenAI counts in seconds.",
			object: withField(t, tn.key("bad"), "500ms", "spec", "forProvider", "expiresIn"),
			want:   "expiresIn",
		},
		"AnIntervalMuchShorterThanTheOverlap": {
			reason: "More and more replaced keys would be valid at once.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Interval: &metav1.Duration{Duration: time.Hour}}
			}),
			want: "must be at most ten times rotation.interval",
		},
		"NoServiceAccount": {
			reason: "Every key needs an owner.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ServiceAccountID = nil }),
			want:   "say which service account owns the key",
		},
		"AServiceAccountByIDAndByName": {
			reason: "The two could disagree.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ServiceAccountName = new("backend") }),
			want:   "serviceAccountName cannot be combined",
		},
		"AnUnknownPermission": {
			reason: "A typo must not grant anything.",
			object: tn.key("bad", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Permissions = &v1alpha1.ProjectAPIKeyPermissions{Models: "write"}
			}),
			want: `Unsupported value: "write"`,
		},
		"AnInsecureBaseURL": {
			reason: "The admin key would be sent in the clear.",
			object: &v1alpha1.ClusterProviderConfig{
				ObjectMeta: metav1.ObjectMeta{Name: "bad"},
				Spec: v1alpha1.ClusterProviderConfigSpec{
					BaseURL:     new("http://openai.example.com/v1"),
					Credentials: v1alpha1.ClusterCredentials{Source: "Environment", Env: &v1alpha1.EnvironmentVariable{Name: "X"}},
				},
			},
			want: "baseURL must be an https URL",
		},
		"CredentialsWithoutTheSecret": {
			reason: "The source says Secret.",
			object: &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: "bad"}},
			want:   "secretRef is required when source is Secret",
		},
		"OrganizationKindsAlthoughProjectsAreListed": {
			reason: "What belongs to the organization reaches the other projects as well.",
			object: &v1alpha1.ClusterProviderConfig{
				ObjectMeta: metav1.ObjectMeta{Name: "bad"},
				Spec: v1alpha1.ClusterProviderConfigSpec{
					Credentials:       v1alpha1.ClusterCredentials{Source: "Environment", Env: &v1alpha1.EnvironmentVariable{Name: "X"}},
					AllowedProjectIDs: []string{"proj_1"}, OrganizationKinds: v1alpha1.OrganizationKindsAllowed,
				},
			},
			want: "organizationKinds: Allowed cannot be combined with allowedProjectIDs",
		},
		"OrganizationKindsOfAnotherWord": {
			reason: "A typo must not allow anything.",
			object: &v1alpha1.ClusterProviderConfig{
				ObjectMeta: metav1.ObjectMeta{Name: "bad"},
				Spec: v1alpha1.ClusterProviderConfigSpec{
					Credentials:       v1alpha1.ClusterCredentials{Source: "Environment", Env: &v1alpha1.EnvironmentVariable{Name: "X"}},
					OrganizationKinds: "allowed",
				},
			},
			want: `Unsupported value: "allowed"`,
		},
		"ASecretOfAnotherNamespaceInAProviderConfig": {
			reason: "A tenant must not borrow another's credentials.",
			object: withField(t, providerConfig(tn, "bad"), "crossplane-system", "spec", "credentials", "secretRef", "namespace"),
			want:   `unknown field "spec.credentials.secretRef.namespace"`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := client.WithFieldValidation(kube, metav1.FieldValidationStrict).Create(t.Context(), tc.object)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("%s\nerror is %v, want %q in it", tc.reason, err, tc.want)
			}
		})
	}
}

func TestOrganizationKindsAreDeniedUnlessAConfigurationAllowsThem(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		says    string
		allowed []string
		want    string
	}{
		"SaysNothing": {"The default is no.", "", nil, v1alpha1.OrganizationKindsDenied},
		"Projects":    {"A list of projects goes with no.", "", []string{"proj_1"}, v1alpha1.OrganizationKindsDenied},
		"Yes":         {"Without a list it may say yes.", v1alpha1.OrganizationKindsAllowed, nil, v1alpha1.OrganizationKindsAllowed},
		"NoProjects":  {"An empty list is none.", v1alpha1.OrganizationKindsAllowed, []string{}, v1alpha1.OrganizationKindsAllowed},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: "kinds"}}
			pc.Spec.Credentials = v1alpha1.ClusterCredentials{Source: "Environment", Env: &v1alpha1.EnvironmentVariable{Name: "X"}}
			pc.Spec.OrganizationKinds, pc.Spec.AllowedProjectIDs = tc.says, tc.allowed
			if err := kube.Create(t.Context(), pc, client.DryRunAll); err != nil {
				t.Fatalf("%s\nCreate: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, pc.Spec.OrganizationKinds); diff != "" {
				t.Errorf("%s\norganizationKinds: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestLoopbackAndHTTPSBaseURLsAreAccepted(t *testing.T) {
	t.Parallel()
	for _, u := range []string{"http://127.0.0.1:8080/v1", "http://localhost:8080/v1", "http://[::1]:8080/v1", "https://eu.api.openai.com/v1"} {
		pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: "url"}}
		pc.Spec.BaseURL = &u
		pc.Spec.Credentials = v1alpha1.ClusterCredentials{Source: "Environment", Env: &v1alpha1.EnvironmentVariable{Name: "X"}}
		if err := kube.Create(t.Context(), pc, client.DryRunAll); err != nil {
			t.Errorf("base URL %q is refused: %v", u, err)
		}
	}
}

func TestTheProjectAndServiceAccountOfAKeyCannotBeChanged(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("fixed")
	tn.create(key)
	tn.awaitReady(key)
	for field, mod := range map[string]func(p *v1alpha1.ProjectAPIKeyParameters){
		"projectID":        func(p *v1alpha1.ProjectAPIKeyParameters) { p.ProjectID = new("proj_other") },
		"serviceAccountID": func(p *v1alpha1.ProjectAPIKeyParameters) { p.ServiceAccountID = new("user-other") },
	} {
		tn.get(key)
		mod(&key.Spec.ForProvider)
		err := kube.Update(t.Context(), key)
		if !kerrors.IsInvalid(err) || !strings.Contains(err.Error(), field+" cannot be changed once set") {
			t.Errorf("a change of %s gives %v", field, err)
		}
	}
}

func withField(t *testing.T, o client.Object, value string, path ...string) *unstructured.Unstructured {
	t.Helper()
	gvks, _, err := kube.Scheme().ObjectKinds(o)
	if err != nil {
		t.Fatal(err)
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(o)
	if err != nil {
		t.Fatal(err)
	}
	u := &unstructured.Unstructured{Object: content}
	u.SetGroupVersionKind(gvks[0])
	unstructured.RemoveNestedField(u.Object, "status")
	if err := unstructured.SetNestedField(u.Object, value, path...); err != nil {
		t.Fatal(err)
	}
	return u
}
