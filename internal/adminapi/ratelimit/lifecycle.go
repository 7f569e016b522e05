// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import "time"

// Busy reports whether calls are under way, or a refusal still holds: who uses the admin key
// next must know.
func (b *Budget) Busy(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.routes {
		if w.inFlight > 0 || w.closed(now) {
			return true
		}
	}
	return false
}

// Relabel the metrics after a provider configuration.
func (b *Budget) Relabel(config string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Config = config
}

// RemoveConfig ends the metrics and the cap of a provider configuration that is gone.
func (b *Budget) RemoveConfig(config string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Config == config {
		b.Config = ""
	}
	b.allowance.prune(func(name string) bool { return name == config }, now)
}

// PruneCaps caps.
func (b *Budget) PruneCaps(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowance.prune(func(string) bool { return false }, now)
}

// Retire a budget that no client is given any more. Calls that are made with it all the same
// are counted.
func (b *Budget) Retire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.former = true
}

// Revive a budget that a client is given, for a provider configuration.
func (b *Budget) Revive(config string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.former = false
	if b.Config == "" {
		b.Config = config
	}
}

// shown is what the metrics of a budget are called after; false if it has none.
func (b *Budget) shown() (config string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Config, b.Config != "" && !b.former && !b.off
}

// Cap is the lowest of the calls a minute that provider configurations ask for; 0: none asks.
func (b *Budget) Cap() int32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.allowance.lowest
}
