// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// newKey returns object number i of an environment.
func (p *environment) newKey(i int) *v1alpha1.ProjectAPIKey {
	in := p.parents[i%projectCount]
	name := fmt.Sprintf("key-%05d", i)
	cr := &v1alpha1.ProjectAPIKey{ObjectMeta: metav1.ObjectMeta{Namespace: in.namespace, Name: name}}
	cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: configName}
	cr.Spec.WriteConnectionSecretToReference = &xpv2.LocalSecretReference{Name: name}
	cr.Spec.ForProvider.ProjectID = &in.project
	cr.Spec.ForProvider.ServiceAccountID = &in.account
	return cr
}

// create n objects with this concurrency, and call then with each. It returns on the first error.
func (p *environment) create(ctx context.Context, kube client.Client, r *readiness, n, concurrency int, then func(context.Context, *v1alpha1.ProjectAPIKey) error) error {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	var (
		next    atomic.Int64
		workers sync.WaitGroup
	)
	for range concurrency {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				cr := p.newKey(int(i))
				r.creating(cr)
				if err := kube.Create(ctx, cr); err != nil {
					fail(fmt.Errorf("cannot create ProjectAPIKey %q: %w", cr.GetName(), err))
					return
				}
				if then == nil {
					continue
				}
				if err := then(ctx, cr); err != nil {
					fail(err)
					return
				}
			}
		})
	}
	workers.Wait()
	return context.Cause(ctx)
}

// checkOutcome checks that the measured work was done: every object has its key.
func (p *environment) checkOutcome(n int) error {
	if live := len(p.openai.LiveKeys("")); live != n {
		return fmt.Errorf("%d keys live at OpenAI after %d were asked for", live, n)
	}
	return nil
}
