// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"

	extv1alpha1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// The Project that is created first.
const firstName, firstTeam = "first", "First"

// activates the first kind, and then the others.
func (w *environment) activates(ctx context.Context, s *suite) error {
	s.heading("Activating kinds")
	if err := w.create(ctx, activation("only-projects", projects)); err != nil {
		return err
	}
	if err := s.ok(ctx, "a policy that activates Projects makes their CRD and no other", func(ctx context.Context) error {
		return await(ctx, all(w.definitions(projects), w.crds(projects)))
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "the provider runs as the ServiceAccount that core made and the RBAC manager bound", func(ctx context.Context) error {
		return await(ctx, all(w.replicas(1), w.bound))
	}); err != nil {
		return err
	}
	if err := w.configure(ctx); err != nil {
		return err
	}
	project := newProject(firstName, firstTeam)
	if err := s.ok(ctx, "the controller of Projects has started, and no other of a managed kind", func(ctx context.Context) error {
		if err := w.create(ctx, project); err != nil {
			return err
		}
		return await(ctx, all(w.is(project, "Ready", "Synced"), w.controllers("project")))
	}); err != nil {
		return err
	}
	before := w.providers()
	if err := w.create(ctx, activation("all-of-openai", "*."+group)); err != nil {
		return err
	}
	return s.ok(ctx, "activating the rest starts the rest, in the same process", func(ctx context.Context) error {
		var controllers []string
		for _, k := range v1alpha1.Kinds() {
			controllers = append(controllers, strings.ToLower(k.Kind))
		}
		slices.Sort(controllers)
		if err := await(ctx, all(w.definitions(managedCRDs()...), w.crds(managedCRDs()...), w.controllers(controllers...))); err != nil {
			return err
		}
		return w.unchanged(before)
	})
}

func activation(name, pattern string) *extv1alpha1.ManagedResourceActivationPolicy {
	policy := &extv1alpha1.ManagedResourceActivationPolicy{ObjectMeta: metav1.ObjectMeta{Name: name}}
	policy.Spec.Activations = []extv1alpha1.ActivationPolicy{extv1alpha1.ActivationPolicy(pattern)}
	return policy
}

// unchanged returns an error unless the provider still runs in the same processes.
func (w *environment) unchanged(before []*pod) error {
	now := w.providers()
	if len(before) != 1 || len(now) != 1 || now[0] != before[0] {
		return errors.New("the pods of the provider are others than before")
	}
	if n := now[0].restarts.Load(); n > 0 {
		return fmt.Errorf("the provider was restarted %d times", n)
	}
	return nil
}

// configure gives the provider its admin key, and the tenant its namespace.
func (w *environment) configure(ctx context.Context) error {
	return w.create(ctx,
		&corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tenant}},
		&corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{Namespace: systemNamespace, Name: "openai-admin"},
			StringData: map[string]string{"OPENAI_ADMIN_KEY": simulator.DefaultAdminKey},
		},
		w.clusterConfig("default"),
	)
}

// clusterConfig with the admin key.
func (w *environment) clusterConfig(name string) *v1alpha1.ClusterProviderConfig {
	base := w.sim.BaseURL()
	pc := &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: name}}
	pc.Spec.BaseURL = &base
	pc.Spec.Credentials.SecretRef = &v1alpha1.SecretKeyReference{
		Namespace:               systemNamespace,
		LocalSecretKeyReference: v1alpha1.LocalSecretKeyReference{Name: "openai-admin", Key: "OPENAI_ADMIN_KEY"},
	}
	return pc
}

func newProject(name, display string) *v1alpha1.Project {
	cr := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tenant, Name: name}}
	cr.Spec.ForProvider.Name = &display
	return cr
}

func (w *environment) create(ctx context.Context, objects ...client.Object) error {
	for _, o := range objects {
		if err := w.kube.Create(ctx, o); err != nil {
			return fmt.Errorf("cannot create %T %q: %w", o, o.GetName(), err)
		}
	}
	return nil
}

func (w *environment) delete(ctx context.Context, objects ...client.Object) error {
	for _, o := range objects {
		if err := w.kube.Delete(ctx, o); err != nil {
			return fmt.Errorf("cannot delete %T %q: %w", o, o.GetName(), err)
		}
	}
	return nil
}

// remove objects, and wait until they are gone.
func (w *environment) remove(ctx context.Context, objects ...client.Object) error {
	if err := w.delete(ctx, objects...); err != nil {
		return err
	}
	var checks []check
	for _, o := range objects {
		checks = append(checks, w.gone(o))
	}
	return await(ctx, all(checks...))
}

// managedController matches the name of a managed kind's controller in metrics.
var managedController = regexp.MustCompile(`controller_runtime_max_concurrent_reconciles\{controller="managed/([a-z]+)\.`)

// controllers checks which controllers of managed kinds the provider runs. There must be one pod.
func (w *environment) controllers(want ...string) check {
	return func(ctx context.Context) (string, error) {
		pods := w.providers()
		if len(pods) != 1 {
			return fmt.Sprintf("%d pods of the provider run, want 1", len(pods)), nil
		}
		text, err := pods[0].metrics(ctx)
		if err != nil {
			return err.Error(), nil //nolint:nilerr // it may not listen yet
		}
		var got []string
		for _, m := range managedController.FindAllStringSubmatch(text, -1) {
			got = append(got, m[1])
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Sprintf("the controllers of %s run, want %s", strings.Join(got, ", "), strings.Join(want, ", ")), nil
		}
		return "", nil
	}
}

// metrics of a pod's process.
func (p *pod) metrics(ctx context.Context) (string, error) {
	text, err := process.Get(ctx, http.DefaultClient, "http://"+p.addresses["metrics"]+"/metrics")
	if err != nil {
		return "", fmt.Errorf("cannot read the metrics of pod %q: %w", p.name, err)
	}
	return string(text), nil
}
