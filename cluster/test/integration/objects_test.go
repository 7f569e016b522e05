// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// projectObject is a Project of the tenant, not created yet. All tenants share an organization, so
// that its name must be unique.
func (tn *tenant) projectObject(name string, mods ...func(*v1alpha1.Project)) *v1alpha1.Project {
	cr := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	for _, mod := range mods {
		mod(cr)
	}
	return cr
}

// accountObject is a ProjectServiceAccount in the tenant's project, not created yet.
func (tn *tenant) accountObject(name string, mods ...func(*v1alpha1.ProjectServiceAccount)) *v1alpha1.ProjectServiceAccount {
	cr := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	cr.Spec.ForProvider.ProjectID = &tn.project
	for _, mod := range mods {
		mod(cr)
	}
	return cr
}

// annotations by key, for [tenant.annotate]. A nil value removes an annotation.
type annotations map[string]any

// annotate an object as kubectl annotate does.
func (tn *tenant) annotate(o client.Object, a annotations) {
	tn.Helper()
	await.Annotate(tn, kube, o, a)
}

// replace an object by its manifest as kubectl replace does: what the manifest lacks is removed,
// except for the status.
func (tn *tenant) replace(manifest client.Object) {
	tn.Helper()
	put := copyOf(manifest)
	tn.await(fmt.Sprintf("a replacement of %q", manifest.GetName()), func() (bool, string) {
		now := copyOf(manifest)
		tn.get(now)
		put.SetResourceVersion(now.GetResourceVersion())
		err := kube.Update(context.Background(), put)
		if kerrors.IsConflict(err) {
			return false, err.Error()
		}
		tn.must(err)
		return true, ""
	})
}

func copyOf[T client.Object](o T) T { return o.DeepCopyObject().(T) }

// pause an object until its annotation is removed, and await that the provider has noticed.
func (tn *tenant) pause(o resource.Managed) {
	tn.Helper()
	tn.annotate(o, annotations{meta.AnnotationKeyReconciliationPaused: "true"})
	tn.await("a pause", func() (bool, string) {
		tn.get(o)
		c := o.GetCondition(xpv2.TypeSynced)
		return c.Reason == xpv2.ReasonReconcilePaused, fmt.Sprintf("%+v", c)
	})
}

// reconcileAgain has objects reconciled this many times, with fresh reads from OpenAI. A test uses
// it to show that something does not happen.
func (tn *tenant) reconcileAgain(times int, objects ...resource.Managed) {
	tn.Helper()
	for range times {
		token := time.Now().Format(time.RFC3339Nano)
		for _, o := range objects {
			tn.annotate(o, annotations{meta.AnnotationKeyReconcileRequestedAt: token})
		}
		for _, o := range objects {
			m := o.(interface{ GetLastHandledReconcileAt() string })
			tn.await(fmt.Sprintf("another reconcile of %T %q", o, o.GetName()), func() (bool, string) {
				tn.get(o)
				return m.GetLastHandledReconcileAt() == token, fmt.Sprintf("%+v %+v", o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced))
			})
		}
	}
}

// awaitNotReady awaits that objects are not Ready, with a reason in a condition.
func (tn *tenant) awaitNotReady(why string, objects ...resource.Managed) {
	tn.Helper()
	for _, o := range objects {
		tn.await(fmt.Sprintf("Ready=False of %T %q because of %q", o, o.GetName(), why), func() (bool, string) {
			tn.get(o)
			ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
			return ready.Status == corev1.ConditionFalse && strings.Contains(ready.Message+synced.Message, why), fmt.Sprintf("%+v %+v", ready, synced)
		})
	}
}

// awaitStopped awaits that an object is neither Ready nor Synced, with a reason in a condition.
func (tn *tenant) awaitStopped(why string, o resource.Managed) {
	tn.Helper()
	tn.await(fmt.Sprintf("a standstill of %T %q because of %q", o, o.GetName(), why), func() (bool, string) {
		tn.get(o)
		ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
		ok := ready.Status == corev1.ConditionFalse && synced.Status == corev1.ConditionFalse && strings.Contains(ready.Message+synced.Message, why)
		return ok, fmt.Sprintf("%q: %+v %+v", meta.GetExternalName(o), ready, synced)
	})
}

// awaitEventWith awaits an event of an object that contains all of these words.
func (tn *tenant) awaitEventWith(o client.Object, reason string, words ...string) {
	tn.Helper()
	tn.awaitMatchingEvent(o, fmt.Sprintf("%s: %q", reason, words), func(e *corev1.Event) bool {
		return e.Reason == reason && !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(e.Message, w) })
	})
}
