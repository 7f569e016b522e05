// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/admin"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A managedResource is an object of one of the kinds, with its external resource.
type managedResource struct {
	kind   string
	object resource.ModernManaged
	// id of the external resource, known once the object is Ready.
	id string
	// exists reports whether the external resource with an ID exists.
	exists func(tn *tenant, id string) bool
}

// String names the object in messages and subtests.
func (mr *managedResource) String() string { return mr.kind + "/" + mr.object.GetName() }

// oneOfEachKind returns a new object of each kind. They do not depend on each other.
func (tn *tenant) oneOfEachKind(name string, mods ...func(resource.ModernManaged)) []*managedResource {
	tn.Helper()
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	p.Spec.ForProvider.Name = new(tn.namespace + "-" + name)
	sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}}
	sa.Spec.ForProvider.ProjectID = &tn.project
	all := []*managedResource{
		{kind: "Project", object: p, exists: (*tenant).projectExists},
		{kind: "ProjectServiceAccount", object: sa, exists: (*tenant).accountExists},
		{kind: "ProjectAPIKey", object: tn.key(name), exists: (*tenant).keyExists},
	}
	for _, mr := range all {
		mr.object.SetProviderConfigReference(tn.configRef())
		for _, mod := range mods {
			mod(mr.object)
		}
		tn.create(mr.object)
	}
	return all
}

// awaitResources awaits that objects are Ready, and stores their external IDs. It backdates their
// creation, because the provider waits when a recently created resource is missing from a list.
func (tn *tenant) awaitResources(all ...*managedResource) {
	tn.Helper()
	for _, mr := range all {
		tn.awaitReady(mr.object)
		mr.id = meta.GetExternalName(mr.object)
		if !mr.exists(tn, mr.id) {
			tn.Fatalf("%s is Ready, but %q does not live at OpenAI", mr, mr.id)
		}
		if meta.GetExternalCreateSucceeded(mr.object).IsZero() {
			continue
		}
		change(tn, client.Object(mr.object), func(o client.Object) {
			made := time.Now().Add(-time.Hour)
			meta.SetExternalCreatePending(o, made)
			meta.SetExternalCreateSucceeded(o, made)
		})
	}
}

// awaitDeleted awaits that an object and its external resource are gone.
func (tn *tenant) awaitDeleted(mr *managedResource) {
	tn.Helper()
	tn.awaitGone(mr.object)
	if mr.exists(tn, mr.id) {
		tn.Errorf("%s is gone, but %q stays valid at OpenAI", mr, mr.id)
	}
}

func (tn *tenant) projectExists(id string) bool {
	o, err := tn.openai.Get(context.Background(), id)
	tn.must(err)
	return o.Status == "active"
}

func (tn *tenant) accountExists(id string) bool {
	pages := tn.openai.ServiceAccounts.ListAutoPaging(context.Background(), tn.project, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(100)})
	for pages.Next() {
		if pages.Current().ID == id {
			return true
		}
	}
	tn.must(pages.Err())
	return false
}

func (tn *tenant) keyExists(id string) bool { return slices.Contains(tn.liveIDs(), id) }

// forSubtest returns the tenant for a subtest.
func (tn *tenant) forSubtest(t *testing.T) *tenant {
	t.Helper()
	sub := *tn
	sub.T = t
	return &sub
}

// withPlatformCredentials moves the admin key of the tenant's ClusterProviderConfig out of the
// tenant's namespace.
func (tn *tenant) withPlatformCredentials() *tenant {
	tn.Helper()
	s := admin.Secret("default", simulator.DefaultAdminKey)
	s.Name = tn.config
	tn.create(s)
	change(tn, tn.clusterConfig(), func(pc *v1alpha1.ClusterProviderConfig) {
		pc.Spec.Credentials.SecretRef.Namespace, pc.Spec.Credentials.SecretRef.Name = "default", s.Name
	})
	return tn
}

func (tn *tenant) clusterConfig() *v1alpha1.ClusterProviderConfig {
	return &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}
}

// usages of provider configurations in the tenant's namespace.
func (tn *tenant) usages() []v1alpha1.ProviderConfigUsage {
	tn.Helper()
	l := &v1alpha1.ProviderConfigUsageList{}
	tn.must(kube.List(context.Background(), l, client.InNamespace(tn.namespace)))
	return l.Items
}

// awaitUsers awaits the number of users in the status of a provider configuration.
func (tn *tenant) awaitUsers(pc resource.ProviderConfig, users int64) {
	tn.Helper()
	tn.await(fmt.Sprintf("%d users of %T %q", users, pc, pc.GetName()), func() (bool, string) {
		tn.get(pc)
		return pc.GetUsers() == users, fmt.Sprint(pc.GetUsers())
	})
}

// withOwnConfig makes an object use the ProviderConfig "own" of its namespace.
func withOwnConfig(mg resource.ModernManaged) {
	mg.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: v1alpha1.ProviderConfigKind, Name: "own"})
}

// withPolicies sets the managementPolicies of an object.
func withPolicies(actions ...xpv2.ManagementAction) func(resource.ModernManaged) {
	return func(mg resource.ModernManaged) { mg.SetManagementPolicies(actions) }
}

// withoutDelete makes an object leave its external resource behind.
var withoutDelete = withPolicies(xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate)

// deleteBy deletes an object with a propagation policy, as kubectl delete --cascade.
func (tn *tenant) deleteBy(o client.Object, policy metav1.DeletionPropagation) {
	tn.Helper()
	tn.must(client.IgnoreNotFound(kube.Delete(context.Background(), o, client.PropagationPolicy(policy))))
}

// awaitDeleting awaits that an object which is being deleted reports what it waits for.
func (tn *tenant) awaitDeleting(mg resource.Managed, words ...string) {
	tn.Helper()
	tn.await(fmt.Sprintf("a word of %T %q why it is still there", mg, mg.GetName()), func() (bool, string) {
		tn.get(mg)
		c := mg.GetCondition(xpv2.TypeReady)
		said := c.Status == corev1.ConditionFalse && c.Reason == xpv2.ReasonDeleting
		for _, word := range words {
			said = said && strings.Contains(c.Message, word)
		}
		return said, fmt.Sprintf("%+v", c)
	})
}

// eventsOf lists the events of an object.
func (tn *tenant) eventsOf(o client.Object) []corev1.Event {
	tn.Helper()
	l := &corev1.EventList{}
	tn.must(kube.List(context.Background(), l, client.InNamespace(tn.namespace)))
	return slices.DeleteFunc(l.Items, func(e corev1.Event) bool { return e.InvolvedObject.UID != o.GetUID() })
}

// awaitMatchingEvent awaits an event of an object that fits.
func (tn *tenant) awaitMatchingEvent(o client.Object, what string, fits func(e *corev1.Event) bool) {
	tn.Helper()
	tn.await(fmt.Sprintf("an event about %T %q with %s", o, o.GetName(), what), func() (bool, string) {
		var seen []string
		for _, e := range tn.eventsOf(o) {
			if fits(&e) {
				return true, ""
			}
			seen = append(seen, fmt.Sprintf("%s %s: %s", e.Type, e.Reason, e.Message))
		}
		return false, strings.Join(seen, "\n")
	})
}

// awaitOrphaned awaits the event that names the external resource that an object left behind.
func (tn *tenant) awaitOrphaned(o client.Object, kind, id string) {
	tn.Helper()
	tn.awaitMatchingEvent(o, "what was left", func(e *corev1.Event) bool {
		return e.Type == kind && e.Reason == "Orphaned" && strings.Contains(e.Message, id)
	})
}
