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
	t := TrackerOf(ctx)
	if t == nil {
		return false
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.deletionOnly == nil {
		t.deletionOnly = fmt.Errorf("%w; meanwhile nothing is created or changed for this object, and what it manages is ended if it is deleted", why)
	}
	return true
}

// DeletionOnly is why a reconcile must create and change nothing; nil: it may.
func DeletionOnly(ctx context.Context) error {
	t := TrackerOf(ctx)
	if t == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.deletionOnly
}
