// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// newProjectID creates a project outside of the provider.
func (tn *tenant) newProjectID(name string) string {
	tn.Helper()
	p, err := tn.openai.New(tn.Context(), openai.AdminOrganizationProjectNewParams{Name: name})
	tn.must(err)
	return p.ID
}

// externallyNamed are the kinds whose external name decides which resource they manage.
var externallyNamed = map[string]struct {
	object func(tn *tenant) identified
	// elsewhere creates another resource of the kind outside of the provider.
	elsewhere func(tn *tenant, name string) string
	named     func(tn *tenant, name string) []string
	statusID  func(o resource.Managed) string
	// end deletes a resource outside of the provider; ended is the word for that in messages.
	end   func(tn *tenant, id string)
	ended string
}{
	"Project": {
		identifiedProject,
		func(tn *tenant, name string) string { return tn.newProjectID(tn.namespace + "-" + name) },
		func(tn *tenant, name string) []string { return tn.projectsNamed(tn.namespace + "-" + name) },
		func(o resource.Managed) string { return o.(*v1alpha1.Project).Status.AtProvider.ID },
		(*tenant).archive, "archived",
	},
	"ServiceAccount": {
		identifiedAccount,
		(*tenant).newAccount,
		(*tenant).accountsNamed,
		func(o resource.Managed) string { return o.(*v1alpha1.ProjectServiceAccount).Status.AtProvider.ID },
		(*tenant).deleteAccount, "does not exist",
	},
}

func TestAnotherExternalNameIsFollowedAndAnEventNamesWhatIsLeft(t *testing.T) {
	t.Parallel()
	for name, k := range externallyNamed {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			i := k.object(tn)
			tn.create(i.object)
			tn.awaitReady(i.object)
			previous, next := meta.GetExternalName(i.object), k.elsewhere(tn, "next")

			tn.annotate(i.object, annotations{meta.AnnotationKeyExternalName: next})
			tn.await("the other ID in the status", func() (bool, string) {
				tn.get(i.object)
				return k.statusID(i.object) == next, asJSON(t, i.object)
			})
			tn.awaitEventWith(i.object, "ExternalNameChanged", previous)
			tn.awaitReady(i.object)
			if diff := cmp.Diff([]string{previous}, i.alive()) + cmp.Diff([]string{next}, k.named(tn, "next")); diff != "" {
				t.Errorf("at OpenAI: -want, +got:\n%s", diff)
			}

			tn.delete(i.object)
			tn.awaitGone(i.object)
			if diff := cmp.Diff([]string{previous}, i.alive()) + cmp.Diff([]string{}, k.named(tn, "next"), equateEmpty); diff != "" {
				t.Errorf("at OpenAI after the object: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestWhatAnotherObjectManagesIsLeftAlone(t *testing.T) {
	t.Parallel()
	// duplicate creates a copy of an object from its manifest.
	duplicate := func(tn *tenant, of resource.Managed) resource.Managed {
		o := backupOf(of)
		o.SetName(o.GetName() + "-copy")
		tn.create(o)
		return o
	}
	cases := map[string]struct {
		reason string
		claim  func(tn *tenant, of resource.Managed) resource.Managed
	}{
		"ByACopyOfItsManifest": {"Both would manage one resource, and the deletion of either would delete it.", duplicate},
		"ByACopyInAnotherNamespace": {
			"IDs are those of the organization, not of a namespace.",
			func(tn *tenant, of resource.Managed) resource.Managed {
				ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{GenerateName: "tenant-"}}
				tn.create(ns)
				elsewhere := copyOf(of)
				elsewhere.SetNamespace(ns.Name)
				return duplicate(tn, elsewhere)
			},
		},
		"ByAnObjectWhoseExternalNameChanged": {
			"A slip of the hand is no takeover.",
			func(tn *tenant, of resource.Managed) resource.Managed {
				o := backupOf(of)
				o.SetName(o.GetName() + "-other")
				o.SetAnnotations(nil)
				tn.create(o)
				tn.awaitReady(o)
				tn.annotate(o, annotations{meta.AnnotationKeyExternalName: meta.GetExternalName(of)})
				return o
			},
		},
	}
	for kind, k := range externallyNamed {
		for name, tc := range cases {
			t.Run(kind+name, func(t *testing.T) {
				t.Parallel()
				tn := newTenant(t)
				i := k.object(tn)
				tn.create(i.object)
				tn.awaitReady(i.object)
				id := meta.GetExternalName(i.object)

				claim := tc.claim(tn, i.object)
				if got := tn.awaitProblem(claim); !strings.Contains(got, "managed by another object") {
					t.Errorf("\n%s\nthe problem is %q", tc.reason, got)
				}
				tn.reconcileAgain(1, i.object)
				tn.awaitReady(i.object)
				tn.delete(claim)
				tn.awaitGone(claim)
				tn.reconcileAgain(1, i.object)
				tn.awaitReady(i.object)
				if diff := cmp.Diff([]string{id}, i.alive()); diff != "" || meta.GetExternalName(i.object) != id {
					t.Errorf("\n%s\nthe object has %q now; at OpenAI: -want, +got:\n%s", tc.reason, meta.GetExternalName(i.object), diff)
				}
			})
		}
	}
}

func TestWhatAnotherObjectManagesCanBeObserved(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	i := identifiedProject(tn)
	tn.create(i.object)
	tn.awaitReady(i.object)
	observer := tn.projectObject("observer", func(cr *v1alpha1.Project) {
		meta.SetExternalName(cr, meta.GetExternalName(i.object))
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
	})
	tn.create(observer)
	tn.awaitReady(observer)
	tn.reconcileAgain(1, i.object)
	tn.awaitReady(i.object, observer)
	tn.delete(observer)
	tn.awaitGone(observer)
	tn.reconcileAgain(1, i.object)
	tn.awaitReady(i.object)
}

func TestTheSecretDecidesWhichKeyAnObjectHas(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("decided")
	tn.create(key)
	tn.awaitReady(key)
	id, value := meta.GetExternalName(key), tn.workingKey("decided")
	other, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
	tn.must(err)

	// A GitOps tool may restore the wrong external name repeatedly.
	for _, wrong := range []string{"key_gone", other.ID, "key_gone", other.ID} {
		tn.annotate(key, annotations{meta.AnnotationKeyExternalName: wrong})
		tn.await("the right external name instead of "+wrong, func() (bool, string) {
			tn.get(key)
			return meta.GetExternalName(key) == id, asJSON(t, key)
		})
	}
	tn.reconcileAgain(1, key)
	tn.awaitReady(key)
	if diff := cmp.Diff([]string{id, other.ID}, tn.liveIDs()); diff != "" || tn.workingKey("decided") != value {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
	tn.delete(key)
	tn.awaitGone(key)
	if diff := cmp.Diff([]string{other.ID}, tn.liveIDs()); diff != "" {
		t.Errorf("live keys after the object: -want, +got:\n%s", diff)
	}
}
