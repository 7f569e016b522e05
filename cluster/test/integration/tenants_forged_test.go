// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// forge a Secret that looks like the provider's, with forged state annotations.
func (tn *tenant) forge(name string, state map[string]string) {
	tn.Helper()
	s := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name, Annotations: map[string]string{}},
		Type:       resource.SecretTypeConnection,
	}
	for k, v := range state {
		s.Annotations["openai.crossplane.io/"+k] = v
	}
	tn.create(s)
}

// retiringKeysState is a state annotation by which a key should have been revoked a while ago.
func retiringKeysState(t *testing.T, id string) string {
	t.Helper()
	return asJSON(t, map[string]any{id: map[string]any{
		"replacedAt": time.Now().Add(-2 * time.Hour).UTC().Format(time.RFC3339),
		"revokeAt":   time.Now().Add(-time.Hour).UTC().Format(time.RFC3339),
	}})
}

// A forgery is what a tenant writes to make the provider believe that it manages a key, whose ID it
// knows.
type forgery struct {
	reason string
	// keyState returns the state annotations of the forged Secret; nil: there is none.
	keyState func(t *testing.T, h *keyFixture, id string) map[string]string
	// annotations of the forged object, once it has a UID.
	annotations func(o *v1alpha1.ProjectAPIKey, id string) annotations
	mod         func(cr *v1alpha1.ProjectAPIKey)
}

var forgeries = map[string]forgery{
	"Retiring": {
		reason: "The Secret says that the key was replaced long ago.",
		keyState: func(t *testing.T, _ *keyFixture, id string) map[string]string {
			t.Helper()
			return map[string]string{"retiring-keys": retiringKeysState(t, id)}
		},
	},
	"KeyInUse": {
		reason: "The Secret says that it holds the key, without its value.",
		keyState: func(_ *testing.T, h *keyFixture, id string) map[string]string {
			return map[string]string{"key-id": id, "project-id": h.project, "service-account-id": h.account}
		},
	},
	"AdoptedKey": {
		reason: "The object says that it adopted the key.",
		annotations: func(o *v1alpha1.ProjectAPIKey, id string) annotations {
			return annotations{"openai.crossplane.io/adopted-key": ownerHashOf(o) + "/" + id}
		},
	},
	"Created": {
		reason: "The object says that it created the key.",
		annotations: func(o *v1alpha1.ProjectAPIKey, id string) annotations {
			return annotations{meta.AnnotationKeyExternalName: id, createdAnnotation: string(o.GetUID()) + "/" + id}
		},
	},
	"ReplacedOnRequest": {
		reason: "The external name is that of the key, and a trigger asks for another in its place.",
		annotations: func(_ *v1alpha1.ProjectAPIKey, id string) annotations {
			return annotations{meta.AnnotationKeyExternalName: id}
		},
		mod: func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.Rotation.Trigger = new("now") },
	},
}

// try a forgery of a fixture's key, with an object in the attacker's namespace.
func (f forgery) try(a *tenant, h *keyFixture) *v1alpha1.ProjectAPIKey {
	a.Helper()
	id, written := meta.GetExternalName(h.key), annotations{}
	key := a.key("forged", rotation(overlap(0)), func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = &h.project, &h.account
		// Paused, so that the provider sees all changes at once.
		meta.AddAnnotations(cr, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
	})
	if f.mod != nil {
		f.mod(key)
	}
	if f.keyState != nil {
		a.forge("forged", f.keyState(a.T, h, id))
	}
	a.create(key)
	if f.annotations != nil {
		written = f.annotations(key, id)
	}
	written[meta.AnnotationKeyReconciliationPaused] = nil
	a.annotate(key, written)
	return key
}

func TestForgedOwnershipOfAKeyRevokesNothing(t *testing.T) {
	t.Parallel()
	stages := map[string]struct {
		reason string
		holds  func(victim *tenant) *keyFixture
		// same reports that both objects are in one namespace.
		same bool
	}{
		"OfAnotherTenantsAccount": {"Its ID leads to the other team's key.", managesAll, false},
		"OfAnotherTenantsKey":     {"The account is nobody's, so that the key itself must be safe.", managesKey, false},
		"OfTheSameTenant":         {"An ID belongs to one object, also within a namespace.", managesKey, true},
	}
	for stage, s := range stages {
		for name, f := range forgeries {
			t.Run(name+stage, func(t *testing.T) {
				t.Parallel()
				reason := f.reason + " " + s.reason
				a, victim := neighbors(t)
				h := s.holds(victim)
				if s.same {
					a = victim
				}
				was, id := h.externalState(), meta.GetExternalName(h.key)

				o := f.try(a, h)
				a.awaitReconciled(o)
				h.assertNotDisclosed(reason, a, o, h.project, h.account, id)
				h.assertUntouched(reason, was)
				a.deleteAndAwait(o)
				h.assertUntouched(reason, was)
			})
		}
	}
}

func TestForgedOwnershipThatIsDeletedAtOnceDeletesNothing(t *testing.T) {
	t.Parallel()
	for name, f := range forgeries {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, victim := neighbors(t)
			h := managesKey(victim)
			was := h.externalState()

			// Paused, so that the provider sees the forgery and the deletion at once.
			paused := f
			paused.annotations = func(o *v1alpha1.ProjectAPIKey, id string) annotations {
				all := annotations{}
				if f.annotations != nil {
					all = f.annotations(o, id)
				}
				change(a, o, func(cr *v1alpha1.ProjectAPIKey) {
					cr.SetFinalizers([]string{"finalizer.managedresource.crossplane.io"})
				})
				a.delete(o)
				return all
			}
			o := paused.try(a, h)
			a.awaitGone(o)
			h.assertUntouched(f.reason, was)
		})
	}
}

func TestOwnershipThatIsForgedLaterDeletesNothing(t *testing.T) {
	t.Parallel()
	a, victim := neighbors(t)
	h := managesKey(victim)
	was, id := h.externalState(), meta.GetExternalName(h.key)
	const reason = "The object has a key of the same account, which nobody manages, before its Secret is edited."
	o := a.key("forged", rotation(overlap(0)), func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = &h.project, &h.account
	})
	a.create(o)
	a.awaitReady(o)
	own := meta.GetExternalName(o)
	for _, forged := range []map[string]string{
		{"openai.crossplane.io/retiring-keys": retiringKeysState(t, id)},
		{"openai.crossplane.io/key-id": id},
		{"openai.crossplane.io/previous-secret": "key", "openai.crossplane.io/retiring-keys": retiringKeysState(t, id)},
	} {
		change(a, a.secret("forged"), func(s *corev1.Secret) { meta.AddAnnotations(s, forged) })
		a.reconcileAgain(2, o)
		h.assertUntouched(reason, was)
	}
	a.annotate(o, annotations{revokeRetiring: "all", rotateRequestedAt: "now", meta.AnnotationKeyExternalName: id})
	a.reconcileAgain(2, o)
	h.assertUntouched(reason, was)
	a.deleteAndAwait(o)
	h.assertUntouched(reason, was)
	if h.keyExists(own) {
		t.Errorf("%s\nthe object's own key %q outlives it", reason, own)
	}
}

func TestStateAnnotationsLeadIntoNoOtherProject(t *testing.T) {
	t.Parallel()
	a, victim := neighbors(t)
	h := managesAll(victim)
	change(a, a.clusterConfig(), func(pc *v1alpha1.ClusterProviderConfig) { pc.Spec.DefaultProjectID = &a.project })
	was, keys := h.externalState(), h.liveIDs()
	const reason = "The object names no project, its Secret does, and the account there is found by its name."
	a.forge("crossing", map[string]string{"project-id": h.project})
	o := a.keyWith(func(p *parameters) { p.ServiceAccountName = new(chainAccount) })
	a.create(o)
	a.awaitReconciled(o)
	h.assertNotDisclosed(reason, a, o, h.project)
	for _, id := range h.liveIDs() {
		if k := meta.GetExternalName(h.key); id != k {
			t.Errorf("%s\nthere is another key, %q, in another tenant's project, which had %q", reason, id, keys)
		}
	}
	a.deleteAndAwait(o)
	h.assertUntouched(reason, was)
}

// handmadeKinds are the kinds of resources that somebody creates outside of the provider, while an
// object of the same name exists that has no external resource yet.
var handmadeKinds = map[string]struct {
	object func(a *tenant) resource.Managed
	// byHand creates a resource and returns its ID; lives reports whether it exists.
	byHand func(a *tenant) string
	lives  func(a *tenant, id string) bool
}{
	"Project": {
		func(a *tenant) resource.Managed { return a.projectObject(a.namespace + "-contested") },
		func(a *tenant) string { return a.newProjectID(a.namespace + "-contested") },
		(*tenant).projectExists,
	},
	"ServiceAccount": {
		func(a *tenant) resource.Managed { return a.accountObject("contested") },
		func(a *tenant) string { return a.newAccount("contested") },
		(*tenant).accountExists,
	},
}

func TestAForgedInterruptedCreateTakesNothingThatWasMadeByHand(t *testing.T) {
	t.Parallel()
	forgeries := map[string]struct {
		reason string
		writes func(o resource.Managed) annotations
	}{
		"Pending": {"The create seems to be on its way.", func(resource.Managed) annotations {
			return annotations{meta.AnnotationKeyExternalCreatePending: time.Now().Format(time.RFC3339)}
		}},
		"Failed": {"The create seems to have been answered with an error.", func(resource.Managed) annotations {
			return annotations{
				meta.AnnotationKeyExternalCreatePending: time.Now().Format(time.RFC3339),
				meta.AnnotationKeyExternalCreateFailed:  time.Now().Add(time.Second).Format(time.RFC3339),
			}
		}},
	}
	for kind, k := range handmadeKinds {
		for name, m := range forgeries {
			t.Run(kind+name, func(t *testing.T) {
				t.Parallel()
				a, _ := neighbors(t)
				o := k.object(a)
				meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
				a.create(o)
				id := k.byHand(a)
				was := a.externalStateOf(kind, id)

				written := m.writes(o)
				written[meta.AnnotationKeyReconciliationPaused] = nil
				a.annotate(o, written)
				a.awaitReconciled(o)
				if got := meta.GetExternalName(o); got == id {
					t.Errorf("%s\nthe object took %q, which somebody else had made", m.reason, got)
				}
				a.deleteAndAwait(o)
				if !k.lives(a, id) || a.externalStateOf(kind, id) != was {
					t.Errorf("%s\nwhat somebody else made ended or changed with the object", m.reason)
				}
			})
		}
	}
}

// externalStateOf returns the name and role of a resource.
func (tn *tenant) externalStateOf(kind, id string) string {
	tn.Helper()
	if kind == "Project" {
		return tn.projectName(id)
	}
	if !tn.accountExists(id) {
		return ""
	}
	b, err := json.Marshal(tn.nameAndRole(id))
	tn.must(err)
	return string(b)
}
