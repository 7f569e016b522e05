// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"

	pkgv1 "github.com/crossplane/crossplane/apis/v2/pkg/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

const (
	platform       = "platform.example.org/v1alpha1"
	apiextensions1 = "apiextensions.crossplane.io/v1"

	// Names of the objects in examples/platform.
	accessName   = "checkout"
	accessSecret = "checkout-openai"
	accessTeam   = "Checkout"
	claimName    = "reports"
	claimSecret  = "reports-openai"
	claimTeam    = "Reports"
)

// earlierState is compared with by later assertions.
type earlierState struct {
	access, claim tenantKey
	// previousPod is the name of the pod that was upgraded.
	previousPod string
}

// A tenantKey is a tenant's project with a key of it, in a Secret.
type tenantKey struct {
	project string
	keyID   string
	value   string
	secret  string
	// version is the resourceVersion of the Secret.
	version string
}

func example(parts ...string) string {
	return filepath.Join(append([]string{"examples", "platform"}, parts...)...)
}

// composes tests the composition with a namespaced composite resource.
func (w *environment) composes(ctx context.Context, s *suite) error {
	s.heading("A namespaced composite resource of the platform example")
	image := w.registry.image(functionName, functionTag)
	if err := w.registry.pushFunction(ctx, image); err != nil {
		return err
	}
	local := func(o *unstructured.Unstructured) {
		_ = unstructured.SetNestedField(o.Object, image, "spec", "package") // fails only if spec is no object
	}
	if err := w.applyFile(ctx, example("function.yaml"), local); err != nil {
		return err
	}
	if err := s.ok(ctx, functionName+" is Installed and Healthy", func(ctx context.Context) error {
		return await(ctx, w.is(&pkgv1.Function{ObjectMeta: metav1.ObjectMeta{Name: functionName}}, "Installed", "Healthy"))
	}); err != nil {
		return err
	}
	for _, file := range []string{"definition.yaml", "composition.yaml"} {
		if err := w.applyFile(ctx, example(file)); err != nil {
			return err
		}
	}
	xrd := object("apiextensions.crossplane.io/v2", "CompositeResourceDefinition", "", "openaiaccesses.platform.example.org")
	if err := s.ok(ctx, "the XRD is Established", func(ctx context.Context) error {
		return await(ctx, w.is(xrd, "Established"))
	}); err != nil {
		return err
	}
	if err := w.applyWhenServed(ctx, example("tenant", "access.yaml")); err != nil {
		return err
	}
	access := object(platform, "OpenAIAccess", tenant, accessName)
	if err := s.ok(ctx, "the OpenAIAccess is Ready, and so are its Project, guardrails, service account and key in its namespace", func(ctx context.Context) error {
		return await(ctx, all(w.is(access, "Ready", "Synced"), w.composed(accessName), w.limited(tenant, accessName)))
	}); err != nil {
		return err
	}
	return s.ok(ctx, "OpenAI accepts the key in the tenant's Secret, for models and for chat", func(ctx context.Context) error {
		h, err := w.readKey(ctx, accessName, accessSecret)
		if err != nil {
			return err
		}
		w.seen.access = h
		return await(ctx, all(
			w.projectIs(h.project, accessTeam, "active"),
			w.answered(listModels, h.value, http.StatusOK),
			w.answered(chat, h.value, http.StatusOK),
		))
	})
}

// applyWhenServed applies a manifest of a kind that was just defined. It retries until the API
// server serves the kind.
func (w *environment) applyWhenServed(ctx context.Context, file string) error {
	return await(ctx, func(ctx context.Context) (string, error) {
		return "", errors.Unwrap(w.applyFile(ctx, file))
	})
}

// composed checks whether the three composed resources are Ready.
func (w *environment) composed(name string) check {
	m := metav1.ObjectMeta{Namespace: tenant, Name: name}
	return all(
		w.is(&v1alpha1.Project{ObjectMeta: m}, "Ready", "Synced"),
		w.is(&v1alpha1.ProjectServiceAccount{ObjectMeta: m}, "Ready", "Synced"),
		w.is(&v1alpha1.ProjectAPIKey{ObjectMeta: m}, "Ready", "Synced"),
	)
}

// readKey reads a tenant's key.
func (w *environment) readKey(ctx context.Context, key, secret string) (tenantKey, error) {
	cr := &v1alpha1.ProjectAPIKey{}
	if err := w.kube.Get(ctx, client.ObjectKey{Namespace: tenant, Name: key}, cr); err != nil {
		return tenantKey{}, fmt.Errorf("cannot read ProjectAPIKey %q: %w", key, err)
	}
	value, s, err := w.keyIn(ctx, tenant, secret)
	if err != nil {
		return tenantKey{}, err
	}
	k, known := w.sim.KeyByValue(value)
	if !known || k.ID != cr.Status.AtProvider.ID {
		return tenantKey{}, fmt.Errorf("the Secret %q holds key %q, and ProjectAPIKey %q shows %q", secret, k.ID, key, cr.Status.AtProvider.ID)
	}
	return tenantKey{project: k.ProjectID, keyID: k.ID, value: value, secret: secret, version: s.ResourceVersion}, nil
}

// narrows tests that permissions of a key can be reduced through its composite resource.
func (w *environment) narrows(ctx context.Context, s *suite) error {
	s.heading("Changing the composite resource")
	access := object(platform, "OpenAIAccess", tenant, accessName)
	return s.ok(ctx, "removing a permission changes the same key in place: 403 for chat, 200 for models", func(ctx context.Context) error {
		if err := w.patch(ctx, access, `{"spec":{"permissions":{"modelCapabilities":null}}}`); err != nil {
			return err
		}
		before := w.seen.access
		if err := await(ctx, all(
			w.answered(chat, before.value, http.StatusForbidden),
			w.answered(listModels, before.value, http.StatusOK),
			w.is(access, "Ready", "Synced"), w.composed(accessName),
		)); err != nil {
			return err
		}
		now, err := w.readKey(ctx, accessName, accessSecret)
		if err != nil {
			return err
		}
		if now.keyID != before.keyID || now.value != before.value {
			return fmt.Errorf("the key was replaced: it was %q and is %q", before.keyID, now.keyID)
		}
		w.seen.access = now
		return nil
	})
}

// deletes tests the deletion of the composite resource and of the claim.
func (w *environment) deletes(ctx context.Context, s *suite) error {
	s.heading("Deleting what tenants asked for")
	for _, c := range []struct {
		sentence string
		object   *unstructured.Unstructured
		team     string
		holding  tenantKey
	}{
		{"deleting the OpenAIAccess", object(platform, "OpenAIAccess", tenant, accessName), accessTeam, w.seen.access},
		{"deleting the claim", object(platform, "OpenAIAccessClaim", tenant, claimName), claimTeam, w.seen.claim},
	} {
		if err := s.ok(ctx, c.sentence+" revokes the key, archives the project and removes the Secrets", func(ctx context.Context) error {
			if err := w.delete(ctx, c.object); err != nil {
				return err
			}
			return await(ctx, all(
				w.gone(c.object),
				w.answered(listModels, c.holding.value, http.StatusUnauthorized),
				w.projectIs(c.holding.project, c.team, "archived"),
				w.noneHolds(c.holding.value),
			))
		}); err != nil {
			return err
		}
	}
	return s.ok(ctx, "nothing of them is left in the tenant's namespace", func(ctx context.Context) error {
		return await(ctx, w.remaining)
	})
}

// noneHolds checks whether no Secret of the cluster holds a key.
func (w *environment) noneHolds(value string) check {
	return func(ctx context.Context) (string, error) {
		found, err := w.secretsWith(ctx, value)
		if len(found) == 0 {
			return "", err
		}
		return fmt.Sprintf("the Secrets %q hold the key", found), err
	}
}

// remaining lists the composed managed resources that still exist.
func (w *environment) remaining(ctx context.Context) (string, error) {
	l := &v1alpha1.ProjectAPIKeyList{}
	a := &v1alpha1.ProjectServiceAccountList{}
	p := &v1alpha1.ProjectList{}
	for _, list := range []client.ObjectList{l, a, p} {
		if err := w.kube.List(ctx, list, client.InNamespace(tenant), client.HasLabels{"crossplane.io/composite"}); err != nil {
			return "", err
		}
	}
	var names []string
	for _, o := range l.Items {
		names = append(names, "ProjectAPIKey "+o.Name)
	}
	for _, o := range a.Items {
		names = append(names, "ProjectServiceAccount "+o.Name)
	}
	for _, o := range p.Items {
		names = append(names, "Project "+o.Name)
	}
	slices.Sort(names)
	if len(names) > 0 {
		return fmt.Sprintf("still there: %v", names), nil
	}
	return "", nil
}
