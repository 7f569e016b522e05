// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"context"
	"fmt"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// objectName of all of a tenant's objects in a state.
const objectName = "checkout"

// newProject creates a Project.
func (tn *tenant) newProject(mods ...func(*v1alpha1.Project)) *v1alpha1.Project {
	tn.Helper()
	cr := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: objectName}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	return made(tn, cr, mods)
}

// newAccount creates a ProjectServiceAccount.
func (tn *tenant) newAccount(mods ...func(*v1alpha1.ProjectServiceAccount)) *v1alpha1.ProjectServiceAccount {
	tn.Helper()
	cr := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: objectName}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	cr.Spec.ForProvider.ProjectID = &tn.project
	return made(tn, cr, mods)
}

// newKey creates a ProjectAPIKey of the tenant's service account.
func (tn *tenant) newKey(mods ...func(*v1alpha1.ProjectAPIKey)) *v1alpha1.ProjectAPIKey {
	tn.Helper()
	cr := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: objectName}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: objectName}
	cr.Spec.ForProvider.ProjectID = &tn.project
	cr.Spec.ForProvider.ServiceAccountID = &tn.account
	return made(tn, cr, mods)
}

func made[M client.Object](tn *tenant, cr M, mods []func(M)) M {
	tn.Helper()
	for _, mod := range mods {
		mod(cr)
	}
	tn.create(cr)
	return cr
}

// newOfEach creates an object of each kind of managed resource.
func (tn *tenant) newOfEach(mods ...func(resource.ModernManaged)) []client.Object {
	tn.Helper()
	return []client.Object{
		tn.newProject(anyKind[*v1alpha1.Project](mods)),
		tn.newAccount(anyKind[*v1alpha1.ProjectServiceAccount](mods)),
		tn.newKey(anyKind[*v1alpha1.ProjectAPIKey](mods)),
	}
}

func anyKind[M resource.ModernManaged](mods []func(resource.ModernManaged)) func(M) {
	return func(cr M) {
		for _, mod := range mods {
			mod(cr)
		}
	}
}

// readyOfEach creates an object of each kind, and awaits that they are Ready.
func (tn *tenant) readyOfEach() []client.Object {
	tn.Helper()
	objects := tn.newOfEach()
	tn.awaitReady(objects...)
	return objects
}

// accountElsewhere creates a service account outside of the provider, with a role but without keys.
func (tn *tenant) accountElsewhere() string {
	tn.Helper()
	id, err := admin.NewAccount(tn.Context(), tn.openai, tn.project, "made-elsewhere")
	tn.must(err)
	return id
}

// accountWithoutRole creates a service account outside of the provider, which may do nothing.
func (tn *tenant) accountWithoutRole() string {
	tn.Helper()
	sa, err := tn.openai.ServiceAccounts.New(tn.Context(), tn.project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: "made-elsewhere", CreateServiceAccountOnly: openai.Bool(true),
	})
	tn.must(err)
	return sa.ID
}

// paused pauses an object.
func paused(mg resource.ModernManaged) {
	meta.AddAnnotations(mg, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
}

// changed changes the spec so that an update is due.
func changed(mg resource.ModernManaged) {
	switch cr := mg.(type) {
	case *v1alpha1.Project:
		cr.Spec.ForProvider.Name = new("another name")
	case *v1alpha1.ProjectServiceAccount:
		cr.Spec.ForProvider.Name = new("another name")
	case *v1alpha1.ProjectAPIKey:
		cr.Spec.ForProvider.ReadOnly = new(true)
	}
}

// named sets the external name of an object.
func named(id string) func(resource.ModernManaged) {
	return func(mg resource.ModernManaged) { meta.SetExternalName(mg, id) }
}

// observed sets the managementPolicies of an object to Observe.
func observed(mg resource.ModernManaged) {
	mg.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
}

// changeAll changes objects, each with one write.
func (tn *tenant) changeAll(objects []client.Object, mods ...func(resource.ModernManaged)) {
	tn.Helper()
	for _, o := range objects {
		change(tn, o, func(o client.Object) {
			for _, mod := range mods {
				mod(o.(resource.ModernManaged))
			}
		})
	}
}

func (tn *tenant) deleteAll(objects []client.Object) {
	tn.Helper()
	for _, o := range objects {
		tn.must(tn.kube.Delete(context.Background(), o))
	}
}

// awaitReady awaits that objects are Ready and Synced.
func (tn *tenant) awaitReady(objects ...client.Object) {
	tn.Helper()
	tn.awaitConditions(objects, corev1.ConditionTrue, corev1.ConditionTrue, "")
}

// anyStatus accepts any status of a condition.
const anyStatus corev1.ConditionStatus = ""

// awaitConditions awaits the conditions of objects, and that a message contains the words.
func (tn *tenant) awaitConditions(objects []client.Object, ready, synced corev1.ConditionStatus, words string) {
	tn.Helper()
	for _, o := range objects {
		mg := o.(resource.Managed)
		tn.await(fmt.Sprintf("Ready=%s, Synced=%s and %q of %T", ready, synced, words, o), func() (bool, string) {
			tn.get(o)
			r, s := mg.GetCondition(xpv2.TypeReady), mg.GetCondition(xpv2.TypeSynced)
			ok := (ready == anyStatus || r.Status == ready) && (synced == anyStatus || s.Status == synced) && strings.Contains(r.Message+"\n"+s.Message+"\n"+string(s.Reason), words)
			return ok, fmt.Sprintf("%+v %+v", r, s)
		})
	}
}

// awaitPaused awaits that conditions show the pause.
func (tn *tenant) awaitPaused(objects []client.Object) {
	tn.Helper()
	tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, string(xpv2.ReasonReconcilePaused))
}

// awaitEvent awaits an event of each of the objects.
func (tn *tenant) awaitEvent(objects []client.Object, reason string) {
	tn.Helper()
	for _, o := range objects {
		tn.await(fmt.Sprintf("the event %s of %T", reason, o), func() (bool, string) {
			l := &corev1.EventList{}
			tn.must(tn.kube.List(context.Background(), l, client.InNamespace(tn.namespace)))
			var seen []string
			for _, e := range l.Items {
				if e.InvolvedObject.UID == o.GetUID() && e.Reason == reason {
					return true, ""
				}
				seen = append(seen, e.InvolvedObject.Kind+" "+e.Reason)
			}
			return false, strings.Join(seen, ", ")
		})
	}
}

// reconcileAgain requests another reconcile of objects with fresh reads from OpenAI, so that a
// state of one reconcile is not mistaken for a stable one.
func (tn *tenant) reconcileAgain(objects []client.Object) {
	tn.Helper()
	for _, o := range objects {
		await.Reconciled(tn, tn.kube, o.(resource.Managed))
	}
}
