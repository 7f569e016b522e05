// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"net/http"

	pkgv1 "github.com/crossplane/crossplane/apis/v2/pkg/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// upgrades tests an upgrade of the package to another version.
func (w *environment) upgrades(ctx context.Context, s *suite) error {
	s.heading("Upgrading the package to " + nextVersion)
	// Core removes the permissions of the previous version before its pod has ended, so that its
	// log is searched for missing permissions now.
	if err := s.ok(ctx, "nothing was forbidden to the version that is replaced", func(context.Context) error {
		return w.allowed("")
	}); err != nil {
		return err
	}
	image := w.registry.image(providerName, nextVersion)
	if err := w.registry.pushNext(ctx, w.registry.image(providerName, firstVersion), image); err != nil {
		return err
	}
	before, err := w.revision(ctx)
	if err != nil {
		return err
	}
	previous := w.providers()
	if len(previous) != 1 {
		return fmt.Errorf("%d pods of the provider run, want 1", len(previous))
	}
	w.seen.previousPod = previous[0].name
	calls := w.sim.CountMutating()
	provider := &pkgv1.Provider{ObjectMeta: metav1.ObjectMeta{Name: providerName}}
	if err := w.patch(ctx, provider, fmt.Sprintf(`{"spec":{"package":%q}}`, image)); err != nil {
		return err
	}
	if err := s.ok(ctx, "another revision is active and Healthy, and runs as a ServiceAccount of its own", func(ctx context.Context) error {
		return await(ctx, all(w.succeeded(before.Name), w.is(provider, "Installed", "Healthy"), w.bound, w.replicas(1), func(context.Context) (string, error) {
			if now := w.providers(); len(now) == 1 && now[0] == previous[0] {
				return "the previous pod still runs", nil
			}
			return "", nil
		}))
	}); err != nil {
		return err
	}
	return s.ok(ctx, "keys and Secrets are untouched once it has reconciled everything", func(ctx context.Context) error {
		if err := w.reconcileAll(ctx); err != nil {
			return err
		}
		if now := w.sim.CountMutating(); now != calls {
			return fmt.Errorf("the new version made %d changes at OpenAI", now-calls)
		}
		return w.untouched(ctx)
	})
}

// succeeded checks whether another revision than the previous one is active.
func (w *environment) succeeded(previous string) check {
	return func(ctx context.Context) (string, error) {
		now, err := w.revision(ctx)
		if err != nil {
			return err.Error(), nil //nolint:nilerr // there may be one soon
		}
		if now.Name == previous {
			return fmt.Sprintf("the revision %q is still active", previous), nil
		}
		return "", nil
	}
}

// untouched returns an error unless tenants have the same keys as before.
func (w *environment) untouched(ctx context.Context) error {
	claim := object(platform, "OpenAIAccessClaim", tenant, claimName)
	composite, err := w.compositeOf(ctx, claim)
	if err != nil {
		return err
	}
	for key, before := range map[string]tenantKey{accessName: w.seen.access, composite: w.seen.claim} {
		now, err := w.readKey(ctx, key, before.secret)
		if err != nil {
			return err
		}
		if now != before {
			return fmt.Errorf("the Secret %q was version %s with key %q, and is version %s with key %q", before.secret, before.version, before.keyID, now.version, now.keyID)
		}
		if live := w.sim.LiveKeys(before.project); len(live) != 1 {
			return fmt.Errorf("%d keys live in project %q, want 1", len(live), before.project)
		}
		if err := settled(ctx, w.answered(listModels, before.value, http.StatusOK)); err != nil {
			return err
		}
	}
	return nil
}
