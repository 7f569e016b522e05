// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import "time"

// Busy reports whether calls are in flight, or a route is closed after a refusal. The next user of the
// admin key must then get this budget.
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

// Relabel sets the provider configuration that labels the metrics.
func (b *Budget) Relabel(config string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Config = config
}

// RemoveConfig removes the label and the cap of a provider configuration that is gone.
func (b *Budget) RemoveConfig(config string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Config == config {
		b.Config = ""
	}
	b.allowance.prune(func(name string) bool { return name == config }, now)
}

// PruneCaps removes the caps of provider configurations that were not used for an hour.
func (b *Budget) PruneCaps(now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.allowance.prune(func(string) bool { return false }, now)
}

// MarkUnused notes that new clients no longer get the budget. Clients that have it still count their
// calls.
func (b *Budget) MarkUnused() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.retired = true
}

// MarkUsed notes that a new client of a provider configuration gets the budget.
func (b *Budget) MarkUsed(config string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.retired = false
	if b.Config == "" {
		b.Config = config
	}
}

// metricsLabel returns the provider configuration that labels the metrics, and reports whether there
// are any.
func (b *Budget) metricsLabel() (config string, ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Config, b.Config != "" && !b.retired && !b.disabled
}

// Cap is the lowest requestBudget of the provider configurations, in calls per minute; 0: none has
// one.
func (b *Budget) Cap() int32 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.allowance.lowest
}
