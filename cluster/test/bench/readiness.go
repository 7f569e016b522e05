// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
	toolscache "k8s.io/client-go/tools/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// readiness measures the time of each object from the request that creates it until a watch shows
// it Ready. Timestamps in objects have whole seconds only.
type readiness struct {
	want int
	// all is closed once every object was Ready.
	all chan struct{}

	mu      sync.Mutex
	created map[types.NamespacedName]time.Time
	took    map[types.NamespacedName]time.Duration
	first   time.Time
	last    time.Time
}

func newReadiness(want int) *readiness {
	return &readiness{want: want, all: make(chan struct{}), created: map[types.NamespacedName]time.Time{}, took: map[types.NamespacedName]time.Duration{}}
}

// watch every ProjectAPIKey until the context ends.
func (r *readiness) watch(ctx context.Context, p *environment) error {
	c, err := cache.New(p.plane.Config, cache.Options{Scheme: p.scheme})
	if err != nil {
		return fmt.Errorf("cannot make a cache: %w", err)
	}
	informer, err := c.GetInformer(ctx, &v1alpha1.ProjectAPIKey{}, cache.BlockUntilSynced(false))
	if err != nil {
		return fmt.Errorf("cannot watch ProjectAPIKeys: %w", err)
	}
	if _, err := informer.AddEventHandler(toolscache.ResourceEventHandlerFuncs{
		AddFunc:    r.see,
		UpdateFunc: func(_, now any) { r.see(now) },
	}); err != nil {
		return fmt.Errorf("cannot watch ProjectAPIKeys: %w", err)
	}
	go func() {
		// It fails to start only if it was started already.
		_ = c.Start(ctx)
	}()
	if !c.WaitForCacheSync(ctx) {
		return fmt.Errorf("cannot watch ProjectAPIKeys: %w", context.Cause(ctx))
	}
	return nil
}

func (r *readiness) creating(cr *v1alpha1.ProjectAPIKey) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if r.first.IsZero() {
		r.first = now
	}
	r.created[client.ObjectKeyFromObject(cr)] = now
}

func (r *readiness) see(o any) {
	now := time.Now()
	cr, ok := o.(*v1alpha1.ProjectAPIKey)
	if !ok || cr.GetCondition(xpv2.TypeReady).Status != corev1.ConditionTrue {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	key := client.ObjectKeyFromObject(cr)
	if _, known := r.took[key]; known {
		return
	}
	r.took[key] = now.Sub(r.created[key])
	r.last = now
	if len(r.took) == r.want {
		close(r.all)
	}
}

// await that every object is Ready. On a timeout, the error has the number of those that were.
func (r *readiness) await(ctx context.Context, patience time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	select {
	case <-r.all:
		return nil
	case <-ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Errorf("%d of %d were Ready after %s: %w", len(r.took), r.want, patience, ctx.Err())
}

// wall is the time from the first request until the last object was Ready.
func (r *readiness) wall() time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.last.Sub(r.first)
}

// times to Ready, unordered.
func (r *readiness) times() []time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	times := make([]time.Duration, 0, len(r.took))
	for _, d := range r.took {
		times = append(times, d)
	}
	return times
}
