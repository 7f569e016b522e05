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
	// sweepInterval is how often unused clients and cached credentials are dropped.
	sweepInterval = time.Minute

	// unusedTTL is how long an unused client is retained, which contains an admin key.
	unusedTTL = time.Hour
)

// Start drops clients, lists and credentials that are no longer used, until the context ends. It implements
// manager.Runnable.
func (c *Connector) Start(ctx context.Context) error {
	t := time.NewTicker(sweepInterval)
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

// NeedLeaderElection implements manager.LeaderElectionRunnable. Only the leader's controllers use clients.
func (c *Connector) NeedLeaderElection() bool { return true }

// sweep drops what is no longer used as of now.
func (c *Connector) sweep(ctx context.Context, now time.Time) {
	c.apiReader.dropCached()
	deleted := c.deletedConfigs(ctx, c.pool.configUIDs())
	c.pool.sweep(now, deleted)
	c.checks.remove(deleted)
}

// deletedConfigs returns those of the provider configurations that do not exist any more. One that cannot
// be read counts as existing.
func (c *Connector) deletedConfigs(ctx context.Context, known map[configKey]types.UID) map[configKey]types.UID {
	deleted := map[configKey]types.UID{}
	for k, uid := range known {
		var o client.Object = &v1alpha1.ClusterProviderConfig{}
		if k.kind == v1alpha1.ProviderConfigKind {
			o = &v1alpha1.ProviderConfig{}
		}
		err := c.kube.Get(ctx, client.ObjectKey{Namespace: k.namespace, Name: k.name}, o)
		if kerrors.IsNotFound(err) || (err == nil && o.GetUID() != uid) {
			deleted[k] = uid
		}
	}
	return deleted
}

// configUIDs returns the provider configurations in the pool, with their UIDs.
func (p *pool) configUIDs() map[configKey]types.UID {
	p.mu.Lock()
	defer p.mu.Unlock()
	known := make(map[configKey]types.UID, len(p.configs))
	for k, pc := range p.configs {
		known[k] = pc.uid
	}
	return known
}

// sweep drops clients and lists that were not used for an hour, and everything of deleted provider
// configurations.
func (p *pool) sweep(now time.Time, deleted map[configKey]types.UID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for k, uid := range deleted {
		// One that was created again meanwhile stays.
		if pc := p.configs[k]; pc != nil && pc.uid == uid {
			p.forget(k, now)
		}
	}
	for _, pc := range p.configs {
		maps.DeleteFunc(pc.clients, func(_ string, have *pooled) bool { return now.Sub(have.used) > unusedTTL })
		for _, have := range pc.clients {
			have.client.Inventory().ForgetIdle(now)
		}
	}
	p.assignLimiters(now)
	for _, l := range p.limiters {
		l.PruneConfigured(now)
	}
}
