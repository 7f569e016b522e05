// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

// obeysAnnotations tests Crossplane's annotations. The provider polls once an hour, so that only
// annotations cause reconciles.
func (w *environment) obeysAnnotations(ctx context.Context, s *suite) error {
	s.heading("Annotations")
	const polled, asked = "Polled", firstTeam
	often := newProject("polled", polled)
	often.Annotations = map[string]string{"crossplane.io/poll-interval": "1s"}
	// A Project that was created a while ago. For as long as lists may lag, the provider prefers
	// what it wrote itself.
	seldom := newProject(firstName, asked)
	if err := w.create(ctx, often); err != nil {
		return err
	}
	if err := await(ctx, all(w.is(seldom, "Ready", "Synced"), func(context.Context) (string, error) {
		if age := time.Since(seldom.CreationTimestamp.Time); age < inventory.ListLag+5*time.Second {
			return fmt.Sprintf("Project %q is only %s old", seldom.Name, age), nil
		}
		return "", nil
	})); err != nil {
		return err
	}
	if err := s.ok(ctx, "crossplane.io/poll-interval has drift undone at once, and that of others is not noticed", func(ctx context.Context) error {
		if err := await(ctx, all(w.is(often, "Ready", "Synced"), w.is(seldom, "Ready", "Synced"))); err != nil {
			return err
		}
		for _, cr := range []*v1alpha1.Project{seldom, often} {
			if err := w.renameProject(ctx, cr.Status.AtProvider.ID, "Renamed by hand"); err != nil {
				return err
			}
		}
		if err := await(ctx, w.projectIs(often.Status.AtProvider.ID, polled, "active")); err != nil {
			return err
		}
		return settled(ctx, w.projectIs(seldom.Status.AtProvider.ID, "Renamed by hand", "active"))
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "crossplane.io/reconcile-requested-at has drift undone now, and is reported as handled", func(ctx context.Context) error {
		const token = "2026-11-25T10:00:00Z"
		if err := w.patch(ctx, seldom, annotate("crossplane.io/reconcile-requested-at", token)); err != nil {
			return err
		}
		return await(ctx, all(w.projectIs(seldom.Status.AtProvider.ID, asked, "active"), w.is(seldom, "Ready", "Synced"), func(context.Context) (string, error) {
			if got := seldom.Status.LastHandledReconcileAt; got != token {
				return fmt.Sprintf("lastHandledReconcileAt is %q, want %q", got, token), nil
			}
			return "", nil
		}))
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "crossplane.io/paused keeps a change from OpenAI until it is taken away", func(ctx context.Context) error {
		return w.pauses(ctx, often, polled)
	}); err != nil {
		return err
	}
	return w.remove(ctx, often)
}

// pauses a Project that is polled every second.
func (w *environment) pauses(ctx context.Context, cr *v1alpha1.Project, display string) error {
	const changed = "Changed"
	if err := w.patch(ctx, cr, annotate("crossplane.io/paused", "true")); err != nil {
		return err
	}
	paused := func(ctx context.Context) (string, error) {
		if err := w.kube.Get(ctx, client.ObjectKeyFromObject(cr), cr); err != nil {
			return "", err
		}
		if c := cr.GetCondition(xpv2.TypeSynced); c.Status != corev1.ConditionFalse || c.Reason != xpv2.ReasonReconcilePaused {
			return fmt.Sprintf("the condition Synced is %s: %s", c.Status, c.Reason), nil
		}
		return "", nil
	}
	if err := await(ctx, paused); err != nil {
		return err
	}
	if err := w.patch(ctx, cr, fmt.Sprintf(`{"spec":{"forProvider":{"name":%q}}}`, changed)); err != nil {
		return err
	}
	// A later change of another Project has been reconciled.
	other := newProject("after-pause", "After pause")
	if err := w.create(ctx, other); err != nil {
		return err
	}
	if err := await(ctx, w.is(other, "Ready", "Synced")); err != nil {
		return err
	}
	if err := settled(ctx, all(paused, w.projectIs(cr.Status.AtProvider.ID, display, "active"))); err != nil {
		return err
	}
	if err := w.patch(ctx, cr, `{"metadata":{"annotations":{"crossplane.io/paused":null}}}`); err != nil {
		return err
	}
	if err := await(ctx, all(w.projectIs(cr.Status.AtProvider.ID, changed, "active"), w.is(cr, "Ready", "Synced"))); err != nil {
		return err
	}
	return w.remove(ctx, other)
}

func annotate(key, value string) string {
	return fmt.Sprintf(`{"metadata":{"annotations":{%q:%q}}}`, key, value)
}

// settled runs a check once, for something that must hold by now.
func settled(ctx context.Context, check check) error {
	why, err := check(ctx)
	if err == nil && why != "" {
		return fmt.Errorf("%s", why)
	}
	return err
}
