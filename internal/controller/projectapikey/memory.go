// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A memory holds what the provider remembers of objects from one reconcile to the next,
// because their statuses, which are written last, may be stale or never be written.
type memory struct{ objects sync.Map }

// forObject returns what is remembered of an object. An object is reconciled by one worker at a time.
func (m *memory) forObject(uid types.UID) *remembered {
	r, _ := m.objects.LoadOrStore(uid, &remembered{})
	return r.(*remembered) //nolint:forcetypeassert // Nothing else is stored.
}

func (m *memory) forget(uid types.UID) { m.objects.Delete(uid) }

// remembered is what is remembered of one object.
type remembered struct {
	// reconcileAt is when something falls due before the next poll; zero: nothing does.
	reconcileAt time.Time

	// unplanned rotations, the oldest first.
	unplanned []v1alpha1.UnplannedRotation

	// issued is what the status is to show of the key that was issued last; nil: none was.
	issued *v1alpha1.ProjectAPIKeyObservation
}

// requeueAfter is the poll interval, or the time until something falls due if that is sooner.
func (r *remembered) requeueAfter(interval time.Duration, now time.Time) time.Duration {
	if r.reconcileAt.IsZero() {
		return interval
	}
	// A moment later than due, since OpenAI counts in whole seconds.
	return min(interval, max(r.reconcileAt.Sub(now), 0)+time.Second)
}

// restore completes a status, in memory, that does not show yet which key was issued last.
func (r *remembered) restore(at *v1alpha1.ProjectAPIKeyObservation) {
	if r.issued == nil || (at.Applied != nil && at.Applied.KeyID == r.issued.ID) {
		return
	}
	if at.ID != r.issued.ID {
		// What OpenAI shows of the key before does not apply to this one.
		at.Name, at.RedactedValue, at.CreatedAt, at.ExpiresAt, at.LastUsedAt = "", "", nil, nil, nil
	}
	at.ID, at.Scopes, at.Applied, at.Retiring = r.issued.ID, r.issued.Scopes, r.issued.Applied, r.issued.Retiring
}
