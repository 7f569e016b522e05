// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// obeysPolicies tests managementPolicies.
func (w *environment) obeysPolicies(ctx context.Context, s *suite) error {
	s.heading("Management policies")
	if err := s.ok(ctx, "with [Observe] a project is reported, and neither renamed nor archived", w.observesOnly); err != nil {
		return err
	}
	return s.ok(ctx, "without Delete a project and a key outlive their objects, the key in its Secret", w.leavesAlone)
}

func (w *environment) observesOnly(ctx context.Context) error {
	const display = "Made elsewhere"
	id, err := w.makeProject(ctx, display)
	if err != nil {
		return err
	}
	cr := newProject("observed", "Another name")
	cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
	meta.SetExternalName(cr, id)
	if err := w.create(ctx, cr); err != nil {
		return err
	}
	if err := await(ctx, all(w.is(cr, "Ready", "Synced"), func(context.Context) (string, error) {
		if got := cr.Status.AtProvider.ID; got != id {
			return fmt.Sprintf("the status shows project %q, want %q", got, id), nil
		}
		return "", nil
	})); err != nil {
		return err
	}
	if err := w.delete(ctx, cr); err != nil {
		return err
	}
	return await(ctx, all(w.gone(cr), w.projectIs(id, display, "active")))
}

func (w *environment) leavesAlone(ctx context.Context) error {
	const display, name = "Lasting", "lasting"
	policies := xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate, xpv2.ManagementActionLateInitialize}
	project := newProject(name, display)
	project.Spec.ManagementPolicies = policies
	account, key := accountAndKey(name)
	account.Spec.ManagementPolicies, key.Spec.ManagementPolicies = policies, policies
	h, err := w.issue(ctx, project, account, key)
	if err != nil {
		return err
	}
	if err := w.delete(ctx, key, account, project); err != nil {
		return err
	}
	if err := await(ctx, all(w.gone(key), w.gone(account), w.gone(project), w.projectIs(h.project, display, "active"), w.answered(listModels, h.value, http.StatusOK))); err != nil {
		return err
	}
	// The garbage collector works in the background. Once it has deleted a dependent whose owner
	// was deleted later, it would have deleted this one too.
	if err := w.collects(ctx); err != nil {
		return err
	}
	if value, _, err := w.keyIn(ctx, tenant, name); err != nil || value != h.value {
		return fmt.Errorf("the Secret %q no longer holds the key that stays valid: %w", name, err)
	}
	return nil
}

// collects creates an object and its dependent, deletes the owner, and waits until the garbage
// collector has deleted the dependent.
func (w *environment) collects(ctx context.Context) error {
	owner := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: tenant, GenerateName: "owner-"}}
	if err := w.create(ctx, owner); err != nil {
		return err
	}
	owned := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: tenant, GenerateName: "owned-", OwnerReferences: []metav1.OwnerReference{{
		APIVersion: "v1", Kind: "ConfigMap", Name: owner.Name, UID: owner.UID,
	}}}}
	if err := w.create(ctx, owned); err != nil {
		return err
	}
	if err := w.delete(ctx, owner); err != nil {
		return err
	}
	return await(ctx, w.gone(owned))
}

// accountAndKey returns a service account of a Project, and a key of it.
func accountAndKey(name string) (*v1alpha1.ProjectServiceAccount, *v1alpha1.ProjectAPIKey) {
	m := metav1.ObjectMeta{Namespace: tenant, Name: name}
	ref := &xpv2.NamespacedReference{Name: name}
	account := &v1alpha1.ProjectServiceAccount{ObjectMeta: m}
	account.Spec.ForProvider.ProjectIDRef = ref
	key := &v1alpha1.ProjectAPIKey{ObjectMeta: m}
	key.Spec.ForProvider.ProjectIDRef = ref
	key.Spec.ForProvider.ServiceAccountIDRef = ref
	key.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: name}
	return account, key
}

// issue a key: create a Project, an account and a key, and read the tenant's key then.
func (w *environment) issue(ctx context.Context, project *v1alpha1.Project, account *v1alpha1.ProjectServiceAccount, key *v1alpha1.ProjectAPIKey) (tenantKey, error) {
	if err := w.create(ctx, project, account, key); err != nil {
		return tenantKey{}, err
	}
	if err := await(ctx, w.composed(project.Name)); err != nil {
		return tenantKey{}, err
	}
	return w.readKey(ctx, key.Name, key.Spec.WriteConnectionSecretToReference.Name)
}

// secretsWith lists the Secrets of the cluster that hold a key.
func (w *environment) secretsWith(ctx context.Context, value string) ([]string, error) {
	l := &corev1.SecretList{}
	if err := w.kube.List(ctx, l); err != nil {
		return nil, fmt.Errorf("cannot list Secrets: %w", err)
	}
	var found []string
	for i := range l.Items {
		if string(l.Items[i].Data[keyVariable]) == value {
			found = append(found, client.ObjectKeyFromObject(&l.Items[i]).String())
		}
	}
	return found, nil
}
