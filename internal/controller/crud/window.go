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
	// tolerance is how far times may be apart that mean the same: all are in whole
	// seconds, and so is what is known of OpenAI's clock.
	tolerance = 5 * time.Second

	// afterCreate is how long after a create it is certain that lists show what it made.
	// Annotations leave out the fraction of a second.
	afterCreate = inventory.ListLag + time.Second

	// clockSkew is how far clocks may be apart of which nothing is known.
	clockSkew = time.Minute
)

// A window is when OpenAI can have carried out the request of an interrupted create, by
// its own clock.
type window struct {
	from, to time.Time

	// latest is OpenAI's time now: nothing can have been created after it.
	latest time.Time
}

// windowOf the interrupted create of an object. Offset is how far OpenAI's clock is ahead
// of ours, if that is known.
func windowOf(cr reconciler.Object, now time.Time, offset time.Duration, known bool) window {
	allowed := tolerance
	if !known {
		offset, allowed = 0, clockSkew
	}
	w := window{latest: now.Add(offset + allowed)}
	started, failed, created := reconciler.CreateInterrupted(cr), meta.GetExternalCreateFailed(cr), cr.GetCreationTimestamp().Time
	if isFuture(started, now) {
		// A clock was set: it tells nothing.
		w.from, w.to = created.Add(min(offset, 0)-clockSkew), w.latest
		return w
	}
	end := started.Add(adminapi.RequestTimeout)
	if !failed.Before(started) && failed.Before(end) {
		end = failed
	}
	w.from, w.to = started.Add(offset-allowed), end.Add(offset+allowed)
	if w.to.After(w.latest) {
		w.to = w.latest
	}
	return w
}

// isCopied reports whether the create that an object's status tells of began before there
// was the object, as in one that a backup tool made. Whatever clock is wrong.
func isCopied(cr reconciler.Object, offset time.Duration) bool {
	begun := reconciler.CreateInterrupted(cr).Add(max(offset, 0))
	return begun.Before(cr.GetCreationTimestamp().Add(-clockSkew))
}

// isFuture reports whether a time is that of another clock.
func isFuture(t, now time.Time) bool { return t.After(now.Add(clockSkew)) }

// dates reports whether a time of creation can be one.
func (w window) dates(at time.Time) bool { return at.Unix() > 0 && !at.After(w.latest) }

// holds reports whether something was created in the window.
func (w window) holds(at time.Time) bool { return !at.Before(w.from) && !at.After(w.to) }

// candidates are what an interrupted create may have made, by ID: what was created in its
// window or is new since, and what cannot be dated. What has the very name goes before what has it in
// another form.
func (w window) candidates(found []Found, others map[string]bool) (within, undated []string) {
	var exact []string
	for _, f := range found {
		switch {
		case others[f.ID]:
		case !f.New && !w.dates(f.CreatedAt):
			undated = append(undated, f.ID)
		case !f.New && !w.holds(f.CreatedAt):
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

// settled is when a list shows for certain what an interrupted create of the object
// made. If its failure was not noted, because the provider died, the request may
// have been on its way for as long as any.
func settled(cr reconciler.Object, now time.Time) time.Time {
	started, failed := reconciler.CreateInterrupted(cr), meta.GetExternalCreateFailed(cr)
	if isFuture(started, now) {
		// A clock was set. The object's creation is the earliest that there can be.
		started = cr.GetCreationTimestamp().Time
	}
	end := started.Add(adminapi.RequestTimeout)
	if !failed.Before(started) && failed.Before(end) {
		end = failed
	}
	return end.Add(afterCreate)
}
