// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// copySecret copies a Secret, with its labels and annotations, to another name.
func (tn *tenant) copySecret(from, to string, mods ...func(*corev1.Secret)) {
	tn.Helper()
	s := tn.secret(from)
	c := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: s.Namespace, Name: to, Labels: s.Labels, Annotations: s.Annotations, OwnerReferences: s.OwnerReferences},
		Type:       s.Type, Data: s.Data,
	}
	for _, mod := range mods {
		mod(c)
	}
	tn.create(c)
}

func TestOrphaningDependentsLeavesNoSecretWithARevokedKey(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	cases := map[string]struct {
		reason string
		object *v1alpha1.ProjectAPIKey
		before func(name string)
		// left is the Secret that must stay unchanged; empty: none.
		left string
	}{
		"plain": {reason: "kubectl delete --cascade=orphan.", object: tn.key("plain")},
		"copied": {
			reason: "A copy belongs to whoever made it, whatever its annotations say.",
			object: tn.key("copied"),
			before: func(name string) {
				tn.copySecret(name, "copy", func(s *corev1.Secret) { s.OwnerReferences = nil })
			},
			left: "copy",
		},
		"copied-with-owner": {
			reason: "Orphaning takes the owner off the copy, too.",
			object: tn.key("copied-with-owner"),
			before: func(name string) { tn.copySecret(name, "copy-with-owner") },
			left:   "copy-with-owner",
		},
		"not-its-own": {
			reason: "The Secret that the object names was never its own.",
			object: tn.key("not-its-own", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.WriteConnectionSecretToReference.Name = "somebody-elses" }),
			left:   "somebody-elses",
		},
	}
	tn.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "somebody-elses"},
		StringData: map[string]string{"precious": "data"},
	})
	for _, tc := range cases {
		tn.create(tc.object)
	}
	for name, tc := range cases {
		if name == "not-its-own" {
			tn.awaitProblem(tc.object)
		} else {
			tn.awaitReady(tc.object)
		}
		if tc.before != nil {
			tc.before(name)
		}
		id := meta.GetExternalName(tc.object)
		var want *corev1.Secret
		if tc.left != "" {
			want = tn.secret(tc.left)
		}
		tn.deleteBy(tc.object, metav1.DeletePropagationOrphan)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			tn.awaitGone(tc.object, &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}})
			if tn.keyExists(id) {
				t.Errorf("%s\nkey %q lives on", tc.reason, id)
			}
			if tc.left == "" {
				return
			}
			got := tn.secret(tc.left)
			if got == nil {
				t.Fatalf("%s\nSecret %q is gone", tc.reason, tc.left)
			}
			if diff := cmp.Diff(want.Data, got.Data) + cmp.Diff(want.Labels, got.Labels) + cmp.Diff(want.Annotations, got.Annotations); diff != "" {
				t.Errorf("%s\nSecret %q was touched: -before, +after:\n%s", tc.reason, tc.left, diff)
			}
		})
	}
}

func TestWithoutTheDeletePolicyAnEventNamesWhatLivesOn(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	policies := map[string]metav1.DeletionPropagation{
		"background": metav1.DeletePropagationBackground, "foreground": metav1.DeletePropagationForeground, "orphan": metav1.DeletePropagationOrphan,
	}
	batches := map[string][]*managedResource{}
	for name := range policies {
		batches[name] = tn.oneOfEachKind(name, withoutDelete)
	}
	for name, policy := range policies {
		tn.awaitResources(batches[name]...)
		for _, mr := range batches[name] {
			tn.deleteBy(mr.object, policy)
			t.Run(mr.String(), func(t *testing.T) {
				t.Parallel()
				tn := tn.forSubtest(t)
				tn.awaitOrphaned(mr.object, corev1.EventTypeNormal, mr.id)
				tn.awaitGone(mr.object)
				if !mr.exists(tn, mr.id) {
					t.Errorf("%q ended with %s", mr.id, mr)
				}
				if mr.kind == "ProjectAPIKey" {
					tn.workingKey(name)
				}
			})
		}
	}
}

// A restoration changes the restored object, given the ID of its key.
type restoration []func(cr *v1alpha1.ProjectAPIKey, id string)

func TestAKeyThatADeletedObjectCannotProveToBeItsOwnIsNamed(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	other := tn.newAccount("other")
	paused := func(cr *v1alpha1.ProjectAPIKey, _ string) {
		// Paused, so that nothing is created for it before it is deleted.
		meta.AddAnnotations(cr, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
	}
	named := func(cr *v1alpha1.ProjectAPIKey, id string) { meta.SetExternalName(cr, id) }
	cases := map[string]struct {
		reason string
		// restore an object with a new UID, as backup tools do.
		restore restoration
		// keepFormer, keepSecret and keepStatus say what remains of the previous object; revoke
		// that its key is revoked.
		keepFormer, keepSecret, keepStatus, revoke bool
	}{
		"external-name": {reason: "A backup without Secrets.", restore: restoration{named}},
		"status":        {reason: "Only the status names the key.", restore: restoration{paused}, keepStatus: true},
		"secret": {
			reason: "The Secret holds a key of another service account.", keepSecret: true,
			restore: restoration{func(cr *v1alpha1.ProjectAPIKey, _ string) { cr.Spec.ForProvider.ServiceAccountID = &other }},
		},
		"copy": {
			reason: "Another object has the key, so that it is not left alone.", keepFormer: true, keepSecret: true,
			restore: restoration{named, func(cr *v1alpha1.ProjectAPIKey, _ string) {
				cr.Name, cr.Spec.WriteConnectionSecretToReference.Name = "copy-of-it", "copy-of-it"
			}},
		},
		"revoked": {reason: "There is nothing left to report.", restore: restoration{named, paused}, revoke: true},
	}
	previous := map[string]*v1alpha1.ProjectAPIKey{}
	for name := range cases {
		previous[name] = tn.key(name, orphansKey)
		tn.create(previous[name])
	}
	later := tn.key("later", orphansKey)
	tn.create(later)
	tn.awaitReady(later)
	for name, tc := range cases {
		was := previous[name]
		tn.awaitReady(was)
		id := meta.GetExternalName(was)
		if !tc.keepFormer {
			// The object goes, and its key stays, as if the cluster was lost.
			tn.delete(was)
			tn.awaitGone(was)
		}
		if !tc.keepSecret {
			tn.delete(tn.secret(name))
		}
		if tc.revoke {
			_, err := tn.openai.APIKeys.Delete(t.Context(), tn.project, id)
			tn.must(err)
		}
		heir := tn.key(name)
		heir.Finalizers = []string{"finalizer.managedresource.crossplane.io"}
		for _, mod := range tc.restore {
			mod(heir, id)
		}
		tn.create(heir)
		if tc.keepStatus {
			before := heir.DeepCopy()
			heir.Status.AtProvider = was.Status.AtProvider
			tn.must(kube.Status().Patch(t.Context(), heir, client.MergeFrom(before)))
		}
		isPaused := meta.IsPaused(heir)
		if !isPaused {
			tn.awaitProblem(heir)
		}
		tn.delete(heir)
		if isPaused {
			change(tn, heir, func(cr *v1alpha1.ProjectAPIKey) { meta.RemoveAnnotations(cr, meta.AnnotationKeyReconciliationPaused) })
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			tn.awaitGone(heir)
			if tc.revoke {
				tn.delete(later)
				tn.awaitOrphaned(later, corev1.EventTypeNormal, meta.GetExternalName(later))
				for _, e := range tn.eventsOf(heir) {
					if e.Reason == "Orphaned" {
						t.Errorf("%s\nthere is an event all the same: %s", tc.reason, e.Message)
					}
				}
				return
			}
			if !tc.keepFormer {
				tn.awaitOrphaned(heir, corev1.EventTypeWarning, id)
			}
			if !tn.keyExists(id) {
				t.Errorf("%s\nkey %q, which is not known to be its own, was revoked", tc.reason, id)
			}
			if tc.keepSecret {
				tn.workingKey(name)
			}
		})
	}
}

// orphansKey makes an object leave its key and Secret behind when it is deleted.
func orphansKey(cr *v1alpha1.ProjectAPIKey) { withoutDelete(cr) }
