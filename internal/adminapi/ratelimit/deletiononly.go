// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"fmt"
)

// AllowDeletionOnly forbids a reconcile to create and change anything, and says why. It reports whether that
// has an effect, for which the context needs a Tracker.
func AllowDeletionOnly(ctx context.Context, why error) bool {
	p := TrackerOf(ctx)
	if p == nil {
		return false
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.accessRevoked == nil {
		p.accessRevoked = fmt.Errorf("%w; meanwhile nothing is created or changed for this object, and what it manages is ended if it is deleted", why)
	}
	return true
}

// DeletionOnly is why a reconcile must create and change nothing; nil: it may.
func DeletionOnly(ctx context.Context) error {
	p := TrackerOf(ctx)
	if p == nil {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.accessRevoked
}
