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

// A pool shares one Client between all managed resources that reach OpenAI with the same
// credentials, and makes a new one once these change. A client that was dropped goes on
// working for those that hold it.
type pool struct {
	withoutBudget    bool
	withoutInventory bool

	mu      sync.Mutex
	configs map[configKey]*pooledConfig
	budgets map[budgetKey]*ratelimit.Budget
	// former budgets are those that no client in the pool has. A reconcile under way may,
	// and whoever comes to use the admin key meanwhile must share them.
	former map[budgetKey]weak.Pointer[ratelimit.Budget]
}

// A configKey is a provider configuration.
type configKey struct{ kind, namespace, name string }

// String names the provider configuration in metrics and budgets.
func (k configKey) String() string {
	if k.namespace == "" {
		return k.kind + "/" + k.name
	}
	return k.kind + "/" + k.namespace + "/" + k.name
}

// A poolKey is a provider configuration, and the organization that a managed resource asks
// for instead of the configuration's.
type poolKey struct {
	configKey
	uid types.UID
	// own is the organization of the configuration itself.
	own            string
	organizationID string
}

// A pooledConfig is a provider configuration that clients were made for. It is known until
// the configuration is gone, since its metrics are.
type pooledConfig struct {
	label string
	uid   types.UID
	own   string
	// clients by organization.
	clients map[string]*pooled
}

type pooled struct {
	fingerprint [sha256.Size]byte
	client      *adminapi.Client
	used        time.Time
}

func (p *pool) get(k poolKey, s adminapi.Settings) *adminapi.Client {
	fp := sha256.Sum256(fmt.Appendf(nil, "%q", []string{s.AdminKey, s.Credential, s.OrganizationID, s.BaseURL}))
	now := time.Now()

	p.mu.Lock()
	defer p.mu.Unlock()
	pc := p.config(k, now)
	have, ok := pc.clients[k.organizationID]
	if ok && have.fingerprint == fp {
		have.used = now
		return have.client
	}
	if !ok && k.organizationID != k.own {
		p.makeRoom(pc)
	}
	c := adminapi.New(s, p.budget(k, s))
	c.Inventory().Disabled = p.withoutInventory
	pc.clients[k.organizationID] = &pooled{fingerprint: fp, client: c, used: now}
	if ok {
		// The former admin key may have no other client.
		p.settle(now)
	}
	return c
}

// config is what is kept for a provider configuration. One that was created anew has nothing
// of the former.
func (p *pool) config(k poolKey, now time.Time) *pooledConfig {
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
	return pc
}

// budget of an admin key, whatever the organization and the configuration that it
// is used with.
func (p *pool) budget(k poolKey, s adminapi.Settings) *ratelimit.Budget {
	key := budgetKeyOf(s)
	b := p.budgets[key]
	if b == nil {
		b = p.former[key].Value()
		delete(p.former, key)
	}
	if b == nil {
		b = ratelimit.New(k.String(), p.withoutBudget)
	}
	b.Revive(k.String())
	if p.budgets == nil {
		p.budgets = map[budgetKey]*ratelimit.Budget{}
	}
	p.budgets[key] = b
	return b
}

// settle which budgets are kept, and after which provider configuration their metrics are
// called.
func (p *pool) settle(now time.Time) {
	type use struct {
		// first of the configurations in the order of their names.
		first string
		// labeled: one of them is that of the metrics.
		labeled bool
	}
	uses := map[*ratelimit.Budget]use{}
	for _, pc := range p.configs {
		for _, have := range pc.clients {
			b := have.client.Budget()
			u, ok := uses[b]
			if !ok || pc.label < u.first {
				u.first = pc.label
			}
			// Only the pool changes it, with its lock.
			u.labeled = u.labeled || pc.label == b.Config
			uses[b] = u
		}
	}
	for key, w := range p.former {
		if w.Value() == nil {
			delete(p.former, key)
		}
	}
	for key, b := range p.budgets {
		u, used := uses[b]
		switch {
		case used && !u.labeled:
			b.Relabel(u.first)
		case !used && !b.Busy(now):
			b.Retire()
			delete(p.budgets, key)
			if p.former == nil {
				p.former = map[budgetKey]weak.Pointer[ratelimit.Budget]{}
			}
			p.former[key] = weak.Make(b)
		}
	}
}

// forget a provider configuration that is gone, with its metrics.
func (p *pool) forget(k configKey, now time.Time) {
	delete(p.configs, k)
	label := k.String()
	for _, b := range p.budgets {
		b.RemoveConfig(label, now)
	}
	for _, w := range p.former {
		if b := w.Value(); b != nil {
			b.RemoveConfig(label, now)
		}
	}
	p.settle(now)
	// Last, since no budget counts for it any more.
	ratelimit.ForgetSeries(label)
}

// A budgetKey tells budgets apart without holding an admin key.
type budgetKey [sha256.Size]byte

func budgetKeyOf(s adminapi.Settings) budgetKey {
	return sha256.Sum256(fmt.Appendf(nil, "%q", []string{s.AdminKey, s.BaseURL}))
}
