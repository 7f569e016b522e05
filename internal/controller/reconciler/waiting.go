// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"golang.org/x/time/rate"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// reasonWaiting is the event for an object whose turn has not come.
const reasonWaiting event.Reason = "WaitingForRateLimit"

// worthTelling is how long an object must wait before its owner is told.
const worthTelling = 5 * time.Second

// waitingEvents limits the events about waiting, of all controllers together, when
// thousands of objects wait. An object whose event was held back is told at its
// next attempt if it waits even then.
var waitingEvents = rate.NewLimiter(3, 10)

// waiting tells objects, once for as long as they wait without a break, that they
// wait for OpenAI's rate limit.
type waiting struct {
	record event.Recorder
	limit  *rate.Limiter

	mu     sync.Mutex
	spells map[types.NamespacedName]spell
}

// A spell of waiting.
type spell struct {
	uid   types.UID
	since time.Time
	told  bool
}

// note that an object waits, until a time if that is known.
func (w *waiting) note(o client.Object, until time.Time) {
	if w.due(o, until, time.Now()) {
		message := "Waiting for OpenAI's rate limit"
		if !until.IsZero() {
			message += " until about " + until.UTC().Format("15:04:05 MST")
		}
		w.record.Event(o, event.Normal(reasonWaiting, message))
	}
}

func (w *waiting) due(o client.Object, until, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := client.ObjectKeyFromObject(o)
	s, ok := w.spells[n]
	if !ok || s.uid != o.GetUID() {
		s = spell{uid: o.GetUID(), since: now}
	}
	long := max(until.Sub(s.since), now.Sub(s.since)) > worthTelling
	due := long && !s.told && w.limit.AllowN(now, 1)
	s.told = s.told || due
	if w.spells == nil {
		w.spells = map[types.NamespacedName]spell{}
	}
	w.spells[n] = s
	return due
}

// over notes that an object, which may be gone, does not wait.
func (w *waiting) over(n types.NamespacedName) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.spells, n)
}
