// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"maps"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

const (
	// immediateRetries is how many interrupted creates of an object are repeated without backoff.
	immediateRetries = 2

	// maxBackoff is the longest backoff.
	maxBackoff = time.Hour
)

// createBackoff delays creates of objects whose creates were interrupted again and again without
// a resource to be found. OpenAI may never list what they made, so that repeating them without
// backoff could make any number of resources. It is safe for concurrent use.
type createBackoff struct {
	mu    sync.Mutex
	byUID map[types.UID]interruptedCreates
}

// interruptedCreates of an object: how many there were, and when the last one began.
type interruptedCreates struct {
	count     int
	startedAt time.Time
}

// wait is how much longer than lists lag the object has to wait before its create is repeated.
func (b *createBackoff) wait(cr reconciler.Object) time.Duration {
	b.mu.Lock()
	defer b.mu.Unlock()
	startedAt := reconciler.CreateInterrupted(cr)
	known := b.byUID[cr.GetUID()]
	if !known.startedAt.Equal(startedAt) {
		maps.DeleteFunc(b.byUID, func(_ types.UID, other interruptedCreates) bool { return startedAt.Sub(other.startedAt) > 2*maxBackoff })
		known = interruptedCreates{count: known.count + 1, startedAt: startedAt}
		if b.byUID == nil {
			b.byUID = map[types.UID]interruptedCreates{}
		}
		b.byUID[cr.GetUID()] = known
	}
	if known.count <= immediateRetries {
		return 0
	}
	return min(time.Minute<<min(known.count-immediateRetries-1, 6), maxBackoff)
}
