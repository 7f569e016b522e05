// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"net/http"
)

// claims tests the composition with a claim.
func (w *environment) claims(ctx context.Context, s *suite) error {
	s.heading("A claim of the platform example")
	for _, file := range []string{"definition.yaml", "composition.yaml"} {
		if err := w.applyFile(ctx, example("claim", file)); err != nil {
			return err
		}
	}
	xrd := object(apiextensions1, "CompositeResourceDefinition", "", "xopenaiaccesses.platform.example.org")
	if err := s.ok(ctx, "the XRD of scope LegacyCluster is Established, and Offered as a claim", func(ctx context.Context) error {
		return await(ctx, w.is(xrd, "Established", "Offered"))
	}); err != nil {
		return err
	}
	if err := w.applyWhenServed(ctx, example("claim", "claim.yaml")); err != nil {
		return err
	}
	claim := object(platform, "OpenAIAccessClaim", tenant, claimName)
	var composite string
	if err := s.ok(ctx, "the claim is Ready, and so are the Project, guardrails, service account and key in its namespace", func(ctx context.Context) error {
		if err := await(ctx, w.is(claim, "Ready", "Synced")); err != nil {
			return err
		}
		var err error
		if composite, err = w.compositeOf(ctx, claim); err != nil {
			return err
		}
		return await(ctx, all(w.composed(composite), w.limited(tenant, composite)))
	}); err != nil {
		return err
	}
	return s.ok(ctx, "the connection secret reached the claim, and OpenAI accepts its key for reading only", func(ctx context.Context) error {
		var h tenantKey
		if err := await(ctx, func(ctx context.Context) (string, error) {
			var err error
			if h, err = w.readKey(ctx, composite, claimSecret); err != nil {
				return err.Error(), nil //nolint:nilerr // it is a reason to check again
			}
			return "", nil
		}); err != nil {
			return err
		}
		w.seen.claim = h
		return await(ctx, all(
			w.projectIs(h.project, claimTeam, "active"),
			w.answered(listModels, h.value, http.StatusOK),
			w.answered(chat, h.value, http.StatusForbidden),
		))
	})
}
