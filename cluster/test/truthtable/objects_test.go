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

// objectName of all objects of a tenant that a state is about.
const objectName = "checkout"

// newProject makes a Project.
func (tn *tenant) newProject(mods ...func(*v1alpha1.Project)) *v1alpha1.Project {
	tn.Helper()
	cr := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: objectName}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	return made(tn, cr, mods)
}

// newAccount makes a ProjectServiceAccount.
func (tn *tenant) newAccount(mods ...func(*v1alpha1.ProjectServiceAccount)) *v1alpha1.ProjectServiceAccount {
	tn.Helper()
	cr := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: objectName}}
	cr.Spec.ProviderConfigReference = tn.configRef()
	cr.Spec.ForProvider.ProjectID = &tn.project
	return made(tn, cr, mods)
}

// newKey makes a ProjectAPIKey of the tenant's service account.
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

// newOfEach makes an object of each kind of managed resource.
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

// readyOfEach makes an object of each kind, and awaits that they are Ready.
func (tn *tenant) readyOfEach() []client.Object {
	tn.Helper()
	objects := tn.newOfEach()
	tn.awaitReady(objects...)
	return objects
}

// accountElsewhere makes a service account by other means, with a role but without keys.
func (tn *tenant) accountElsewhere() string {
	tn.Helper()
	id, err := admin.NewAccount(tn.Context(), tn.openai, tn.project, "made-elsewhere")
	tn.must(err)
	return id
}

// accountWithoutRole makes a service account by other means, which may do nothing.
func (tn *tenant) accountWithoutRole() string {
	tn.Helper()
	sa, err := tn.openai.ServiceAccounts.New(tn.Context(), tn.project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: "made-elsewhere", CreateServiceAccountOnly: openai.Bool(true),
	})
	tn.must(err)
	return sa.ID
}

// paused has an object left alone.
func paused(mg resource.ModernManaged) {
	meta.AddAnnotations(mg, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
}

// changed spec, which asks for an update.
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

// named has an object manage what exists, or seems to.
func named(id string) func(resource.ModernManaged) {
	return func(mg resource.ModernManaged) { meta.SetExternalName(mg, id) }
}

// observed has an object change nothing.
func observed(mg resource.ModernManaged) {
	mg.SetManagementPolicies(xpv2.ManagementPolicies{xpv2.ManagementActionObserve})
}

// changeAll changes objects, each in one write.
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

// anyStatus of a condition is as good as another.
const anyStatus corev1.ConditionStatus = ""

// awaitConditions awaits what objects say in their conditions, and that one of those
// has words in it.
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

// awaitPaused awaits that objects say that they are paused.
func (tn *tenant) awaitPaused(objects []client.Object) {
	tn.Helper()
	tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, string(xpv2.ReasonReconcilePaused))
}

// awaitEvent awaits an event about each of the objects.
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

// reconcileAgain has the provider reconcile objects once more, from what OpenAI says now, so
// that a state which lasts for one reconcile only is not taken for one that stays.
func (tn *tenant) reconcileAgain(objects []client.Object) {
	tn.Helper()
	for _, o := range objects {
		await.Reconciled(tn, tn.kube, o.(resource.Managed))
	}
}
