// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// merge a patch into an object, as kubectl patch --type=merge does. It can write what the Go types
// omit, such as empty lists.
func (tn *tenant) merge(o client.Object, patch string) {
	tn.Helper()
	tn.must(kube.Patch(context.Background(), o, client.RawPatch(types.MergePatchType, []byte(patch))))
}

func TestADeletedObjectThatIsPausedSaysSo(t *testing.T) {
	t.Parallel()
	byAnnotation := [2]string{`{"metadata":{"annotations":{"crossplane.io/paused":"true"}}}`, `{"metadata":{"annotations":{"crossplane.io/paused":null}}}`}
	byPolicies := [2]string{`{"spec":{"managementPolicies":[]}}`, `{"spec":{"managementPolicies":["*"]}}`}
	itself := func(policy metav1.DeletionPropagation) func(tn *tenant, all []*managedResource) {
		return func(tn *tenant, all []*managedResource) {
			for _, mr := range all {
				tn.deleteBy(mr.object, policy)
			}
		}
	}
	namespace := func(tn *tenant, _ []*managedResource) {
		tn.delete(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}})
	}
	cases := map[string]struct {
		// pause has the annotation's value that pauses the object, and the one that resumes it.
		pause  [2]string
		delete func(tn *tenant, all []*managedResource)
		// silent reports that no event can be created: the namespace is being deleted.
		silent bool
	}{
		"ByAnnotation":                    {byAnnotation, itself(metav1.DeletePropagationBackground), false},
		"ByPolicies":                      {byPolicies, itself(metav1.DeletePropagationBackground), false},
		"ByAnnotationInForeground":        {byAnnotation, itself(metav1.DeletePropagationForeground), false},
		"ByAnnotationInADeletedNamespace": {byAnnotation, namespace, true},
		"ByPoliciesInADeletedNamespace":   {byPolicies, namespace, true},
	}
	tenants, all := map[string]*tenant{}, map[string][]*managedResource{}
	for name := range cases {
		tn := newTenant(t).withPlatformCredentials()
		tenants[name], all[name] = tn, tn.oneOfEachKind("paused")
	}
	for name, tc := range cases {
		tn := tenants[name]
		tn.awaitResources(all[name]...)
		for _, mr := range all[name] {
			tn.merge(mr.object, tc.pause[0])
		}
		tc.delete(tn, all[name])
	}
	for name, tc := range cases {
		tn := tenants[name]
		for _, mr := range all[name] {
			tn.awaitDeleting(mr.object, "paused")
			if !tc.silent {
				tn.awaitMatchingEvent(mr.object, "that the deletion is paused", func(e *corev1.Event) bool {
					// crossplane-runtime's own event says only that the object is paused.
					return strings.Contains(e.Message, "paused") && strings.Contains(strings.ToLower(e.Message), "delet")
				})
			}
			if !mr.exists(tn, mr.id) {
				t.Errorf("%q of %s ended while it was paused", mr.id, mr)
			}
			tn.merge(mr.object, tc.pause[1])
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			for _, mr := range all[name] {
				tn.awaitDeleted(mr)
			}
		})
	}
}

func TestADeletedObjectThatOthersKeepNamesWhatItWaitsFor(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	kept := func(finalizers ...string) func(resource.ModernManaged) {
		return func(mg resource.ModernManaged) { mg.SetFinalizers(append(mg.GetFinalizers(), finalizers...)) }
	}
	free := func(tn *tenant, o client.Object, finalizers ...string) {
		change(tn, o, func(o client.Object) {
			o.SetFinalizers(slices.DeleteFunc(o.GetFinalizers(), func(f string) bool { return slices.Contains(finalizers, f) }))
		})
	}
	const backup, audit = "example.org/backup", "example.org/audit"
	dependents := map[string]*corev1.ConfigMap{}
	cases := map[string]struct {
		reason string
		mods   []func(resource.ModernManaged)
		policy metav1.DeletionPropagation
		names  []string
		free   func(tn *tenant, mr *managedResource)
	}{
		"one": {
			"A backup that is to be made first.", []func(resource.ModernManaged){kept(backup)}, metav1.DeletePropagationBackground,
			[]string{backup}, func(tn *tenant, mr *managedResource) { free(tn, mr.object, backup) },
		},
		"two": {
			"More than one.", []func(resource.ModernManaged){kept(backup, audit)}, metav1.DeletePropagationForeground,
			[]string{backup, audit}, func(tn *tenant, mr *managedResource) { free(tn, mr.object, backup, audit) },
		},
		"dependent": {
			"Something else that the object owns, in a foreground deletion.", nil, metav1.DeletePropagationForeground,
			[]string{metav1.FinalizerDeleteDependents}, func(tn *tenant, mr *managedResource) { free(tn, dependents[mr.kind], audit) },
		},
	}
	batches := map[string][]*managedResource{}
	for name, tc := range cases {
		batches[name] = tn.oneOfEachKind(name, tc.mods...)
	}
	for name, tc := range cases {
		tn.awaitResources(batches[name]...)
		for _, mr := range batches[name] {
			if name == "dependent" {
				owner := meta.AsController(meta.TypedReferenceTo(mr.object, v1alpha1.SchemeGroupVersion.WithKind(mr.kind)))
				cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
					Namespace: tn.namespace, Name: strings.ToLower(mr.kind), Finalizers: []string{audit}, OwnerReferences: []metav1.OwnerReference{owner},
				}}
				tn.create(cm)
				dependents[mr.kind] = cm
			}
			tn.deleteBy(mr.object, tc.policy)
		}
	}
	// Run for all cases before the first subtest, so that each object is released before its
	// backoff gets long.
	for name, tc := range cases {
		for _, mr := range batches[name] {
			tn.awaitDeleting(mr.object, tc.names...)
			tn.awaitMatchingEvent(mr.object, "what it waits for", func(e *corev1.Event) bool {
				return !slices.ContainsFunc(tc.names, func(n string) bool { return !strings.Contains(e.Message, n) })
			})
			// With a dependent, only the garbage collector waits: the provider may delete the
			// external resource already.
			if name != "dependent" && !mr.exists(tn, mr.id) {
				t.Errorf("%s\n%q of %s ended while others still kept its object", tc.reason, mr.id, mr)
			}
			tc.free(tn, mr)
			t.Run(mr.String(), func(t *testing.T) {
				t.Parallel()
				tn.forSubtest(t).awaitDeleted(mr)
			})
		}
	}
}
