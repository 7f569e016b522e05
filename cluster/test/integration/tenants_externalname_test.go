// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A target is a resource that another tenant manages, and an object that the attacker gives its
// external name.
type target struct {
	holds func(victim *tenant) *keyFixture
	// of returns the object that manages it.
	of func(h *keyFixture) resource.Managed
	// object returns the attacker's object that would change it.
	object func(a *tenant, h *keyFixture) resource.Managed
}

var targetsOfNames = map[string]target{
	"Project": {
		managesAll,
		func(h *keyFixture) resource.Managed { return h.objects[0] },
		func(a *tenant, _ *keyFixture) resource.Managed {
			return a.projectObject("pointed", func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = new(a.namespace + "-taken") })
		},
	},
	"ServiceAccount": {
		// No object manages the project, so that the account itself must be protected.
		managesAccount,
		func(h *keyFixture) resource.Managed { return h.objects[1] },
		func(a *tenant, h *keyFixture) resource.Managed {
			return a.accountObject("pointed", func(cr *v1alpha1.ProjectServiceAccount) {
				cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.Name, cr.Spec.ForProvider.Role = &h.project, new("taken"), "owner"
			})
		},
	},
	"Key": {
		// No object manages the project and the account: see above.
		managesKey,
		func(h *keyFixture) resource.Managed { return h.key },
		func(a *tenant, h *keyFixture) resource.Managed {
			return a.key("pointed", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = &h.project, &h.account
			})
		},
	},
}

// externalNameSettings are ways to give an object an external name.
var externalNameSettings = map[string]struct {
	reason string
	point  func(a *tenant, o resource.Managed, id string)
}{
	"WhenItIsMade": {"Whoever knows the ID writes it.", func(a *tenant, o resource.Managed, id string) {
		meta.SetExternalName(o, id)
		a.create(o)
	}},
	"WithAForgedCreation": {"An annotation says that the object itself created it.", func(a *tenant, o resource.Managed, id string) {
		meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
		a.create(o)
		a.annotate(o, annotations{
			meta.AnnotationKeyExternalName:         id,
			createdAnnotation:                      string(o.GetUID()) + "/" + id,
			meta.AnnotationKeyReconciliationPaused: nil,
		})
	}},
	"WithAForgedCreationAlone": {"The external name may be left out.", func(a *tenant, o resource.Managed, id string) {
		meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
		a.create(o)
		a.annotate(o, annotations{
			createdAnnotation:                      string(o.GetUID()) + "/" + id,
			meta.AnnotationKeyReconciliationPaused: nil,
		})
	}},
	"WhenItHasItsOwn": {"The object has something itself before it is pointed elsewhere.", func(a *tenant, o resource.Managed, id string) {
		a.create(o)
		a.awaitReady(o)
		a.annotate(o, annotations{meta.AnnotationKeyExternalName: id, createdAnnotation: string(o.GetUID()) + "/" + id})
	}},
	"WhenItOnlyObservedFirst": {"What was seen is taken over when more is allowed.", func(a *tenant, o resource.Managed, id string) {
		meta.SetExternalName(o, id)
		o.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
		a.create(o)
		a.awaitReconciled(o)
		change(a, o, func(o resource.Managed) { o.SetManagementPolicies(nil) })
	}},
}

func TestAnExternalNameTakesNothingFromAnotherTenant(t *testing.T) {
	t.Parallel()
	for kind, k := range targetsOfNames {
		for name, p := range externalNameSettings {
			t.Run(kind+name, func(t *testing.T) {
				t.Parallel()
				a, victim := neighbors(t)
				h := k.holds(victim)
				was, id, o := h.externalState(), meta.GetExternalName(k.of(h)), k.object(a, h)
				p.point(a, o, id)
				a.awaitReconciled(o)
				h.assertNotDisclosed(p.reason, a, o, h.project, h.account, id)
				// The Secret decides which key an object has; another external name may just be
				// ignored.
				if got := meta.GetExternalName(o); isReady(o) && got == id {
					t.Errorf("%s\nthe object is Ready with %q, which another tenant manages", p.reason, got)
				}
				h.assertUntouched(p.reason, was)
				a.deleteAndAwait(o)
				h.assertUntouched(p.reason, was)
			})
		}
	}
}

func TestAnExternalNameThatIsDeletedAtOnceEndsNothing(t *testing.T) {
	t.Parallel()
	for kind, k := range targetsOfNames {
		for name, forged := range map[string]bool{"Alone": false, "WithAForgedCreation": true} {
			t.Run(kind+name, func(t *testing.T) {
				t.Parallel()
				const reason = "The first that the provider sees of the object is its deletion."
				a, victim := neighbors(t)
				h := k.holds(victim)
				was, id, o := h.externalState(), meta.GetExternalName(k.of(h)), k.object(a, h)
				meta.SetExternalName(o, id)
				meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
				o.SetFinalizers([]string{"finalizer.managedresource.crossplane.io"})
				a.create(o)
				a.delete(o)
				written := annotations{meta.AnnotationKeyReconciliationPaused: nil}
				if forged {
					written[createdAnnotation] = string(o.GetUID()) + "/" + id
				}
				a.annotate(o, written)
				a.awaitGone(o)
				h.assertUntouched(reason, was)
			})
		}
	}
}

func TestWhatAnotherTenantManagesIsNotObservedWithoutItsConsent(t *testing.T) {
	t.Parallel()
	for kind, k := range targetsOfNames {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			const reason = "An object that only observes shows in its status what OpenAI returns."
			a, victim := neighbors(t)
			h := k.holds(victim)
			was, id, o := h.externalState(), meta.GetExternalName(k.of(h)), k.object(a, h)
			meta.SetExternalName(o, id)
			o.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
			a.create(o)
			a.assertDenied(reason, refused, o)
			h.assertNotDisclosed(reason, a, o, h.project, h.account, id)
			if got := o.(interface{ ObservedID() string }).ObservedID(); got != "" {
				t.Errorf("%s\nthe status shows %q", reason, got)
			}
			a.deleteAndAwait(o)
			h.assertUntouched(reason, was)

			// Both namespaces agree.
			h.allow(k.of(h), a.namespace)
			again := k.object(a, h)
			meta.SetExternalName(again, id)
			again.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
			again.SetName("invited")
			a.create(again)
			a.awaitReady(again)
			a.deleteAndAwait(again)
			h.assertUntouched(reason, was)
		})
	}
}

func TestARefusalNamesTheOtherObjectOnlyWithinANamespace(t *testing.T) {
	t.Parallel()
	for kind, k := range targetsOfNames {
		for name, same := range map[string]bool{"WithinANamespace": true, "AcrossNamespaces": false} {
			t.Run(kind+name, func(t *testing.T) {
				t.Parallel()
				a, victim := neighbors(t)
				h := k.holds(victim)
				if same {
					a = h.tenant
				}
				of := k.of(h)
				o := k.object(a, h)
				meta.SetExternalName(o, meta.GetExternalName(of))
				a.create(o)
				const reason = "Somebody has to know whom to talk to, if that is no other tenant."
				a.assertDenied(reason, refused, o)
				said := o.GetCondition(xpv2.TypeSynced).Message
				if !strings.Contains(said, "managed by another object") {
					t.Errorf("%s\nthe refusal is %q", reason, said)
				}
				if strings.Contains(said, `"`+of.GetName()+`"`) != same || (!same && strings.Contains(said, h.namespace)) {
					t.Errorf("%s\nthe refusal is %q; that it names %q should be %t", reason, said, of.GetName(), same)
				}
				a.deleteAndAwait(o)
			})
		}
	}
}

// allow other namespaces to refer to an object of the tenant.
func (tn *tenant) allow(o resource.Managed, namespaces ...string) {
	tn.Helper()
	tn.annotate(o, annotations{allowReferencesFrom: strings.Join(namespaces, ",")})
}
