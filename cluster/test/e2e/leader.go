// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	pkgv1beta1 "github.com/crossplane/crossplane/apis/v2/pkg/v1beta1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// takesOver tests that one of two pods leads, and that the other takes over.
func (w *environment) takesOver(ctx context.Context, s *suite) error {
	s.heading("A second pod of the provider")
	config := &pkgv1beta1.DeploymentRuntimeConfig{ObjectMeta: metav1.ObjectMeta{Name: providerName}}
	if err := w.patch(ctx, config, `{"spec":{"deploymentTemplate":{"spec":{"replicas":2}}}}`); err != nil {
		return err
	}
	var leader *pod
	if err := s.ok(ctx, "of two pods, one leads", func(ctx context.Context) error {
		return await(ctx, all(w.replicas(2), func(ctx context.Context) (string, error) {
			leaders, err := w.leaders(ctx)
			if len(leaders) == 1 {
				leader = leaders[0]
				return "", err
			}
			return fmt.Sprintf("%d pods lead, want 1", len(leaders)), err
		}))
	}); err != nil {
		return err
	}
	return w.replaces(ctx, s, leader)
}

// replaces tests that the leader is replaced after SIGKILL.
func (w *environment) replaces(ctx context.Context, s *suite, leader *pod) error {
	const name = "without-leader"
	project := newProject(name, "Without a leader")
	account, key := accountAndKey(name)
	if err := s.ok(ctx, "after SIGKILL of the leader the other pod takes over, and issues one key for an object made meanwhile", func(ctx context.Context) error {
		w.kubelet.keepStopped(leader)
		leader.kill()
		h, err := w.issue(ctx, project, account, key)
		if err != nil {
			return err
		}
		if live := w.sim.LiveKeys(h.project); len(live) != 1 {
			return fmt.Errorf("%d keys live in project %q, want 1", len(live), h.project)
		}
		return await(ctx, w.leads(leader))
	}); err != nil {
		return err
	}
	if err := s.ok(ctx, "the killed pod comes back and does not lead, and no tenant has another key", func(ctx context.Context) error {
		w.kubelet.keepStopped(nil)
		if err := await(ctx, w.replicas(2)); err != nil {
			return err
		}
		if err := w.reconcileAll(ctx); err != nil {
			return err
		}
		if err := settled(ctx, w.leads(leader)); err != nil {
			return err
		}
		return w.untouched(ctx)
	}); err != nil {
		return err
	}
	return w.remove(ctx, key, account, project)
}

// leads checks whether exactly one pod leads, and is not the previous one.
func (w *environment) leads(previous *pod) check {
	return func(ctx context.Context) (string, error) {
		leaders, err := w.leaders(ctx)
		if len(leaders) == 1 && leaders[0] != previous {
			return "", err
		}
		return fmt.Sprintf("%d pods lead, want the other one", len(leaders)), err
	}
}

// leaders returns the pods whose metrics say that they lead.
func (w *environment) leaders(ctx context.Context) ([]*pod, error) {
	var leaders []*pod
	for _, p := range w.providers() {
		text, err := p.metrics(ctx)
		if err != nil {
			continue // it does not listen yet
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "leader_election_master_status{") && strings.HasSuffix(strings.TrimSpace(line), " 1") {
				leaders = append(leaders, p)
			}
		}
	}
	return leaders, ctx.Err()
}

// reconcileAll requests a reconcile of all managed resources of the tenant, and waits for it.
func (w *environment) reconcileAll(ctx context.Context) error {
	token := time.Now().Format(time.RFC3339Nano)
	var checks []check
	for _, list := range []client.ObjectList{&v1alpha1.ProjectList{}, &v1alpha1.ProjectServiceAccountList{}, &v1alpha1.ProjectAPIKeyList{}} {
		kind := strings.TrimSuffix(fmt.Sprintf("%T", list)[len("*v1alpha1."):], "List")
		l := &unstructured.UnstructuredList{}
		l.SetGroupVersionKind(v1alpha1.SchemeGroupVersion.WithKind(kind + "List"))
		if err := w.kube.List(ctx, l, client.InNamespace(tenant)); err != nil {
			return fmt.Errorf("cannot list: %w", err)
		}
		for i := range l.Items {
			o := &l.Items[i]
			if err := w.patch(ctx, o, annotate("crossplane.io/reconcile-requested-at", token)); err != nil {
				return err
			}
			checks = append(checks, w.is(o, "Ready", "Synced"), func(context.Context) (string, error) {
				if got, _, _ := unstructured.NestedString(o.Object, "status", "lastHandledReconcileAt"); got != token {
					return fmt.Sprintf("%s %q was not reconciled", o.GetKind(), o.GetName()), nil
				}
				return "", nil
			})
		}
	}
	return await(ctx, all(checks...))
}

// compositeOf is the name of the composite resource of a claim.
func (w *environment) compositeOf(ctx context.Context, claim *unstructured.Unstructured) (string, error) {
	if err := w.kube.Get(ctx, client.ObjectKeyFromObject(claim), claim); err != nil {
		return "", fmt.Errorf("cannot read claim %q: %w", claim.GetName(), err)
	}
	name, _, err := unstructured.NestedString(claim.Object, "spec", "resourceRef", "name")
	return name, err
}
