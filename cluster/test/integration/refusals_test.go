// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
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

// providerConfig is a ProviderConfig with the tenant's own credentials.
func providerConfig(tn *tenant, name string) *v1alpha1.ProviderConfig {
	pc := &v1alpha1.ProviderConfig{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	pc.Spec.Credentials.SecretRef = v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "key"}
	return pc
}

// withField sets a field that the Go type may lack.
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

func TestAProblemNamesTheObjectAndTheRemedyAndIssuesNoKey(t *testing.T) {
	t.Parallel()
	namespaced := func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "own"}
	}
	setAdminKey := func(tn *tenant, data map[string][]byte) {
		change(tn, admin.Secret(tn.namespace, ""), func(s *corev1.Secret) { s.StringData, s.Data = nil, data })
	}
	cases := map[string]struct {
		reason  string
		prepare func(tn *tenant)
		mod     func(cr *v1alpha1.ProjectAPIKey)
		want    []string
	}{
		"UnknownProject": {
			reason: "A typo in the project.",
			mod:    func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ProjectID = new("proj_unknown") },
			want:   []string{`project "proj_unknown" does not exist`, "correct the project ID"},
		},
		"ArchivedProject": {
			reason: "Archiving cannot be undone.",
			prepare: func(tn *tenant) {
				_, err := tn.openai.Archive(tn.Context(), tn.project)
				tn.must(err)
			},
			want: []string{"is archived", "in another project"},
		},
		"UnknownServiceAccountByID": {
			reason: "A typo in the ID.",
			mod:    func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ServiceAccountID = new("user-unknown") },
			want:   []string{`service account "user-unknown" of project`, "does not exist: correct forProvider.serviceAccountID"},
		},
		"UnknownServiceAccountByName": {
			reason: "A typo in the name.",
			mod: func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ServiceAccountID, cr.Spec.ForProvider.ServiceAccountName = nil, new("nobody")
			},
			want: []string{`is named "nobody"`, "correct forProvider.serviceAccountName"},
		},
		"AmbiguousServiceAccountName": {
			reason:  "OpenAI allows several of one name.",
			prepare: func(tn *tenant) { tn.newAccount("backend") },
			mod: func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ServiceAccountID, cr.Spec.ForProvider.ServiceAccountName = nil, new("backend")
			},
			want: []string{`2 service accounts`, "serviceAccountID"},
		},
		"WrongAdminKey": {
			reason:  "A revoked key, say.",
			prepare: func(tn *tenant) { setAdminKey(tn, map[string][]byte{"key": []byte("sk-admin-WRONG")}) },
			want:    []string{"OpenAI refuses the admin key", `openai-admin" key "key"`, "store a valid admin key"},
		},
		"EmptyAdminKey": {
			reason:  "An unset variable in a script.",
			prepare: func(tn *tenant) { setAdminKey(tn, map[string][]byte{"key": []byte("\n")}) },
			want:    []string{`openai-admin" key "key" is empty`, "store an admin key"},
		},
		"AdminKeyInQuotes": {
			reason: "Copied from a script, which also says what it is called.",
			prepare: func(tn *tenant) {
				setAdminKey(tn, map[string][]byte{"key": []byte(`"` + simulator.DefaultAdminKey + `"`)})
			},
			want: []string{`openai-admin" key "key"`, "in quotes"},
		},
		"AdminKeyWithItsName": {
			reason: "Copied from a file of variables.",
			prepare: func(tn *tenant) {
				setAdminKey(tn, map[string][]byte{"key": []byte("OPENAI_ADMIN_KEY=" + simulator.DefaultAdminKey)})
			},
			want: []string{`openai-admin" key "key"`, "NAME="},
		},
		"BaseURLWithoutAVersion": {
			reason: "SDKs of others take it so.",
			prepare: func(tn *tenant) {
				change(tn, &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}, func(pc *v1alpha1.ClusterProviderConfig) {
					pc.Spec.BaseURL = new(sim.Root())
				})
			},
			want: []string{"does not end in /v1", `"` + sim.Root() + `/v1"`},
		},
		"MissingKeyOfTheAdminSecret": {
			reason:  "Another name in the Secret.",
			prepare: func(tn *tenant) { setAdminKey(tn, map[string][]byte{"other": []byte("x")}) },
			want:    []string{`has no key "key"`},
		},
		"MissingAdminSecret": {
			reason:  "The Secret was forgotten.",
			prepare: func(tn *tenant) { tn.delete(tn.secret("openai-admin")) },
			want:    []string{`openai-admin" with the admin key does not exist`, "create it"},
		},
		"SecretOfAnotherNamespaceForAProviderConfig": {
			reason: "A ProviderConfig reads only its own namespace.",
			prepare: func(tn *tenant) {
				pc := providerConfig(tn, "own")
				pc.Spec.Credentials.SecretRef.Name = "admin-of-others"
				tn.create(pc)
			},
			mod:  namespaced,
			want: []string{`ProviderConfig "`, `admin-of-others" with the admin key does not exist`},
		},
		"MissingConfiguration": {
			reason: "A typo in providerConfigRef.",
			mod: func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ProviderConfigReference.Name = "missing"
			},
			want: []string{`ClusterProviderConfig "missing" does not exist`, "correct providerConfigRef"},
		},
		"NamespaceThatIsNotAllowed": {
			reason: "The platform team gave the credentials to others.",
			prepare: func(tn *tenant) {
				change(tn, &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}, func(pc *v1alpha1.ClusterProviderConfig) {
					pc.Spec.AllowedNamespaces = &v1alpha1.NamespaceSelector{MatchLabels: map[string]string{"openai": "allowed"}}
				})
			},
			want: []string{"may not use it", "allowedNamespaces"},
		},
		"ProjectThatIsNotAllowed": {
			reason: "The platform team keeps other projects to itself.",
			prepare: func(tn *tenant) {
				change(tn, &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}, func(pc *v1alpha1.ClusterProviderConfig) {
					pc.Spec.AllowedProjectIDs = []string{"proj_other"}
				})
			},
			want: []string{"does not allow project", "allowedProjectIDs"},
		},
		"NoProject": {
			reason: "Neither the key nor the configuration names one.",
			mod:    func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ProjectID = nil },
			want:   []string{"no project", "defaultProjectID"},
		},
		"OrganizationOfSomebodyElse": {
			reason: "The admin key belongs to another organization.",
			mod:    func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.OrganizationID = new("org-other") },
			want:   []string{"correct or remove organizationID", "mismatched_organization"},
		},
		"SecretOfSomebodyElse": {
			reason: "What somebody else keeps there must not be lost.",
			prepare: func(tn *tenant) {
				tn.create(&corev1.Secret{
					ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "bad"},
					StringData: map[string]string{"precious": "data"},
				})
			},
			want: []string{`/bad" belongs to somebody else`, "writeConnectionSecretToRef"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			if tc.prepare != nil {
				tc.prepare(tn)
			}
			before := tn.secret("bad")
			key := tn.key("bad")
			if tc.mod != nil {
				tc.mod(key)
			}
			tn.create(key)

			message := tn.awaitProblem(key)
			if strings.Contains(message, simulator.DefaultAdminKey) {
				t.Errorf("%s\nthe problem contains the admin key: %q", tc.reason, message)
			}
			for _, want := range tc.want {
				if !strings.Contains(message, want) {
					t.Errorf("%s\nthe problem reads %q, want %q in it", tc.reason, message, want)
				}
			}
			assertStable(tn, key)
			if live := tn.liveIDs(); len(live) != 0 {
				t.Errorf("%s\nkeys were issued all the same: %v", tc.reason, live)
			}
			if diff := cmp.Diff(before, tn.secret("bad")); diff != "" {
				t.Errorf("%s\nthe Secret was touched: -before, +after:\n%s", tc.reason, diff)
			}
			// An object that never was Ready can be deleted.
			tn.delete(key)
			tn.awaitGone(key)
		})
	}
}

// assertStable reconciles an object that has a problem again, and asserts that its conditions do
// not change.
func assertStable(tn *tenant, o resource.Managed) {
	tn.Helper()
	before := o.GetCondition(xpv2.TypeSynced)
	m, ok := o.(interface{ GetLastHandledReconcileAt() string })
	if !ok {
		tn.Fatalf("%T does not show which reconcile request it handled", o)
	}
	patch := client.MergeFrom(o.DeepCopyObject().(client.Object))
	a := map[string]string{"crossplane.io/reconcile-requested-at": "again"}
	maps.Copy(a, o.GetAnnotations())
	o.SetAnnotations(a)
	tn.must(kube.Patch(context.Background(), o, patch))
	tn.await("another reconcile", func() (bool, string) {
		tn.get(o)
		return m.GetLastHandledReconcileAt() == "again", m.GetLastHandledReconcileAt()
	})
	if diff := cmp.Diff(before, o.GetCondition(xpv2.TypeSynced)); diff != "" {
		tn.Errorf("the condition flaps: -before, +after:\n%s", diff)
	}
}

func TestANamespacesOwnConfigurationWorks(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	tn.create(providerConfig(tn, "own"))
	key := tn.key("own", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "own"}
	})
	tn.create(key)
	tn.awaitReady(key)
	tn.workingKey("own")
}

func TestProjectsAreManaged(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "managed"}}
	p.Spec.ProviderConfigReference = tn.configRef()
	p.Spec.ForProvider.Residency = new("EU_STORAGE_PROCESSING")
	tn.create(p)
	tn.awaitReady(p)
	id := p.Status.AtProvider.ID

	change(tn, p, func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = new("renamed") })
	tn.await("the new name", func() (bool, string) {
		o, err := tn.openai.Get(t.Context(), id)
		tn.must(err)
		tn.get(p)
		return o.Name == "renamed" && p.Status.AtProvider.Name == "renamed", o.Name
	})
	tn.delete(p)
	tn.awaitGone(p)
	o, err := tn.openai.Get(t.Context(), id)
	tn.must(err)
	if o.Status != "archived" {
		t.Errorf("the project is %q after its object was deleted, want archived", o.Status)
	}
}
