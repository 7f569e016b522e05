// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

const (
	// tolerance is how far apart equal times may be: all are in whole seconds, and so is the
	// offset of OpenAI's clock.
	tolerance = 5 * time.Second

	// creationGracePeriod is how long after a create lists may not show the resource. The
	// annotations leave out fractions of a second.
	creationGracePeriod = inventory.ListLag + time.Second

	// clockSkew is how far apart two clocks may be whose offset is not known.
	clockSkew = time.Minute
)

// A createWindow is when OpenAI can have carried out the request of an interrupted create, by
// OpenAI's clock.
type createWindow struct {
	from, to time.Time

	// latest is now by OpenAI's clock: nothing can have been created after it.
	latest time.Time
}

// createWindowOf the interrupted create of an object. Offset is how far OpenAI's clock is ahead
// of the provider's, if that is known.
func createWindowOf(cr reconciler.Object, now time.Time, offset time.Duration, known bool) createWindow {
	allowed := tolerance
	if !known {
		offset, allowed = 0, clockSkew
	}
	w := createWindow{latest: now.Add(offset + allowed)}
	started, created := reconciler.CreateInterrupted(cr), cr.GetCreationTimestamp().Time
	if isInFuture(started, now) {
		// The clock was set back since, so that the recorded start is useless.
		w.from, w.to = created.Add(min(offset, 0)-clockSkew), w.latest
		return w
	}
	w.from, w.to = started.Add(offset-allowed), requestEnd(cr, started).Add(offset+allowed)
	if w.to.After(w.latest) {
		w.to = w.latest
	}
	return w
}

// isCopied reports whether the create that the status records began before the object existed, as
// in an object that a backup tool restored. It allows for clocks that differ.
func isCopied(cr reconciler.Object, offset time.Duration) bool {
	began := reconciler.CreateInterrupted(cr).Add(max(offset, 0))
	return began.Before(cr.GetCreationTimestamp().Add(-clockSkew))
}

// isInFuture reports whether a time was recorded by a clock that was ahead.
func isInFuture(t, now time.Time) bool { return t.After(now.Add(clockSkew)) }

// isCreationTime reports whether a time can be that of a creation.
func (w createWindow) isCreationTime(at time.Time) bool { return at.Unix() > 0 && !at.After(w.latest) }

// contains reports whether a resource that was created at a time was created in the window.
func (w createWindow) contains(at time.Time) bool { return !at.Before(w.from) && !at.After(w.to) }

// candidates are the IDs of what the interrupted create may have made: resources that were
// created in its window or are new since, and separately those without a usable time of creation.
// Resources with exactly the desired name exclude the others.
func (w createWindow) candidates(found []candidate, others map[string]bool) (within, undated []string) {
	var exact []string
	for _, f := range found {
		switch {
		case others[f.ID]:
		case !f.New && !w.isCreationTime(f.CreatedAt):
			undated = append(undated, f.ID)
		case !f.New && !w.contains(f.CreatedAt):
		case f.Exact:
			exact = append(exact, f.ID)
		default:
			within = append(within, f.ID)
		}
	}
	if len(exact) > 0 {
		within = exact
	}
	return within, undated
}

// listsCertainAt is when a list is certain to show what an interrupted create of the object made.
func listsCertainAt(cr reconciler.Object, now time.Time) time.Time {
	started := reconciler.CreateInterrupted(cr)
	if isInFuture(started, now) {
		// The clock was set back since. No create begins before its object exists.
		started = cr.GetCreationTimestamp().Time
	}
	return requestEnd(cr, started).Add(creationGracePeriod)
}

// requestEnd is when the request of a create that started at a time ended at the latest: when its
// failure was recorded or, if the provider was killed before, at its timeout.
func requestEnd(cr reconciler.Object, started time.Time) time.Time {
	timeout, failed := started.Add(adminapi.RequestTimeout), meta.GetExternalCreateFailed(cr)
	if !failed.Before(started) && failed.Before(timeout) {
		return failed
	}
	return timeout
}
