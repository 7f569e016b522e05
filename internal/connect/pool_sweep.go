// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"maps"
	"time"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

const (
	// sweepEvery is how often it is looked for what nobody uses.
	sweepEvery = time.Minute

	// unusedAfter is how long a client is kept that nobody uses, with the admin key in it.
	unusedAfter = time.Hour
)

// Start drops what nobody uses any more, until the context ends. It implements
// manager.Runnable.
func (c *Connector) Start(ctx context.Context) error {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
			c.sweep(ctx, time.Now())
		}
	}
}

// NeedLeaderElection implements manager.LeaderElectionRunnable: as the controllers do, whose
// clients these are.
func (c *Connector) NeedLeaderElection() bool { return true }

func (c *Connector) sweep(ctx context.Context, now time.Time) {
	c.live.dropCached()
	gone := c.gone(ctx, c.pool.known())
	c.pool.sweep(now, gone)
	c.organizations.forget(gone)
}

// gone are those of some provider configurations that do not exist any more. What cannot be
// told is none of them.
func (c *Connector) gone(ctx context.Context, known map[configKey]types.UID) map[configKey]types.UID {
	gone := map[configKey]types.UID{}
	for k, uid := range known {
		var o client.Object = &v1alpha1.ClusterProviderConfig{}
		if k.kind == v1alpha1.ProviderConfigKind {
			o = &v1alpha1.ProviderConfig{}
		}
		err := c.kube.Get(ctx, client.ObjectKey{Namespace: k.namespace, Name: k.name}, o)
		if kerrors.IsNotFound(err) || (err == nil && o.GetUID() != uid) {
			gone[k] = uid
		}
	}
	return gone
}

// known provider configurations, with the UIDs that they had.
func (p *pool) known() map[configKey]types.UID {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := make(map[configKey]types.UID, len(p.configs))
	for k, pc := range p.configs {
		known[k] = pc.uid
	}
	return known
}

// sweep out what nobody used for long, and all that provider configurations left that are
// gone.
func (p *pool) sweep(now time.Time, gone map[configKey]types.UID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, uid := range gone {
		// One that was created anew meanwhile stays.
		if pc := p.configs[k]; pc != nil && pc.uid == uid {
			p.forget(k, now)
		}
	}
	for _, pc := range p.configs {
		maps.DeleteFunc(pc.clients, func(_ string, have *pooled) bool { return now.Sub(have.used) > unusedAfter })
		for _, have := range pc.clients {
			have.client.Inventory().ForgetIdle(now)
		}
	}
	p.settle(now)
	for _, b := range p.budgets {
		b.PruneCaps(now)
	}
}
