// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"crypto/sha256"
	"fmt"
	"sync"
	"time"
	"weak"

	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
)

// A pool shares one Client between all managed resources with the same provider configuration and
// organization, and makes a new one when the credentials change. A client that was dropped still works for
// reconciles that have it.
type pool struct {
	withoutRateLimiting bool
	withoutInventory    bool

	mu       sync.Mutex
	configs  map[configKey]*pooledConfig
	limiters map[limiterKey]*ratelimit.Limiter
	// retired limiters have no client in the pool, but may have one in a reconcile. A new client with
	// the same admin key must share them.
	retired map[limiterKey]weak.Pointer[ratelimit.Limiter]
}

// A configKey identifies a provider configuration.
type configKey struct{ kind, namespace, name string }

// String names the provider configuration in metrics and rate limits.
func (k configKey) String() string {
	if k.namespace == "" {
		return k.kind + "/" + k.name
	}
	return k.kind + "/" + k.namespace + "/" + k.name
}

// A poolKey identifies a client: the provider configuration, and the organization that a managed resource
// names in place of the configuration's.
type poolKey struct {
	configKey
	uid types.UID
	// own is the organization of the configuration itself.
	own            string
	organizationID string
}

// A pooledConfig holds the clients of a provider configuration. It is retained until the configuration is
// deleted, since its metrics are.
type pooledConfig struct {
	label string
	uid   types.UID
	own   string
	// clients by organization ID.
	clients map[string]*pooled
}

// A pooled client, with a hash of its settings and when it was last used.
type pooled struct {
	fingerprint [sha256.Size]byte
	client      *adminapi.Client
	used        time.Time
}

// get returns the client of a provider configuration and organization, and makes one if there is none or
// the settings changed. A configuration that was deleted and created again shares nothing with the
// previous one.
func (p *pool) get(k poolKey, s adminapi.Settings) *adminapi.Client {
	fp := sha256.Sum256(fmt.Appendf(nil, "%q", []string{s.AdminKey, s.KeyOrigin, s.OrganizationID, s.BaseURL}))
	now := time.Now()

	p.mu.Lock()
	defer p.mu.Unlock()
	pc := p.configs[k.configKey]
	if pc != nil && pc.uid != k.uid {
		p.forget(k.configKey, now)
		pc = nil
	}
	if pc == nil {
		pc = &pooledConfig{label: k.String(), uid: k.uid, clients: map[string]*pooled{}}
		if p.configs == nil {
			p.configs = map[configKey]*pooledConfig{}
		}
		p.configs[k.configKey] = pc
	}
	pc.own = k.own
	cached, ok := pc.clients[k.organizationID]
	if ok && cached.fingerprint == fp {
		cached.used = now
		return cached.client
	}
	if !ok && k.organizationID != k.own {
		p.makeRoom(pc)
	}
	c := adminapi.New(s, p.limiter(k, s))
	c.Inventory().Disabled = p.withoutInventory
	pc.clients[k.organizationID] = &pooled{fingerprint: fp, client: c, used: now}
	if ok {
		// The limiter of the previous admin key may have no client any more.
		p.assignLimiters(now)
	}
	return c
}

// limiter returns the limiter of an admin key, which all configurations and organizations share.
func (p *pool) limiter(k poolKey, s adminapi.Settings) *ratelimit.Limiter {
	key := limiterKeyOf(s)
	l := p.limiters[key]
	if l == nil {
		l = p.retired[key].Value()
		delete(p.retired, key)
	}
	if l == nil {
		l = ratelimit.New(k.String(), p.withoutRateLimiting)
	}
	l.MarkUsed(k.String())
	if p.limiters == nil {
		p.limiters = map[limiterKey]*ratelimit.Limiter{}
	}
	p.limiters[key] = l
	return l
}

// assignLimiters retires the limiters without clients, and labels the metrics of the others with a provider
// configuration that uses them.
func (p *pool) assignLimiters(now time.Time) {
	type use struct {
		// first of the configurations in the order of their names.
		first string
		// labeled is whether one of them already labels the metrics.
		labeled bool
	}
	uses := map[*ratelimit.Limiter]use{}
	for _, pc := range p.configs {
		for _, have := range pc.clients {
			l := have.client.Limiter()
			u, ok := uses[l]
			if !ok || pc.label < u.first {
				u.first = pc.label
			}
			// Reading Config is safe, since only the pool changes it, with its lock.
			u.labeled = u.labeled || pc.label == l.Config
			uses[l] = u
		}
	}
	for key, w := range p.retired {
		if w.Value() == nil {
			delete(p.retired, key)
		}
	}
	for key, l := range p.limiters {
		u, used := uses[l]
		switch {
		case used && !u.labeled:
			l.Relabel(u.first)
		case !used && !l.Busy(now):
			l.MarkUnused()
			delete(p.limiters, key)
			if p.retired == nil {
				p.retired = map[limiterKey]weak.Pointer[ratelimit.Limiter]{}
			}
			p.retired[key] = weak.Make(l)
		}
	}
}

// forget a provider configuration that was deleted, and its metrics.
func (p *pool) forget(k configKey, now time.Time) {
	delete(p.configs, k)
	label := k.String()
	for _, l := range p.limiters {
		l.RemoveConfig(label, now)
	}
	for _, w := range p.retired {
		if l := w.Value(); l != nil {
			l.RemoveConfig(label, now)
		}
	}
	p.assignLimiters(now)
	// Last, when no limiter has the label any more.
	ratelimit.ForgetSeries(label)
}

// A limiterKey identifies the limiter of an admin key, without containing the key.
type limiterKey [sha256.Size]byte

func limiterKeyOf(s adminapi.Settings) limiterKey {
	return sha256.Sum256(fmt.Appendf(nil, "%q", []string{s.AdminKey, s.BaseURL}))
}
