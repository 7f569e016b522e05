// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	extv1alpha1 "github.com/crossplane/crossplane/apis/v2/apiextensions/v1alpha1"
	pkgv1 "github.com/crossplane/crossplane/apis/v2/pkg/v1"
	pkgv1beta1 "github.com/crossplane/crossplane/apis/v2/pkg/v1beta1"
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

const (
	firstVersion = "v0.1.0"
	nextVersion  = "v0.2.0"
)

// The name of the MRD of projects, which is that of the CRD.
const (
	group    = "openai.crossplane.io"
	projects = "projects." + group
)

// managedCRDs are the names of the CRDs of all managed kinds.
func managedCRDs() []string {
	var names []string
	for _, k := range v1alpha1.Kinds() {
		names = append(names, k.Plural+"."+group)
	}
	return names
}

// installs the package by a Provider object.
func (w *environment) installs(ctx context.Context, s *suite) error {
	s.heading("Installing the package " + firstVersion)
	image := w.registry.image(providerName, firstVersion)
	if err := w.registry.pushProvider(ctx, w.xpkg, image); err != nil {
		return err
	}
	config := w.runtimeConfig()
	provider := &pkgv1.Provider{ObjectMeta: metav1.ObjectMeta{Name: providerName}}
	provider.Spec.Package = image
	provider.Spec.RuntimeConfigReference = &pkgv1.RuntimeConfigReference{Name: config.Name}
	for _, o := range []client.Object{config, provider} {
		if err := w.kube.Create(ctx, o); err != nil {
			return fmt.Errorf("cannot create %T %q: %w", o, o.GetName(), err)
		}
	}
	if err := s.ok(ctx, "the Provider is Installed and Healthy", func(ctx context.Context) error {
		return await(ctx, w.is(provider, "Installed", "Healthy"))
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "its ManagedResourceDefinitions exist, and no CRD of a managed kind does", func(ctx context.Context) error {
		return await(ctx, all(w.definitions(), w.crds()))
	}); err != nil {
		return err
	}
	return s.ok(ctx, "no pod runs as long as no kind is activated", func(ctx context.Context) error {
		return await(ctx, w.replicas(0))
	})
}

// runtimeConfig of the provider. It polls once an hour, so that other reconciles have a known
// cause, and looks at the API server's signing keys more often than by default, so that rotations take
// less time. The base URL is for configurations that cannot name one.
func (w *environment) runtimeConfig() *pkgv1beta1.DeploymentRuntimeConfig {
	c := &pkgv1beta1.DeploymentRuntimeConfig{ObjectMeta: metav1.ObjectMeta{Name: providerName}}
	c.Spec.DeploymentTemplate = &pkgv1beta1.DeploymentTemplate{Spec: &appsv1.DeploymentSpec{
		Selector: &metav1.LabelSelector{},
		Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "package-runtime",
			Args: []string{
				"--debug", "--poll=1h", "--min-poll-interval=1s", "--default-base-url=" + w.sim.BaseURL(),
				"--signing-keys-interval=" + signingKeysInterval.String(),
			},
		}}}},
	}}
	return c
}

// definitions checks whether the provider's MRDs exist, and exactly those that are named are
// active.
func (w *environment) definitions(active ...string) check {
	return func(ctx context.Context) (string, error) {
		var whys []string
		for _, name := range managedCRDs() {
			o := &extv1alpha1.ManagedResourceDefinition{ObjectMeta: metav1.ObjectMeta{Name: name}}
			if err := w.kube.Get(ctx, client.ObjectKeyFromObject(o), o); err != nil {
				return "", err
			}
			if got, want := o.Spec.State.IsActive(), slices.Contains(active, name); got != want {
				whys = append(whys, fmt.Sprintf("whether MRD %q is active is %t, want %t", name, got, want))
			}
		}
		return strings.Join(whys, "; "), nil
	}
}

// crds checks whether exactly the named CRDs of managed kinds exist and are established.
func (w *environment) crds(wanted ...string) check {
	return func(ctx context.Context) (string, error) {
		l := &apiextensionsv1.CustomResourceDefinitionList{}
		if err := w.kube.List(ctx, l); err != nil {
			return "", err
		}
		there := map[string]bool{}
		for _, c := range l.Items {
			for _, condition := range c.Status.Conditions {
				if condition.Type == apiextensionsv1.Established && condition.Status == apiextensionsv1.ConditionTrue {
					there[c.Name] = true
				}
			}
		}
		var whys []string
		for _, name := range managedCRDs() {
			if got, want := there[name], slices.Contains(wanted, name); got != want {
				whys = append(whys, fmt.Sprintf("whether CRD %q is there is %t, want %t", name, got, want))
			}
		}
		return strings.Join(whys, "; "), nil
	}
}

// replicas checks whether the provider's one Deployment has this many replicas, whose pods run.
func (w *environment) replicas(want int) check {
	return func(ctx context.Context) (string, error) {
		l := &appsv1.DeploymentList{}
		if err := w.kube.List(ctx, l, client.InNamespace(systemNamespace)); err != nil {
			return "", err
		}
		var found []appsv1.Deployment
		for _, d := range l.Items {
			if d.Spec.Template.Labels[providerLabel] == providerName {
				found = append(found, d)
			}
		}
		if len(found) != 1 {
			return fmt.Sprintf("the provider has %d Deployments, want 1", len(found)), nil
		}
		if got := int(*found[0].Spec.Replicas); got != want {
			return fmt.Sprintf("the Deployment wants %d pods, want %d", got, want), nil
		}
		if got := len(w.providers()); got != want {
			return fmt.Sprintf("%d pods of the provider run, want %d", got, want), nil
		}
		return "", nil
	}
}

// providerLabel is the label by which core finds the pods of a provider.
const providerLabel = "pkg.crossplane.io/provider"

// providers returns the running pods of the provider.
func (w *environment) providers() []*pod {
	return w.kubelet.running(systemNamespace, map[string]string{providerLabel: providerName})
}

// revision returns the active revision of the package.
func (w *environment) revision(ctx context.Context) (*pkgv1.ProviderRevision, error) {
	l := &pkgv1.ProviderRevisionList{}
	if err := w.kube.List(ctx, l); err != nil {
		return nil, fmt.Errorf("cannot list ProviderRevisions: %w", err)
	}
	for i := range l.Items {
		if l.Items[i].GetDesiredState() == pkgv1.PackageRevisionActive {
			return &l.Items[i], nil
		}
	}
	return nil, fmt.Errorf("none of %d ProviderRevisions is active", len(l.Items))
}

// bound checks whether the RBAC manager has granted a provider's permissions to the active
// revision's ServiceAccount.
func (w *environment) bound(ctx context.Context) (string, error) {
	revision, err := w.revision(ctx)
	if err != nil {
		return err.Error(), nil //nolint:nilerr // there may be one soon
	}
	b := &rbacv1.ClusterRoleBinding{ObjectMeta: metav1.ObjectMeta{Name: "crossplane:provider:" + revision.Name + ":system"}}
	if err := w.kube.Get(ctx, client.ObjectKeyFromObject(b), b); err != nil {
		return "", err
	}
	want := rbacv1.Subject{Kind: rbacv1.ServiceAccountKind, Namespace: systemNamespace, Name: revision.Name}
	if len(b.Subjects) != 1 || b.Subjects[0] != want {
		return fmt.Sprintf("the role of revision %q is bound to %v, want %v", revision.Name, b.Subjects, want), nil
	}
	return "", nil
}
