// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"maps"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

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
