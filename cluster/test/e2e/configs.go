// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// keepsConfigs tests that configurations of both kinds are not deleted while they are used.
func (w *environment) keepsConfigs(ctx context.Context, s *suite) error {
	s.heading("Configurations in use")
	own := &v1alpha1.ProviderConfig{ObjectMeta: metav1.ObjectMeta{Namespace: tenant, Name: "own"}}
	own.Spec.Credentials.SecretRef = v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "OPENAI_ADMIN_KEY"}
	shared := w.clusterConfig("shared")
	if err := w.create(ctx, own, shared, &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tenant, Name: "openai-admin"},
		StringData: map[string]string{"OPENAI_ADMIN_KEY": simulator.DefaultAdminKey},
	}); err != nil {
		return err
	}
	for _, c := range []struct {
		kind   string
		config client.Object
	}{
		{v1alpha1.ProviderConfigKind, own},
		{v1alpha1.ClusterProviderConfigKind, shared},
	} {
		if err := s.ok(ctx, "deleting a "+c.kind+" that is in use is blocked until its last user is gone", func(ctx context.Context) error {
			return w.keepsConfig(ctx, c.kind, c.config)
		}); err != nil {
			return err
		}
	}
	return nil
}

func (w *environment) keepsConfig(ctx context.Context, kind string, config client.Object) error {
	user := newProject(strings.ToLower(kind)+"-user", "User of a "+kind)
	user.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: kind, Name: config.GetName()}
	if err := w.create(ctx, user); err != nil {
		return err
	}
	counted := func(ctx context.Context) (string, error) {
		if err := w.kube.Get(ctx, client.ObjectKeyFromObject(config), config); err != nil {
			return "", err
		}
		var users int64
		switch pc := config.(type) {
		case *v1alpha1.ProviderConfig:
			users = pc.Status.Users
		case *v1alpha1.ClusterProviderConfig:
			users = pc.Status.Users
		}
		if users != 1 {
			return fmt.Sprintf("%s %q counts %d users, want 1", kind, config.GetName(), users), nil
		}
		return "", nil
	}
	if err := await(ctx, all(counted, w.is(user, "Ready", "Synced"))); err != nil {
		return err
	}
	if err := w.delete(ctx, config); err != nil {
		return err
	}
	if err := await(ctx, w.says(config, "Blocking deletion")); err != nil {
		return err
	}
	if err := w.delete(ctx, user); err != nil {
		return err
	}
	return await(ctx, all(w.gone(user), w.gone(config)))
}

// limitsNamespaces tests limits by namespace labels, which need the one permission that Crossplane
// does not grant.
func (w *environment) limitsNamespaces(ctx context.Context, s *suite) error {
	s.heading("A configuration for some namespaces only")
	objects, err := read(filepath.Join("examples", "provider", "allowed-namespaces.yaml"))
	if err != nil {
		return err
	}
	user := newProject("labelled-user", "In a namespace with a label")
	user.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: "labelled"}
	config := objects[len(objects)-1]
	if err := unstructured.SetNestedField(config.Object, w.sim.BaseURL(), "spec", "baseURL"); err != nil {
		return fmt.Errorf("cannot set the base URL of %s %q: %w", config.GetKind(), config.GetName(), err)
	}
	if err := s.ok(ctx, "without the role for it, the object says which permission is missing", func(ctx context.Context) error {
		if err := w.apply(ctx, config); err != nil {
			return err
		}
		if err := w.create(ctx, user); err != nil {
			return err
		}
		return await(ctx, w.says(user, "grant the provider's service account get on namespaces"))
	}); err != nil {
		return err
	}
	return s.ok(ctx, "with the role of the example, a label decides which namespaces may use it", func(ctx context.Context) error {
		if err := w.apply(ctx, objects[:len(objects)-1]...); err != nil {
			return err
		}
		if err := await(ctx, w.says(user, "do not match allowedNamespaces")); err != nil {
			return err
		}
		if err := w.patch(ctx, &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tenant}}, `{"metadata":{"labels":{"openai":"allowed"}}}`); err != nil {
			return err
		}
		if err := await(ctx, w.is(user, "Ready", "Synced")); err != nil {
			return err
		}
		return w.remove(ctx, user)
	})
}

// says checks whether a condition of an object contains a text.
func (w *environment) says(o client.Object, text string) check {
	return func(ctx context.Context) (string, error) {
		conditions, err := w.conditions(ctx, o)
		if err != nil {
			return "", err
		}
		for _, c := range conditions.Conditions {
			if strings.Contains(c.Message, text) {
				return "", nil
			}
		}
		return fmt.Sprintf("no condition of %q says %q: %v", o.GetName(), text, conditions.Conditions), nil
	}
}
