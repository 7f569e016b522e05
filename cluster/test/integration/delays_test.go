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

// merge a patch into an object, as kubectl patch --type=merge. It can write what the
// Go types leave out, such as empty lists.
func (tn *tenant) merge(o client.Object, patch string) {
	tn.Helper()
	tn.must(kube.Patch(context.Background(), o, client.RawPatch(types.MergePatchType, []byte(patch))))
}

func TestADeletedObjectThatIsPausedSaysSo(t *testing.T) {
	t.Parallel()
	byAnnotation := [2]string{`{"metadata":{"annotations":{"crossplane.io/paused":"true"}}}`, `{"metadata":{"annotations":{"crossplane.io/paused":null}}}`}
	byPolicies := [2]string{`{"spec":{"managementPolicies":[]}}`, `{"spec":{"managementPolicies":["*"]}}`}
	itself := func(policy metav1.DeletionPropagation) func(tn *tenant, all []*thing) {
		return func(tn *tenant, all []*thing) {
			for _, th := range all {
				tn.deleteBy(th.object, policy)
			}
		}
	}
	namespace := func(tn *tenant, _ []*thing) {
		tn.delete(&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}})
	}
	cases := map[string]struct {
		// pause, and go on again.
		pause  [2]string
		delete func(tn *tenant, all []*thing)
		// silent tells that nobody can be told of events: a namespace that is being deleted
		// takes none.
		silent bool
	}{
		"ByAnnotation":                    {byAnnotation, itself(metav1.DeletePropagationBackground), false},
		"ByPolicies":                      {byPolicies, itself(metav1.DeletePropagationBackground), false},
		"ByAnnotationInForeground":        {byAnnotation, itself(metav1.DeletePropagationForeground), false},
		"ByAnnotationInADeletedNamespace": {byAnnotation, namespace, true},
		"ByPoliciesInADeletedNamespace":   {byPolicies, namespace, true},
	}
	tenants, all := map[string]*tenant{}, map[string][]*thing{}
	for name := range cases {
		tn := newTenant(t).withPlatformCredentials()
		tenants[name], all[name] = tn, tn.things("paused")
	}
	for name, tc := range cases {
		tn := tenants[name]
		tn.awaitThings(all[name]...)
		for _, th := range all[name] {
			tn.merge(th.object, tc.pause[0])
		}
		tc.delete(tn, all[name])
	}
	for name, tc := range cases {
		tn := tenants[name]
		for _, th := range all[name] {
			tn.awaitDeleting(th.object, "paused")
			if !tc.silent {
				tn.awaitTold(th.object, "that the deletion is paused", func(e *corev1.Event) bool {
					// The runtime says only that it reconciles nothing.
					return strings.Contains(e.Message, "paused") && strings.Contains(strings.ToLower(e.Message), "delet")
				})
			}
			if !th.lives(tn, th.id) {
				t.Errorf("%q of %s ended while it was paused", th.id, th)
			}
			tn.merge(th.object, tc.pause[1])
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.in(t)
			for _, th := range all[name] {
				tn.awaitEnd(th)
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
		free   func(tn *tenant, th *thing)
	}{
		"one": {
			"A backup that is to be made first.", []func(resource.ModernManaged){kept(backup)}, metav1.DeletePropagationBackground,
			[]string{backup}, func(tn *tenant, th *thing) { free(tn, th.object, backup) },
		},
		"two": {
			"More than one.", []func(resource.ModernManaged){kept(backup, audit)}, metav1.DeletePropagationForeground,
			[]string{backup, audit}, func(tn *tenant, th *thing) { free(tn, th.object, backup, audit) },
		},
		"dependent": {
			"Something else that the object owns, in a foreground deletion.", nil, metav1.DeletePropagationForeground,
			[]string{metav1.FinalizerDeleteDependents}, func(tn *tenant, th *thing) { free(tn, dependents[th.kind], audit) },
		},
	}
	batches := map[string][]*thing{}
	for name, tc := range cases {
		batches[name] = tn.things(name, tc.mods...)
	}
	for name, tc := range cases {
		tn.awaitThings(batches[name]...)
		for _, th := range batches[name] {
			if name == "dependent" {
				owner := meta.AsController(meta.TypedReferenceTo(th.object, v1alpha1.SchemeGroupVersion.WithKind(th.kind)))
				cm := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
					Namespace: tn.namespace, Name: strings.ToLower(th.kind), Finalizers: []string{audit}, OwnerReferences: []metav1.OwnerReference{owner},
				}}
				tn.create(cm)
				dependents[th.kind] = cm
			}
			tn.deleteBy(th.object, tc.policy)
		}
	}
	// All say it at about the same time, and are let go before they wait for long.
	for name, tc := range cases {
		for _, th := range batches[name] {
			tn.awaitDeleting(th.object, tc.names...)
			tn.awaitTold(th.object, "what it waits for", func(e *corev1.Event) bool {
				return !slices.ContainsFunc(tc.names, func(n string) bool { return !strings.Contains(e.Message, n) })
			})
			// The garbage collector has no use for what is at OpenAI; others may.
			if name != "dependent" && !th.lives(tn, th.id) {
				t.Errorf("%s\n%q of %s ended while others still kept its object", tc.reason, th.id, th)
			}
			tc.free(tn, th)
			t.Run(th.String(), func(t *testing.T) {
				t.Parallel()
				tn.in(t).awaitEnd(th)
			})
		}
	}
}
