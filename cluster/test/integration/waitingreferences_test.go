// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestAnObjectThatWaitsForWhatItRefersToHasNoErrorAndCanBeDeleted(t *testing.T) {
	t.Parallel()
	account := func(tn *tenant, member v1alpha1.ProjectScoped) resource.Managed {
		sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "waits"}}
		sa.Spec.ProviderConfigReference = tn.configRef()
		sa.Spec.ForProvider.ProjectScoped = member
		return sa
	}
	later := &xpv2.NamespacedReference{Name: "later"}
	cases := map[string]struct {
		reason string
		object func(tn *tenant) resource.Managed
		// want is part of the message; NAMESPACE stands for the tenant's.
		want        []string
		propagation metav1.DeletionPropagation
	}{
		"AccountForAProject": {
			reason:      "Order does not matter, as the README says.",
			object:      func(tn *tenant) resource.Managed { return account(tn, v1alpha1.ProjectScoped{ProjectIDRef: later}) },
			want:        []string{"Project", "NAMESPACE/later"},
			propagation: metav1.DeletePropagationForeground,
		},
		"KeyForAProjectAndAnAccount": {
			reason: "The quickstart's key.",
			object: func(tn *tenant) resource.Managed {
				return tn.key("waits", func(cr *v1alpha1.ProjectAPIKey) {
					p := &cr.Spec.ForProvider
					p.ProjectID, p.ProjectIDRef, p.ServiceAccountID, p.ServiceAccountIDRef = nil, later, nil, later
				})
			},
			want:        []string{"Project", "NAMESPACE/later"},
			propagation: metav1.DeletePropagationForeground,
		},
		"KeyForAnAccount": {
			reason: "Its project is known.",
			object: func(tn *tenant) resource.Managed {
				return tn.key("waits", func(cr *v1alpha1.ProjectAPIKey) {
					cr.Spec.ForProvider.ServiceAccountID, cr.Spec.ForProvider.ServiceAccountIDRef = nil, later
				})
			},
			want:        []string{"ProjectServiceAccount", "NAMESPACE/later"},
			propagation: metav1.DeletePropagationBackground,
		},
		"TargetWithoutAnID": {
			reason: "A paused Project has none.",
			object: func(tn *tenant) resource.Managed {
				p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "later"}}
				p.Spec.ProviderConfigReference = tn.configRef()
				meta.AddAnnotations(p, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
				tn.create(p)
				return account(tn, v1alpha1.ProjectScoped{ProjectIDRef: later})
			},
			want:        []string{"Project", "NAMESPACE/later"},
			propagation: metav1.DeletePropagationBackground,
		},
		"TargetOfAnotherNamespace": {
			reason: "It says which.",
			object: func(tn *tenant) resource.Managed {
				return account(tn, v1alpha1.ProjectScoped{ProjectIDRef: &xpv2.NamespacedReference{Name: "later", Namespace: "default"}})
			},
			want:        []string{"Project", "default/later"},
			propagation: metav1.DeletePropagationOrphan,
		},
		"SelectorWithoutAMatch": {
			reason: "As in a Composition, whose objects are made in any order.",
			object: func(tn *tenant) resource.Managed {
				return account(tn, v1alpha1.ProjectScoped{ProjectIDSelector: selectorOf("later")})
			},
			want:        []string{"Project"},
			propagation: metav1.DeletePropagationForeground,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			o := tc.object(tn)
			tn.create(o)
			message := tn.awaitWaiting(o)
			for _, want := range tc.want {
				if want = strings.ReplaceAll(want, "NAMESPACE", tn.namespace); !strings.Contains(message, want) {
					t.Errorf("%s\nthe object says %q, want %q in it", tc.reason, message, want)
				}
			}
			assertStable(tn, o)
			if got := tn.awaitWaiting(o); got != message {
				t.Errorf("%s\nthe object says %q, and then %q", tc.reason, message, got)
			}
			if got := tn.warnings(o); len(got) > 0 {
				t.Errorf("%s\nwarnings of what is no error: %q", tc.reason, got)
			}
			tn.must(kube.Delete(t.Context(), o, client.PropagationPolicy(tc.propagation)))
			tn.awaitGone(o)
		})
	}
}

func TestAnObjectWhoseConfigurationIsMissingSaysSoAndCanBeDeleted(t *testing.T) {
	t.Parallel()
	later := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Name: "later"}}
	cases := map[string]struct {
		reason string
		object func(tn *tenant) resource.Managed
		// waits reports that the object may wait for something else first.
		waits bool
	}{
		"Project": {"It refers to nothing else.", func(tn *tenant) resource.Managed {
			p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "lonely"}}
			p.Spec.ProviderConfigReference = tn.configRef()
			return p
		}, false},
		"AccountOfAProject": {"What it refers to is there.", func(tn *tenant) resource.Managed {
			sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "lonely"}}
			sa.Spec.ProviderConfigReference = tn.configRef()
			sa.Spec.ForProvider.ProjectIDRef = referenceTo(tn.newProject("there", "there"))
			return sa
		}, false},
		"KeyThatWaits": {"Neither what it refers to nor the configuration is there.", func(tn *tenant) resource.Managed {
			return tn.key("lonely", func(cr *v1alpha1.ProjectAPIKey) {
				p := &cr.Spec.ForProvider
				p.ProjectID, p.ProjectIDRef, p.ServiceAccountID, p.ServiceAccountIDRef = nil, referenceTo(later), nil, referenceTo(later)
			})
		}, true},
	}
	for name, tc := range cases {
		for _, propagation := range []metav1.DeletionPropagation{metav1.DeletePropagationForeground, metav1.DeletePropagationBackground} {
			t.Run(name+string(propagation), func(t *testing.T) {
				t.Parallel()
				tn := newTenant(t)
				o := tc.object(tn)
				o.(resource.ModernManaged).GetProviderConfigReference().Name = "missing"
				tn.create(o)
				tn.await("word of it", func() (bool, string) {
					tn.get(o)
					reported := o.GetCondition(xpv2.TypeSynced).Message
					if tc.waits {
						reported += o.GetCondition(xpv2.TypeReady).Message
					}
					return strings.Contains(reported, `ClusterProviderConfig "missing" does not exist`) || (tc.waits && strings.Contains(reported, "later")), tc.reason + asJSON(t, o)
				})
				tn.must(kube.Delete(t.Context(), o, client.PropagationPolicy(propagation)))
				tn.awaitGone(o)
			})
		}
	}
}
