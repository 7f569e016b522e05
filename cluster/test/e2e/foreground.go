// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// deletesInForeground tests a foreground deletion of a composite resource, as Argo CD prunes:
// Kubernetes keeps it until all composed resources are gone.
func (w *environment) deletesInForeground(ctx context.Context, s *suite) error {
	s.heading("Deleting a composite resource in the foreground")
	const name, secret, team = "payments", "payments-openai", "Payments"
	if err := w.applyFile(ctx, example("tenant", "access.yaml"), func(o *unstructured.Unstructured) {
		o.SetName(name)
		_ = unstructured.SetNestedField(o.Object, team, "spec", "team") // fails only if spec is no object
	}); err != nil {
		return err
	}
	access := object(platform, "OpenAIAccess", tenant, name)
	if err := await(ctx, all(w.is(access, "Ready", "Synced"), w.composed(name))); err != nil {
		return err
	}
	h, err := w.readKey(ctx, name, secret)
	if err != nil {
		return err
	}
	if err := s.ok(ctx, "kubectl delete --cascade=foreground of an OpenAIAccess ends", func(ctx context.Context) error {
		if err := settled(ctx, w.answered(listModels, h.value, http.StatusOK)); err != nil {
			return err
		}
		if err := w.kube.Delete(ctx, access, client.PropagationPolicy(metav1.DeletePropagationForeground)); err != nil {
			return fmt.Errorf("cannot delete %s %q: %w", access.GetKind(), name, err)
		}
		return await(ctx, all(w.gone(access), w.decomposed(name)))
	}); err != nil {
		return err
	}
	return s.ok(ctx, "by then its key is revoked, its project archived, and no Secret holds the key", func(ctx context.Context) error {
		return settled(ctx, all(
			w.answered(listModels, h.value, http.StatusUnauthorized),
			w.projectIs(h.project, team, "archived"),
			w.noneHolds(h.value),
		))
	})
}

// decomposed checks whether the three composed resources are gone.
func (w *environment) decomposed(name string) check {
	m := metav1.ObjectMeta{Namespace: tenant, Name: name}
	return all(
		w.gone(&v1alpha1.Project{ObjectMeta: m}),
		w.gone(&v1alpha1.ProjectServiceAccount{ObjectMeta: m}),
		w.gone(&v1alpha1.ProjectAPIKey{ObjectMeta: m}),
	)
}
