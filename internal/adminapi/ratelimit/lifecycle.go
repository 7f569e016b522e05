// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import "time"

// Busy reports whether calls are in flight, or a route is closed after a refusal. The next user of the
// admin key must then get this limiter.
func (l *Limiter) Busy(now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.routes {
		if w.inFlight > 0 || w.closed(now) {
			return true
		}
	}
	return false
}

// Relabel sets the provider configuration that labels the metrics.
func (l *Limiter) Relabel(config string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.Config = config
}

// RemoveConfig removes the label and the limit of a provider configuration that was deleted.
func (l *Limiter) RemoveConfig(config string, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Config == config {
		l.Config = ""
	}
	l.configured.prune(func(name string) bool { return name == config }, now)
}

// PruneConfigured removes the limits of provider configurations that were not used for an hour.
func (l *Limiter) PruneConfigured(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.configured.prune(func(string) bool { return false }, now)
}

// MarkUnused notes that new clients no longer get the limiter. Clients that have it still count their
// calls.
func (l *Limiter) MarkUnused() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.retired = true
}

// MarkUsed notes that a new client of a provider configuration gets the limiter.
func (l *Limiter) MarkUsed(config string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.retired = false
	if l.Config == "" {
		l.Config = config
	}
}

// metricsLabel returns the provider configuration that labels the metrics, and reports whether there
// are any.
func (l *Limiter) metricsLabel() (config string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.Config, l.Config != "" && !l.retired && !l.disabled
}
