// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A minimalWorker measures the floor: it issues keys with the minimum of requests, without reads,
// decisions or recovery.
type minimalWorker struct {
	place  *environment
	openai openai.AdminOrganizationProjectService
}

func newMinimalWorker(p *environment, concurrency int) *minimalWorker {
	// With the default of two idle connections, most calls would open a new connection.
	transport := &http.Transport{MaxIdleConnsPerHost: concurrency}
	return &minimalWorker{place: p, openai: openai.NewAdminOrganizationProjectService(
		option.WithBaseURL(p.openai.baseURL()),
		option.WithAdminAPIKey(simulator.DefaultAdminKey),
		option.WithHTTPClient(&http.Client{Transport: transport}),
		option.WithMaxRetries(0),
	)}
}

// issue a key for an object that was just created: one POST, and three writes.
func (f *minimalWorker) issue(ctx context.Context, cr *v1alpha1.ProjectAPIKey) error {
	kube, name := f.place.floor, cr.GetName()
	gvk, err := apiutil.GVKForObject(cr, f.place.scheme)
	if err != nil {
		return fmt.Errorf("cannot determine the kind of %T: %w", cr, err)
	}
	key, err := f.openai.ServiceAccounts.APIKeys.New(ctx, *cr.Spec.ForProvider.ProjectID, *cr.Spec.ForProvider.ServiceAccountID,
		openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String(name)})
	if err != nil {
		return fmt.Errorf("cannot issue a key for %q: %w", name, err)
	}
	s := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: cr.GetNamespace(), Name: name,
			OwnerReferences: []metav1.OwnerReference{meta.AsController(meta.TypedReferenceTo(cr, gvk))},
		},
		Type: resource.SecretTypeConnection,
		Data: map[string][]byte{"OPENAI_API_KEY": []byte(key.Value), "OPENAI_PROJECT_ID": []byte(*cr.Spec.ForProvider.ProjectID)},
	}
	if err := kube.Create(ctx, s); err != nil {
		return fmt.Errorf("cannot create Secret %q: %w", name, err)
	}
	// The least that a safe deletion needs: a finalizer, and the ID of the key.
	meta.AddFinalizer(cr, "finalizer.managedresource.crossplane.io")
	meta.SetExternalName(cr, key.ID)
	if err := kube.Update(ctx, cr); err != nil {
		return fmt.Errorf("cannot update ProjectAPIKey %q: %w", name, err)
	}
	cr.Status.AtProvider.ID = key.ID
	cr.SetConditions(xpv2.Available(), xpv2.ReconcileSuccess())
	if err := kube.Status().Update(ctx, cr); err != nil {
		return fmt.Errorf("cannot update the status of ProjectAPIKey %q: %w", name, err)
	}
	return nil
}
