// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// Whatever goes wrong with lists, clocks or other writers must not issue keys without end. Keys
// that no user asked for are therefore limited per object: rotationBurst of them at once, then
// one after a wait that doubles from firstWait to refillInterval. Their count decreases by one for each
// refillInterval without any.
const (
	rotationBurst  = 3
	firstWait      = time.Minute
	refillInterval = time.Hour

	// maxCount leads to the longest wait.
	maxCount = rotationBurst + 6

	// maxReportedRotations are shown in the status, for rotationsReportedFor.
	maxReportedRotations = 5
	rotationsReportedFor = 24 * time.Hour

	// maxLivingKeys is how many keys of an object may be valid beside those in the overlap of a
	// planned rotation: the current one, and those that unplanned rotations replaced.
	maxLivingKeys = 5

	// minScheduledLifetime is the shortest lifetime by which a rotation counts as scheduled.
	minScheduledLifetime = 6 * time.Second
)

// An origin is who asks for a key to be issued.
type origin int

const (
	// originUnplanned: nobody does, but there is no key that works.
	originUnplanned origin = iota
	// originScheduled: the rotation interval or the lifetime of the key is over.
	originScheduled
	// originRequested: a user changed the trigger, the annotation, or the spec.
	originRequested
)

// unplannedRotations of an object, the oldest first: those that its status shows, those that are
// remembered, and those that were interrupted.
func unplannedRotations(cr *v1alpha1.ProjectAPIKey, remembered []v1alpha1.UnplannedRotation, open inFlight, now time.Time) []v1alpha1.UnplannedRotation {
	all := slices.Concat(remembered, cr.Status.AtProvider.UnplannedRotations)
	for n, since := range open {
		all = append(all, v1alpha1.UnplannedRotation{Serial: int64(n), IssuedAt: metav1.NewTime(since), Cause: causeInterrupted})
	}
	// Entries with a serial that somebody chose must not take the place of others.
	trusted := func(i v1alpha1.UnplannedRotation) int {
		if i.Serial >= maxTrustedSerial {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b v1alpha1.UnplannedRotation) int {
		return cmp.Or(trusted(a)-trusted(b), cmp.Compare(a.Serial, b.Serial))
	})
	all = slices.CompactFunc(all, func(a, b v1alpha1.UnplannedRotation) bool { return a.Serial == b.Serial })
	var out []v1alpha1.UnplannedRotation
	for _, i := range all {
		// Others may have written the status.
		if i.Serial < 1 || i.Serial > maxSerial || now.Sub(i.IssuedAt.Time) > rotationsReportedFor {
			continue
		}
		if i.IssuedAt.After(now.Add(refillInterval)) {
			// It is from a clock that was far ahead, and is replaced in the status.
			i.IssuedAt = metav1.NewTime(now)
		}
		if i.Count < 1 {
			i.Count = int64(countAt(out, i.IssuedAt.Time) + 1)
		}
		i.Count = min(i.Count, maxCount)
		out = append(out, i)
	}
	return out[max(len(out)-maxReportedRotations, 0):]
}

// causeInterrupted is the cause of a rotation whose outcome was not recorded.
const causeInterrupted = "the creation of a key was interrupted"

// countAt is how many unplanned rotations count against the limit at a time.
func countAt(of []v1alpha1.UnplannedRotation, now time.Time) int {
	if len(of) == 0 {
		return 0
	}
	last := of[len(of)-1]
	return max(int(last.Count)-int(sinceRotation(last, now)/refillInterval), 0)
}

func sinceRotation(i v1alpha1.UnplannedRotation, now time.Time) time.Duration {
	return max(now.Sub(i.IssuedAt.Time), 0)
}

// nextAllowed is when the limit allows the next unplanned rotation; not after now: at once.
func (o observed) nextAllowed() time.Time {
	n := countAt(o.unplanned, o.now)
	if n < rotationBurst {
		return o.now
	}
	last := o.unplanned[len(o.unplanned)-1]
	wait := min(firstWait<<min(n-rotationBurst, maxCount-rotationBurst), refillInterval)
	if sinceRotation(last, o.now) >= wait {
		return o.now
	}
	return last.IssuedAt.Add(wait)
}

// isExempt reports whether issuing a key does not count against the limit: the first one, one that a user
// asks for, and one whose time came by the provider's own clock.
func (o observed) isExempt(d *decision) bool {
	if o.state.keyID == "" && o.nextSerial() == 1 {
		return true
	}
	switch d.origin {
	case originRequested:
		return !o.triedBefore()
	case originScheduled:
		return o.onSchedule()
	case originUnplanned:
	}
	return false
}

// triedBefore reports whether what a user asks for was tried before and failed.
func (o observed) triedBefore() bool {
	interrupted := 0
	for _, i := range o.unplanned {
		switch {
		case !i.IssuedAt.After(o.state.issued):
		case o.sameRequest(i) && i.Cause != causeInterrupted:
			return true
		case i.Cause == causeInterrupted:
			interrupted++
		}
	}
	return interrupted >= rotationBurst
}

// sameRequest reports whether the requests have not changed since a rotation.
func (o observed) sameRequest(i v1alpha1.UnplannedRotation) bool {
	return i.Trigger == o.trigger && i.RotateRequestedAt == forDisplay(o.rotateRequest)
}

// onSchedule reports whether the rotation interval has passed by the provider's own clock since the
// last key was issued, or two thirds of its lifetime.
func (o observed) onSchedule() bool {
	due := o.interval
	if k := o.find(o.state.keyID); k != nil {
		if life := o.lifetime(k) * 2 / 3; life > 0 && (due == 0 || life < due) {
			due = life
		}
	}
	// Times are stored in whole seconds.
	passed := o.now.Sub(o.lastIssuedAt()) + time.Second
	return due > 0 && passed >= max(due, minScheduledLifetime)
}

// lastIssuedAt is when the last key of the object was issued, as far as is known.
func (o observed) lastIssuedAt() time.Time {
	last := o.state.issued
	if !o.statusIssuedAt.After(o.now) {
		last = later(last, o.statusIssuedAt)
	}
	if n := len(o.unplanned); n > 0 {
		last = later(last, o.unplanned[n-1].IssuedAt.Time)
	}
	return last
}

// explainedOrigin is the origin of an issue; unplanned if it is not exempt from the limit.
func (o observed) explainedOrigin(d *decision) origin {
	if !o.isExempt(d) {
		return originUnplanned
	}
	return d.origin
}

// interrupted are the keys in flight without those that are known to be in use: the object comes
// from a cache, which may be stale.
func (o observed) interrupted() inFlight {
	out := maps.Clone(o.inFlight)
	for i := range o.keys {
		k := &o.keys[i]
		_, retiring := o.state.retiring[k.ID]
		if n, hasHash := o.ownerHash.serial(k.Name); hasHash && (retiring || o.publishedIDs[k.ID] || k.ID == o.state.keyID) {
			delete(out, n)
		}
	}
	return out
}

// withRotation adds an unplanned rotation.
func (o observed) withRotation(serial int, cause string, now time.Time) []v1alpha1.UnplannedRotation {
	next := v1alpha1.UnplannedRotation{Serial: int64(serial), IssuedAt: metav1.NewTime(now), Cause: cause, Trigger: o.trigger, RotateRequestedAt: forDisplay(o.rotateRequest), Count: min(int64(countAt(o.unplanned, now)+1), maxCount)}
	all := append(slices.Clone(o.unplanned), next)
	return all[max(len(all)-maxReportedRotations, 0):]
}

// countUnexplained counts the valid keys of the object that are in no overlap of a planned
// rotation, the current one included. One that OpenAI does not find may be valid all the same.
func (o observed) countUnexplained() int {
	n := 0
	if id := cmp.Or(o.state.keyID, o.lastObservedID); id != "" && o.find(id) == nil {
		if _, retiring := o.state.retiring[id]; !retiring {
			n++
		}
	}
	for id, r := range o.state.retiring {
		// A key that is not found, or has only just expired, may still be valid.
		k := o.find(id)
		ended := k != nil && o.expired(k) && o.now.Sub(o.expiresAt(k)) > refillInterval
		if r.Unplanned && o.now.Before(r.RevokeAt) && !ended {
			n++
		}
	}
	for i := range o.keys {
		k := &o.keys[i]
		r, retiring := o.state.retiring[k.ID]
		if o.manages(k) && !o.expired(k) && (!retiring || !o.now.Before(r.RevokeAt)) {
			n++
		}
	}
	return n
}

// decideRotationLimit decides to postpone a key that nobody asked for if too many were issued before, or are
// valid.
func decideRotationLimit(o observed, d *decision) {
	if d.issueReason == "" || d.move || (d.origin == originRequested && o.isExempt(d)) {
		return
	}
	const remedy = "to have one issued at once, change forProvider.rotation.trigger or the annotation " + annotationRotateRequested
	if n := o.countUnexplained(); n >= maxLivingKeys {
		next := "once one of them has ended"
		if at := o.decideOverdue(d); !at.IsZero() {
			next = "at " + at.UTC().Format(time.RFC3339)
		}
		d.postpone(o, fmt.Sprintf("%s, and %d keys of this object count as living (the one in use, and those in status.atProvider.retiring that are unplanned), so that the next one is issued %s; %s", d.issueReason, n, next, remedy))
		return
	}
	if o.isExempt(d) {
		return
	}
	if at := o.nextAllowed(); o.now.Before(at) {
		d.reconcileBy(at)
		d.postpone(o, fmt.Sprintf("%s, and %d unplanned keys were issued before, or tried to be (see status.atProvider.unplannedRotations), so that the next one is issued at %s; %s", d.issueReason, countAt(o.unplanned, o.now), at.UTC().Format(time.RFC3339), remedy))
	}
}

// decideOverdue decides to revoke keys whose overlap is over although there is no successor: nothing else
// makes room for one. It returns when the next overlap is over; zero: there is none.
func (o observed) decideOverdue(d *decision) (next time.Time) {
	for id, r := range o.state.retiring {
		k := o.find(id)
		switch {
		case o.now.Before(r.RevokeAt):
			d.reconcileBy(r.RevokeAt)
			if r.Unplanned && (next.IsZero() || r.RevokeAt.Before(next)) {
				next = r.RevokeAt
			}
		case d.current == nil && k != nil && o.manages(k) && !o.revokeNow[id]:
			d.revoke = append(d.revoke, revocation{id: id, reason: messageRetired})
		}
	}
	slices.SortFunc(d.revoke, byID)
	return next
}

// postpone the key that was to be issued.
func (d *decision) postpone(o observed, why string) {
	d.issueReason = ""
	if d.current == nil {
		d.waitReason = why
		return
	}
	d.postponed = why
	if ends := o.expiresAt(d.current); !ends.IsZero() {
		d.reconcileBy(ends)
	}
}
