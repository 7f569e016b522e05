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

// reasonWaiting is the event for an object that waits for OpenAI's rate limit.
const reasonWaiting event.Reason = "WaitingForRateLimit"

// longestQuietWait is how long an object may wait for something without an event that says so.
const longestQuietWait = 5 * time.Second

// waitEventLimiter limits the events about waiting, of all controllers together, when thousands of
// objects wait. An object whose event was held back gets it after its next reconcile if it waits
// even then.
var waitEventLimiter = rate.NewLimiter(3, 10)

// waitEvents emits an event for each object that waits for OpenAI's rate limit: one for as long
// as it waits without a break.
type waitEvents struct {
	record  event.Recorder
	limiter *rate.Limiter

	mu    sync.Mutex
	waits map[types.NamespacedName]objectWait
}

// An objectWait is how long an object has been waiting without a break.
type objectWait struct {
	uid     types.UID
	since   time.Time
	emitted bool
}

// emit the event of an object that waits, until a time if that is known.
func (w *waitEvents) emit(o client.Object, until time.Time) {
	if w.isDue(o, until, time.Now()) {
		message := "Waiting for OpenAI's rate limit"
		if !until.IsZero() {
			message += " until about " + until.UTC().Format("15:04:05 MST")
		}
		w.record.Event(o, event.Normal(reasonWaiting, message))
	}
}

func (w *waitEvents) isDue(o client.Object, until, now time.Time) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := client.ObjectKeyFromObject(o)
	ow, ok := w.waits[n]
	if !ok || ow.uid != o.GetUID() {
		ow = objectWait{uid: o.GetUID(), since: now}
	}
	long := max(until.Sub(ow.since), now.Sub(ow.since)) > longestQuietWait
	due := long && !ow.emitted && w.limiter.AllowN(now, 1)
	ow.emitted = ow.emitted || due
	if w.waits == nil {
		w.waits = map[types.NamespacedName]objectWait{}
	}
	w.waits[n] = ow
	return due
}

// forget the wait of an object that does not wait any more, or was deleted.
func (w *waitEvents) forget(n types.NamespacedName) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.waits, n)
}
