// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

const (
	// maxUnanswered is the most clients per provider configuration for organizations that managed
	// resources name and for which no call succeeded: such an organization may not be the admin key's.
	maxUnanswered = 64

	// maxNamed is the most clients in all for organizations that managed resources name.
	maxNamed = 1024
)

// makeRoom for a client of an organization that a managed resource names. Configurations with many such
// clients lose theirs first, and those without a successful call go before others.
func (p *pool) makeRoom(pc *pooledConfig) {
	for {
		organizationID, n, _ := pc.oldest(neverSucceeded)
		if n < maxUnanswered {
			break
		}
		delete(pc.clients, organizationID)
	}
	for p.countNamed() >= maxNamed {
		if !p.evict(neverSucceeded) {
			p.evict(anyClient)
		}
	}
}

// countNamed returns the number of clients for organizations that managed resources name.
func (p *pool) countNamed() int {
	sum := 0
	for _, pc := range p.configs {
		_, n, _ := pc.oldest(anyClient)
		sum += n
	}
	return sum
}

// evict the least recently used of the matching clients of the provider configuration that has most of
// them. It reports whether there was any.
func (p *pool) evict(match func(*adminapi.Client) bool) bool {
	var (
		from   *pooledConfig
		which  string
		most   int
		oldest time.Time
	)
	for _, pc := range p.configs {
		organizationID, n, used := pc.oldest(match)
		if n > most || (n > 0 && n == most && used.Before(oldest)) {
			from, which, most, oldest = pc, organizationID, n, used
		}
	}
	if from == nil {
		return false
	}
	delete(from.clients, which)
	return true
}

func anyClient(*adminapi.Client) bool { return true }

func neverSucceeded(c *adminapi.Client) bool { return !c.Succeeded() }

// oldest returns the organization of the least recently used matching client, out of n such clients for
// organizations that managed resources name.
func (pc *pooledConfig) oldest(match func(*adminapi.Client) bool) (organizationID string, n int, used time.Time) {
	for id, have := range pc.clients {
		if id == pc.own || !match(have.client) {
			continue
		}
		if n == 0 || have.used.Before(used) {
			organizationID, used = id, have.used
		}
		n++
	}
	return organizationID, n, used
}
