// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// guarded is the namespace of examples/guardrails here, and guardedName the name of its objects.
const guarded, guardedName = "guarded", "checkout"

// guards applies a new project with all of its guardrails at once.
func (w *environment) guards(ctx context.Context, s *suite) error {
	s.heading("The guardrails example")
	folder := filepath.Join("examples", "guardrails")
	files, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("cannot read the example: %w", err)
	}
	for _, f := range files {
		if err := w.applyFile(ctx, filepath.Join(folder, f.Name()), func(o *unstructured.Unstructured) {
			if o.GetKind() == "Namespace" {
				o.SetName(guarded)
			} else {
				o.SetNamespace(guarded)
			}
		}); err != nil {
			return err
		}
	}
	m := metav1.ObjectMeta{Namespace: guarded, Name: guardedName}
	project := &v1alpha1.Project{ObjectMeta: m}
	if err := s.ok(ctx, "a new project and its seven guardrails, applied at once, are Ready without a second apply", func(ctx context.Context) error {
		return await(ctx, all(
			w.is(project, "Ready", "Synced"),
			w.limited(guarded, guardedName),
			w.is(&v1alpha1.ProjectHostedToolPermissions{ObjectMeta: m}, "Ready", "Synced"),
			w.is(&v1alpha1.ProjectRateLimit{ObjectMeta: metav1.ObjectMeta{Namespace: guarded, Name: guardedName + "-gpt-5"}}, "Ready", "Synced"),
			w.is(&v1alpha1.ProjectDataRetention{ObjectMeta: m}, "Ready", "Synced"),
		))
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "OpenAI has the budget, the models, the tools and the tiers of the example", func(ctx context.Context) error {
		return await(ctx, w.openAIHas(project, map[string]string{
			"limit": "50000", "models": "allow_list [gpt-5 gpt-5-mini]", "web search": "false", "file search": "true", "tiers": "[]", "retention": "zero_data_retention",
		}))
	}); err != nil {
		return err
	}
	return s.ok(ctx, "the end of the spend limit is told by an event, and the other guardrails stay", func(ctx context.Context) error {
		limit := &v1alpha1.ProjectSpendLimit{ObjectMeta: m}
		if err := w.kube.Delete(ctx, limit); err != nil {
			return fmt.Errorf("cannot delete the limit: %w", err)
		}
		return await(ctx, all(w.gone(limit), w.told("LimitRemoved"), w.is(&v1alpha1.ProjectModelPermissions{ObjectMeta: m}, "Ready", "Synced")))
	})
}

// limited checks the guardrails that both the example and the platform have under one name.
func (w *environment) limited(namespace, name string) check {
	m := metav1.ObjectMeta{Namespace: namespace, Name: name}
	return all(
		w.is(&v1alpha1.ProjectSpendLimit{ObjectMeta: m}, "Ready", "Synced"),
		w.is(&v1alpha1.ProjectSpendAlert{ObjectMeta: m}, "Ready", "Synced"),
		w.is(&v1alpha1.ProjectModelPermissions{ObjectMeta: m}, "Ready", "Synced"),
		w.is(&v1alpha1.ProjectServiceTierSettings{ObjectMeta: m}, "Ready", "Synced"),
	)
}

// openAIHas checks what limits a project at OpenAI.
func (w *environment) openAIHas(p *v1alpha1.Project, want map[string]string) check {
	return func(ctx context.Context) (string, error) {
		if err := w.kube.Get(ctx, client.ObjectKeyFromObject(p), p); err != nil {
			return "", err
		}
		id, projects := p.Status.AtProvider.ID, w.admin()
		limit, err := projects.SpendLimit.Get(ctx, id)
		if err != nil {
			return "", fmt.Errorf("cannot get the spend limit: %w", err)
		}
		models, err := projects.ModelPermissions.Get(ctx, id)
		if err != nil {
			return "", fmt.Errorf("cannot get the model permissions: %w", err)
		}
		tools, err := projects.HostedToolPermissions.Get(ctx, id)
		if err != nil {
			return "", fmt.Errorf("cannot get the hosted tools: %w", err)
		}
		tiers, err := projects.ServiceTierSettings.Get(ctx, id)
		if err != nil {
			return "", fmt.Errorf("cannot get the service tiers: %w", err)
		}
		retention, err := projects.DataRetention.Get(ctx, id)
		if err != nil {
			return "", fmt.Errorf("cannot get the data retention: %w", err)
		}
		return cmp.Diff(want, map[string]string{
			"limit":       fmt.Sprint(limit.ThresholdAmount),
			"models":      fmt.Sprint(models.Mode, " ", models.ModelIDs),
			"web search":  fmt.Sprint(tools.WebSearch.Enabled),
			"file search": fmt.Sprint(tools.FileSearch.Enabled),
			"tiers":       fmt.Sprint(tiers.EnabledTiers.OfProjectServiceTierSettingsEnabledTiers),
			"retention":   string(retention.Type),
		}), nil
	}
}

// told checks whether there is an event with a reason in the namespace.
func (w *environment) told(reason string) check {
	return func(ctx context.Context) (string, error) {
		l := &corev1.EventList{}
		if err := w.kube.List(ctx, l, client.InNamespace(guarded)); err != nil {
			return "", fmt.Errorf("cannot list events: %w", err)
		}
		for i := range l.Items {
			if l.Items[i].Reason == reason {
				return "", nil
			}
		}
		return fmt.Sprintf("none of %d events is %s", len(l.Items), reason), nil
	}
}
