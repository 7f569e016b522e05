// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import "time"

// busy reports whether calls are under way, or a refusal still holds: who uses the admin key
// next must know.
func (b *budget) busy(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.routes {
		if w.inFlight > 0 || w.closed(now) {
			return true
		}
	}
	return false
}

// relabel the metrics after a provider configuration.
func (b *budget) relabel(config string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.config = config
}

// leave ends the metrics and the cap of a provider configuration that is gone.
func (b *budget) leave(config string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.config == config {
		b.config = ""
	}
	b.allowance.prune(func(name string) bool { return name == config }, now)
}

// forgetUnused caps.
func (b *budget) forgetUnused(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowance.prune(func(string) bool { return false }, now)
}

// retire a budget that no client is given any more. Calls that are made with it all the same
// are counted.
func (b *budget) retire() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.former = true
}

// revive a budget that a client is given, for a provider configuration.
func (b *budget) revive(config string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.former = false
	if b.config == "" {
		b.config = config
	}
}

// shown is what the metrics of a budget are called after; false if it has none.
func (b *budget) shown() (config string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.config, b.config != "" && !b.former && !b.off
}

// Cap is the lowest of the calls a minute that provider configurations ask for; 0: none asks.
func (b *budget) Cap() int32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.allowance.lowest
}
