// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"maps"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// mirror a Secret into the tenant's namespace, as tools do that share Secrets: with labels and
// annotations, without owners, over an existing Secret.
func (tn *tenant) mirror(s *corev1.Secret) {
	tn.Helper()
	if there := tn.secret(s.Name); there != nil {
		change(tn, there, func(c *corev1.Secret) {
			c.Data, c.Labels, c.Annotations = maps.Clone(s.Data), maps.Clone(s.Labels), maps.Clone(s.Annotations)
		})
		return
	}
	tn.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: s.Name, Labels: s.Labels, Annotations: s.Annotations},
		Type:       s.Type, Data: s.Data,
	})
}

// copyIn applies the manifest of the fixture's key in another tenant's namespace.
func (h *keyFixture) copyIn(a *tenant) *v1alpha1.ProjectAPIKey {
	return a.key("key", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = &h.project, &h.account
	})
}

func TestAMirroredSecretTakesNoKeyOver(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		holds  func(victim *tenant) *keyFixture
		// mirror the Secret and create the copy of the object, in either order.
		mirror func(a *tenant, h *keyFixture, duplicate *v1alpha1.ProjectAPIKey)
	}{
		"WithTheSameManifest": {
			"A team's namespaces are made from one repository, and a tool mirrors their Secrets.", managesKey,
			func(a *tenant, h *keyFixture, duplicate *v1alpha1.ProjectAPIKey) {
				a.mirror(h.secret("key"))
				a.create(duplicate)
			},
		},
		"OfAManagedAccount": {
			"The account is another tenant's, too.", managesAll,
			func(a *tenant, h *keyFixture, duplicate *v1alpha1.ProjectAPIKey) {
				a.mirror(h.secret("key"))
				a.create(duplicate)
			},
		},
		"WithoutItsStateAnnotations": {
			"The tool mirrors data alone: the value shows which key it is.", managesKey,
			func(a *tenant, h *keyFixture, duplicate *v1alpha1.ProjectAPIKey) {
				s := h.secret("key")
				s.Annotations, s.Labels = nil, nil
				a.mirror(s)
				meta.SetExternalName(duplicate, meta.GetExternalName(h.key))
				a.create(duplicate)
			},
		},
		"OverTheSecretOfAnObject": {
			"The object there has a key of its own, which it loses the value of.", managesKey,
			func(a *tenant, h *keyFixture, duplicate *v1alpha1.ProjectAPIKey) {
				a.create(duplicate)
				a.awaitReady(duplicate)
				a.mirror(h.secret("key"))
			},
		},
		"OverTheSecretOfAnObjectThatRotates": {
			"Whatever it takes for the previous key is revoked at once.", managesKey,
			func(a *tenant, h *keyFixture, duplicate *v1alpha1.ProjectAPIKey) {
				overlapping := rotation(overlap(0))
				overlapping(duplicate)
				a.create(duplicate)
				a.awaitReady(duplicate)
				a.mirror(h.secret("key"))
				a.annotate(duplicate, annotations{rotateRequestedAt: "now"})
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, victim := neighbors(t)
			h := tc.holds(victim)
			was, id := h.externalState(), meta.GetExternalName(h.key)
			duplicate := h.copyIn(a)
			tc.mirror(a, h, duplicate)
			a.awaitReconciled(duplicate)
			a.reconcileAgain(2, duplicate)
			if isReady(duplicate) && meta.GetExternalName(duplicate) == id {
				t.Errorf("%s\nthe copy is Ready with %q, which another tenant's object has", tc.reason, id)
			}
			h.assertUntouched(tc.reason, was)
			a.deleteAndAwait(duplicate)
			h.assertUntouched(tc.reason, was)
			if diff := cmp.Diff([]string{id}, h.liveIDs()); diff != "" {
				t.Errorf("%s\nkeys that live: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestACopyOfASecretInItsNamespaceIsLeftAloneWhenTheOriginalGoes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		mod    func(s *corev1.Secret)
	}{
		"WithoutOwner":    {"As kubectl and backup tools copy.", func(s *corev1.Secret) { s.OwnerReferences = nil }},
		"WithOwner":       {"As sloppier tools copy.", func(*corev1.Secret) {}},
		"WithoutItsLabel": {"The annotations name the key.", func(s *corev1.Secret) { s.Labels, s.OwnerReferences = nil, nil }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			h := managesKey(tn)
			value := tn.workingKey("key")
			tn.copySecret("key", "copy", tc.mod)
			copied := tn.secret("copy")

			original := tn.secret("key")
			tn.delete(original)
			tn.await("another Secret with a key", func() (bool, string) {
				s := tn.secret("key")
				return s != nil && s.UID != original.UID && len(s.Data["OPENAI_API_KEY"]) > 0, tn.conditionMessages(h.key)
			})
			if tn.workingKey("key") == value {
				t.Errorf("%s\nthe copy was taken for the Secret that the object had", tc.reason)
			}
			tn.reconcileAgain(2, h.key)
			tn.awaitReady(h.key)
			got := tn.secret("copy")
			if got == nil {
				t.Fatalf("%s\nthe copy was deleted", tc.reason)
			}
			if diff := cmp.Diff(copied, got); diff != "" {
				t.Errorf("%s\nthe copy: -before, +after:\n%s", tc.reason, diff)
			}
			tn.deleteAndAwait(h.key)
			if live := tn.liveIDs(); len(live) > 0 {
				t.Errorf("%s\nkeys %v outlive their object", tc.reason, live)
			}
		})
	}
}

func TestACopyOfAnObjectAndItsSecretTakesNoKeyOver(t *testing.T) {
	t.Parallel()
	for status, keep := range map[string]bool{"WithStatus": true, "WithoutStatus": false} {
		for where, same := range map[string]bool{"InAnotherNamespace": false, "InTheSameNamespace": true} {
			t.Run(status+where, func(t *testing.T) {
				t.Parallel()
				const reason = "A backup that is restored beside the original, for an inspection."
				a, victim := neighbors(t)
				h := managesKey(victim)
				if same {
					a = victim
				}
				was, id, secret := h.externalState(), meta.GetExternalName(h.key), h.secret("key")
				o := backupOf(h.key).(*v1alpha1.ProjectAPIKey)
				o.Namespace = a.namespace
				if same {
					o.Name, o.Spec.WriteConnectionSecretToReference.Name, secret.Name = "copied", "copied", "copied"
				}
				if keep {
					meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
				}
				a.mirror(secret)
				a.create(o)
				if keep {
					a.restoreStatus(o, h.key)
				}
				a.awaitReconciled(o)
				if isReady(o) && meta.GetExternalName(o) == id {
					t.Errorf("%s\nthe copy is Ready with %q, which the original has", reason, id)
				}
				h.assertUntouched(reason, was)
				a.deleteAndAwait(o)
				h.assertUntouched(reason, was)
			})
		}
	}
}

func TestACopyOfAnObjectTakesNothingOver(t *testing.T) {
	t.Parallel()
	for kind, k := range targetsOfNames {
		if kind == "Key" {
			continue // its Secret is deleted with it: see above
		}
		for status, keep := range map[string]bool{"WithStatus": true, "WithoutStatus": false} {
			t.Run(kind+status, func(t *testing.T) {
				t.Parallel()
				const reason = "A backup that is restored into another namespace."
				a, victim := neighbors(t)
				h := k.holds(victim)
				was, of := h.externalState(), k.of(h)
				o := backupOf(of)
				o.SetNamespace(a.namespace)
				if keep {
					meta.AddAnnotations(o, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
				}
				a.create(o)
				if keep {
					a.restoreStatus(o, of)
				}
				a.assertDenied(reason, refused, o)
				h.assertUntouched(reason, was)
				a.deleteAndAwait(o)
				h.assertUntouched(reason, was)
			})
		}
	}
}

// restoreStatus writes the status of another object to a paused copy of it, as backup tools do, and
// ends the pause.
func (tn *tenant) restoreStatus(o, of resource.Managed) {
	tn.Helper()
	before := copyOf(client.Object(o))
	switch o := o.(type) {
	case *v1alpha1.Project:
		o.Status = *of.(*v1alpha1.Project).Status.DeepCopy()
	case *v1alpha1.ProjectServiceAccount:
		o.Status = *of.(*v1alpha1.ProjectServiceAccount).Status.DeepCopy()
	case *v1alpha1.ProjectAPIKey:
		o.Status = *of.(*v1alpha1.ProjectAPIKey).Status.DeepCopy()
	}
	tn.must(kube.Status().Patch(context.Background(), o, client.MergeFrom(before)))
	tn.annotate(o, annotations{meta.AnnotationKeyReconciliationPaused: nil})
}
