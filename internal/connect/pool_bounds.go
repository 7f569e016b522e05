// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

const (
	// mostUnanswered is how many clients are kept for a provider configuration of which no
	// call succeeded, besides that of its own organization. What is no organization of the
	// admin key never gets a good answer.
	mostUnanswered = 64

	// mostNamed is how many clients are kept in all for organizations that managed resources
	// name instead of their configurations'.
	mostNamed = 1024
)

// makeRoom for a client of an organization that a managed resource names. Whoever names
// many loses its own clients first, and those that never got a good answer before others.
func (p *pool) makeRoom(pc *pooledConfig) {
	for {
		organizationID, n, _ := pc.oldest(unanswered)
		if n < mostUnanswered {
			break
		}
		delete(pc.clients, organizationID)
	}
	for p.named() >= mostNamed {
		if !p.evict(unanswered) {
			p.evict(every)
		}
	}
}

func (p *pool) named() int {
	sum := 0
	for _, pc := range p.configs {
		_, n, _ := pc.oldest(every)
		sum += n
	}
	return sum
}

// evict the client that was not used for longest, of the provider configuration that has
// most of a sort. It reports whether there was any.
func (p *pool) evict(sort func(*adminapi.Client) bool) bool {
	var (
		from   *pooledConfig
		which  string
		most   int
		oldest time.Time
	)
	for _, pc := range p.configs {
		organizationID, n, used := pc.oldest(sort)
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

func every(*adminapi.Client) bool { return true }

func unanswered(c *adminapi.Client) bool { return !c.Answered() }

// oldest is the organization whose client was not used for longest, of those of a sort that
// managed resources name, and how many these are.
func (pc *pooledConfig) oldest(sort func(*adminapi.Client) bool) (organizationID string, n int, used time.Time) {
	for id, have := range pc.clients {
		if id == pc.own || !sort(have.client) {
			continue
		}
		if n == 0 || have.used.Before(used) {
			organizationID, used = id, have.used
		}
		n++
	}
	return organizationID, n, used
}
