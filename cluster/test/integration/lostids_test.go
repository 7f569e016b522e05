// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"slices"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// identified is an object of a test about losing and restoring the ID of what it manages.
type identified struct {
	object resource.Managed

	// alive lists the external IDs of all that may have been created for the object.
	alive func() []string
}

// identifiedProject, identifiedAccount and identifiedKey are objects for which the provider creates
// an external resource.
func identifiedProject(tn *tenant) identified {
	p := tn.projectObject(tn.namespace + "-identified")
	return identified{p, func() []string { return tn.projectsNamed(p.Name) }}
}

func identifiedAccount(tn *tenant) identified {
	return identified{tn.accountObject("identified"), func() []string { return tn.accountsNamed("identified") }}
}

func identifiedKey(tn *tenant) identified { return identified{tn.key("identified"), tn.liveIDs} }

// projectByReference creates a Project, makes it the tenant's, and returns a reference to it.
func projectByReference(tn *tenant) *xpv2.NamespacedReference {
	tn.Helper()
	p := tn.projectObject(tn.namespace + "-referenced")
	tn.create(p)
	tn.awaitReady(p)
	tn.project = meta.GetExternalName(p)
	return referenceTo(p)
}

func TestAnObjectThatLosesItsExternalNameGoesOnWithWhatItHas(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		object func(tn *tenant) identified
	}{
		"Project":        {"A second project would be made, and the first live on unmanaged.", identifiedProject},
		"ServiceAccount": {"Keys would stay with the first account.", identifiedAccount},
		"Key":            {"The Secret names the key.", identifiedKey},
		"ServiceAccountByReference": {
			"The manifest has a reference and no ID, which is resolved again.",
			func(tn *tenant) identified {
				ref := projectByReference(tn)
				i := identifiedAccount(tn)
				p := &i.object.(*v1alpha1.ProjectServiceAccount).Spec.ForProvider
				p.ProjectID, p.ProjectIDRef = nil, ref
				return i
			},
		},
		"KeyByReferences": {
			"Both IDs are resolved again, each without the other being lost.",
			func(tn *tenant) identified {
				ref := projectByReference(tn)
				sa := tn.accountObject("referenced")
				tn.create(sa)
				tn.awaitReady(sa)
				i := identifiedKey(tn)
				p := &i.object.(*v1alpha1.ProjectAPIKey).Spec.ForProvider
				p.ProjectID, p.ProjectIDRef = nil, ref
				p.ServiceAccountID, p.ServiceAccountIDRef = nil, referenceTo(sa)
				return i
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			i := tc.object(tn)
			manifest := copyOf(i.object)
			tn.create(i.object)
			tn.awaitReady(i.object)
			id := meta.GetExternalName(i.object)

			for _, way := range []struct {
				name string
				lose func()
			}{
				{"kubectl replace", func() { tn.replace(manifest) }},
				{"kubectl annotate external-name-", func() { tn.annotate(i.object, annotations{meta.AnnotationKeyExternalName: nil}) }},
				{"kubectl annotate external-name=", func() { tn.annotate(i.object, annotations{meta.AnnotationKeyExternalName: ""}) }},
				{"the loss of all annotations and finalizers", func() {
					change(tn, i.object, func(o resource.Managed) { o.SetAnnotations(nil); o.SetFinalizers(nil) })
				}},
			} {
				way.lose()
				tn.await("the external name after "+way.name, func() (bool, string) {
					tn.get(i.object)
					now := meta.GetExternalName(i.object)
					if now != "" && now != id {
						t.Fatalf("\n%s\nafter %s it goes on with %q, want %q", tc.reason, way.name, now, id)
					}
					return now == id && slices.Contains(i.object.GetFinalizers(), managed.FinalizerName), asJSON(t, i.object)
				})
			}
			tn.reconcileAgain(1, i.object)
			tn.awaitReady(i.object)
			if diff := cmp.Diff([]string{id}, i.alive()); diff != "" {
				t.Errorf("\n%s\nat OpenAI: -want, +got:\n%s", tc.reason, diff)
			}
			tn.delete(i.object)
			tn.awaitGone(i.object)
			if alive := i.alive(); len(alive) != 0 {
				t.Errorf("\n%s\nat OpenAI %v outlive their object", tc.reason, alive)
			}
		})
	}
}

func TestAnObjectThatOnlyObservesGoesOnWithoutItsExternalName(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	p := tn.projectObject("observer", func(cr *v1alpha1.Project) {
		meta.SetExternalName(cr, tn.project)
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
	})
	tn.create(p)
	tn.awaitReady(p)
	tn.annotate(p, annotations{meta.AnnotationKeyExternalName: nil})
	tn.await("the external name", func() (bool, string) {
		tn.get(p)
		return meta.GetExternalName(p) == tn.project, asJSON(t, p)
	})
	tn.awaitReady(p)
}

func TestAnObjectThatIsDeletedWithoutItsExternalNameEndsWhatItHad(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]func(tn *tenant) identified{
		"Project": identifiedProject, "ServiceAccount": identifiedAccount, "Key": identifiedKey,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			i := object(tn)
			tn.create(i.object)
			tn.awaitReady(i.object)
			// Paused, so that the provider sees the deletion and the lost external name at once.
			tn.pause(i.object)
			tn.annotate(i.object, annotations{
				meta.AnnotationKeyExternalName:            nil,
				meta.AnnotationKeyExternalCreatePending:   nil,
				meta.AnnotationKeyExternalCreateSucceeded: nil,
			})
			tn.delete(i.object)
			tn.annotate(i.object, annotations{meta.AnnotationKeyReconciliationPaused: nil})
			tn.awaitGone(i.object)
			if alive := i.alive(); len(alive) != 0 {
				t.Errorf("at OpenAI %v outlive their object", alive)
			}
		})
	}
}

func TestAnObjectThatIsRestoredFromItsManifestGoesOnWithWhatItHad(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]func(tn *tenant) identified{"Project": identifiedProject, "ServiceAccount": identifiedAccount} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			i := object(tn)
			tn.create(i.object)
			tn.awaitReady(i.object)
			id := meta.GetExternalName(i.object)
			backup := backupOf(i.object)

			// The object goes, and its external resource stays, as if the cluster was lost.
			change(tn, i.object, func(o resource.Managed) {
				o.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
			})
			tn.delete(i.object)
			tn.awaitGone(i.object)

			tn.create(backup)
			tn.awaitReady(backup)
			tn.reconcileAgain(2, backup)
			if got := meta.GetExternalName(backup); got != id {
				t.Errorf("the object has %q, want %q", got, id)
			}
			if diff := cmp.Diff([]string{id}, i.alive()); diff != "" {
				t.Errorf("at OpenAI: -want, +got:\n%s", diff)
			}
		})
	}
}

// backupOf an object as backup tools restore it: with a new UID and without a status.
func backupOf(o resource.Managed) resource.Managed {
	b := copyOf(o)
	b.SetUID("")
	b.SetResourceVersion("")
	b.SetCreationTimestamp(metav1.Time{})
	b.SetGeneration(0)
	b.SetManagedFields(nil)
	// The create is long ago.
	meta.SetExternalCreatePending(b, time.Now().Add(-time.Hour))
	meta.SetExternalCreateSucceeded(b, time.Now().Add(-time.Hour+time.Second))
	return b
}
