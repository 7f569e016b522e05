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
	// freeTries are the interrupted creates of an object that are repeated as soon as it is
	// certain that lists show nothing.
	freeTries = 2

	// longestPause between creates that OpenAI confirms in no way.
	longestPause = time.Hour
)

// tries counts the creates of objects that were interrupted and left nothing that could
// be found. What they made may never show: to repeat them without end would make one
// after another. It is safe for concurrent use.
type tries struct {
	mu sync.Mutex
	of map[types.UID]try
}

type try struct {
	n       int
	pending time.Time
}

// wait is how much longer to wait than lists lag before the create of an object is
// repeated.
func (t *tries) wait(cr reconciler.Object) time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	pending := reconciler.CreateInterrupted(cr)
	is := t.of[cr.GetUID()]
	if !is.pending.Equal(pending) {
		maps.DeleteFunc(t.of, func(_ types.UID, other try) bool { return pending.Sub(other.pending) > 2*longestPause })
		is = try{n: is.n + 1, pending: pending}
		if t.of == nil {
			t.of = map[types.UID]try{}
		}
		t.of[cr.GetUID()] = is
	}
	if is.n <= freeTries {
		return 0
	}
	return min(time.Minute<<min(is.n-freeTries-1, 6), longestPause)
}
