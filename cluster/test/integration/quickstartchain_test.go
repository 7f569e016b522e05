// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"encoding/json"
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A chain is what examples/quickstart creates: a Project, a ProjectServiceAccount in it, and a
// ProjectAPIKey of that account. Each refers to the object before it.
type chain struct {
	*tenant

	project *v1alpha1.Project
	account *v1alpha1.ProjectServiceAccount
	key     *v1alpha1.ProjectAPIKey
}

// newChain creates a chain by references or by selectors, and awaits that it is Ready.
func (tn *tenant) newChain(link func(c *chain)) *chain {
	tn.Helper()
	c := &chain{tenant: tn}
	c.project = &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "checkout", Labels: map[string]string{"team": "checkout"}}}
	c.project.Spec.ProviderConfigReference = tn.configRef()
	c.account = &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "backend", Labels: map[string]string{"team": "checkout"}}}
	c.account.Spec.ProviderConfigReference = tn.configRef()
	c.key = tn.key("key", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = nil, nil
	})
	link(c)
	tn.create(c.project)
	tn.create(c.account)
	tn.create(c.key)
	tn.awaitReady(c.project, c.account, c.key)
	return c
}

func byReference(c *chain) {
	c.account.Spec.ForProvider.ProjectIDRef = referenceTo(c.project)
	c.key.Spec.ForProvider.ProjectIDRef = referenceTo(c.project)
	c.key.Spec.ForProvider.ServiceAccountIDRef = referenceTo(c.account)
}

func bySelector(c *chain) {
	c.account.Spec.ForProvider.ProjectIDSelector = selectorOf("checkout")
	c.key.Spec.ForProvider.ProjectIDSelector = selectorOf("checkout")
	c.key.Spec.ForProvider.ServiceAccountIDSelector = selectorOf("checkout")
}

func selectorOf(team string) *v1alpha1.NamespacedSelector {
	return &v1alpha1.NamespacedSelector{MatchLabels: map[string]string{"team": team}}
}

// chainIDs are the external IDs of a chain, and of everything else in its project.
type chainIDs struct {
	Project, Account, Key, Value string
	Accounts, LiveKeys           []string
}

// ids returns the external IDs of the chain. The key must work.
func (c *chain) ids() chainIDs {
	c.Helper()
	c.get(c.account)
	c.get(c.key)
	project := c.account.Status.AtProvider.ProjectID
	return chainIDs{
		Project: project, Account: meta.GetExternalName(c.account), Key: meta.GetExternalName(c.key),
		Value:    c.workingKey(c.key.Spec.WriteConnectionSecretToReference.Name),
		Accounts: c.accountsIn(project), LiveKeys: liveKeys(project),
	}
}

// assertHas asserts that the chain has the same external resources as before, and that no other was
// created in its project.
func (c *chain) assertHas(want chainIDs) {
	c.Helper()
	if diff := cmp.Diff(want, c.ids()); diff != "" {
		c.Errorf("what there is at OpenAI: -want, +got:\n%s", diff)
	}
}

// liveKeys lists the IDs of the keys of a project that are not revoked.
func liveKeys(project string) []string {
	var ids []string
	for _, k := range sim.LiveKeys(project) {
		ids = append(ids, k.ID)
	}
	return ids
}

// accountsIn lists the IDs of the service accounts of a project.
func (tn *tenant) accountsIn(project string) []string {
	tn.Helper()
	var ids []string
	pages := tn.openai.ServiceAccounts.ListAutoPaging(tn.Context(), project, openai.AdminOrganizationProjectServiceAccountListParams{Limit: openai.Int(100)})
	for pages.Next() {
		ids = append(ids, pages.Current().ID)
	}
	tn.must(pages.Err())
	return ids
}

// newProject creates a labeled Project of the tenant.
func (tn *tenant) newProject(name, team string) *v1alpha1.Project {
	tn.Helper()
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name, Labels: map[string]string{"team": team}}}
	p.Spec.ProviderConfigReference = tn.configRef()
	tn.create(p)
	tn.awaitReady(p)
	return p
}

// newServiceAccount creates a labeled ProjectServiceAccount.
func (tn *tenant) newServiceAccount(name, team, project string) *v1alpha1.ProjectServiceAccount {
	tn.Helper()
	sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name, Labels: map[string]string{"team": team}}}
	sa.Spec.ProviderConfigReference = tn.configRef()
	sa.Spec.ForProvider.ProjectID = &project
	tn.create(sa)
	tn.awaitReady(sa)
	return sa
}

// patch forProvider of an object as kubectl patch --type=merge does.
func (tn *tenant) patch(o client.Object, forProvider map[string]any, opts ...client.PatchOption) error {
	tn.Helper()
	return tn.patchSpec(o, map[string]any{"forProvider": forProvider}, opts...)
}

func (tn *tenant) patchSpec(o client.Object, spec map[string]any, opts ...client.PatchOption) error {
	tn.Helper()
	p, err := json.Marshal(map[string]any{"spec": spec})
	tn.must(err)
	return kube.Patch(tn.Context(), o.DeepCopyObject().(client.Object), client.RawPatch(types.MergePatchType, p), opts...)
}

// awaitWaiting awaits that an object is Synced but waits for something, and returns the message
// that says for what.
func (tn *tenant) awaitWaiting(o resource.Managed) string {
	tn.Helper()
	var message string
	tn.await("waiting of "+o.GetName(), func() (bool, string) {
		tn.get(o)
		ready, synced := o.GetCondition(xpv2.TypeReady), o.GetCondition(xpv2.TypeSynced)
		message = ready.Message
		waits := ready.Status == corev1.ConditionFalse && strings.Contains(strings.ToLower(message), "waiting for")
		return waits && synced.Status == corev1.ConditionTrue && synced.ObservedGeneration == o.GetGeneration(), asJSON(tn.T, []any{ready, synced})
	})
	return message
}

// warnings returns the messages of the Warning events of an object.
func (tn *tenant) warnings(o client.Object) []string {
	tn.Helper()
	l := &corev1.EventList{}
	tn.must(kube.List(tn.Context(), l, client.InNamespace(tn.namespace)))
	var all []string
	for i := range l.Items {
		if e := &l.Items[i]; e.InvolvedObject.UID == o.GetUID() && e.Type == corev1.EventTypeWarning {
			all = append(all, e.Reason+": "+e.Message)
		}
	}
	return all
}
