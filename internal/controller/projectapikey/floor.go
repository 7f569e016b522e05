// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// Whatever goes wrong with lists, clocks or other writers must not issue keys without
// end. Issues that no user asked for therefore have a budget per object: burst of them
// at once, then one after a wait that doubles from firstWait to quiet. One is given back
// for each quiet hour.
const (
	burst     = 3
	firstWait = time.Minute
	quiet     = time.Hour

	// mostSpent is as much as leads to the longest wait.
	mostSpent = burst + 6

	// keptIssues are told in the status, for issuesLife.
	keptIssues = 5
	issuesLife = 24 * time.Hour

	// mostLiving keys of an object that its overlap does not explain: the one in use, and
	// former ones that were replaced unasked.
	mostLiving = 5

	// shortestLife of a key that a scheduled rotation may go by.
	shortestLife = 6 * time.Second
)

// An origin tells who wants a key to be issued.
type origin int

const (
	// unplanned: nobody does, but there is none that could be used.
	unplanned origin = iota
	// scheduled: the interval or the life of the key is over.
	scheduled
	// asked: a user changed what the key follows.
	asked
)

// An issues remembers what was issued for objects until their statuses tell, which are
// written later and may be lost.
type issues struct {
	of     sync.Map
	minted sync.Map
}

func (i *issues) get(uid types.UID) []v1alpha1.UnplannedRotation {
	have, _ := i.of.Load(uid)
	out, _ := have.([]v1alpha1.UnplannedRotation)
	return out
}

func (i *issues) set(uid types.UID, to []v1alpha1.UnplannedRotation) { i.of.Store(uid, to) }

func (i *issues) forget(uid types.UID) {
	i.of.Delete(uid)
	i.minted.Delete(uid)
}

// setMinted notes what the status of an object is to tell of the key that was just issued.
func (i *issues) setMinted(uid types.UID, at v1alpha1.ProjectAPIKeyObservation) {
	i.minted.Store(uid, at)
}

// restore in a status, in memory, what it does not tell yet.
func (i *issues) restore(cr *v1alpha1.ProjectAPIKey) {
	have, _ := i.minted.Load(cr.GetUID())
	minted, ok := have.(v1alpha1.ProjectAPIKeyObservation)
	if !ok || (cr.Status.AtProvider.Applied != nil && cr.Status.AtProvider.Applied.KeyID == minted.ID) {
		return
	}
	at := &cr.Status.AtProvider
	if at.ID != minted.ID {
		// What OpenAI shows of the key before says nothing of this one.
		at.Name, at.RedactedValue, at.CreatedAt, at.ExpiresAt, at.LastUsedAt = "", "", nil, nil, nil
	}
	at.ID, at.Scopes, at.Applied, at.Retiring = minted.ID, minted.Scopes, minted.Applied, minted.Retiring
}

// unplannedIssues of an object, the oldest first: those that its status tells, those of
// this process, and those that were interrupted.
func unplannedIssues(cr *v1alpha1.ProjectAPIKey, remembered []v1alpha1.UnplannedRotation, open unsettled, now time.Time) []v1alpha1.UnplannedRotation {
	all := slices.Concat(remembered, cr.Status.AtProvider.UnplannedRotations)
	for n, since := range open {
		all = append(all, v1alpha1.UnplannedRotation{Serial: int64(n), IssuedAt: metav1.NewTime(since), Cause: causeInterrupted})
	}
	// A serial that somebody chose must hide none of those that count.
	chosen := func(i v1alpha1.UnplannedRotation) int {
		if i.Serial >= plausibleSerials {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(all, func(a, b v1alpha1.UnplannedRotation) int {
		return cmp.Or(chosen(a)-chosen(b), cmp.Compare(a.Serial, b.Serial))
	})
	all = slices.CompactFunc(all, func(a, b v1alpha1.UnplannedRotation) bool { return a.Serial == b.Serial })
	var out []v1alpha1.UnplannedRotation
	for _, i := range all {
		// Statuses are written by others, too.
		if i.Serial < 1 || i.Serial > mostSerials || now.Sub(i.IssuedAt.Time) > issuesLife {
			continue
		}
		if i.IssuedAt.After(now.Add(quiet)) {
			// By a clock that was far ahead. Once it is written it passes.
			i.IssuedAt = metav1.NewTime(now)
		}
		if i.Spent < 1 {
			i.Spent = int64(spent(out, i.IssuedAt.Time) + 1)
		}
		i.Spent = min(i.Spent, mostSpent)
		out = append(out, i)
	}
	return out[max(len(out)-keptIssues, 0):]
}

// causeInterrupted is that of an issue whose end nobody noted.
const causeInterrupted = "an issue was interrupted"

// spent is how much of the budget is spent at a time.
func spent(of []v1alpha1.UnplannedRotation, now time.Time) int {
	if len(of) == 0 {
		return 0
	}
	last := of[len(of)-1]
	return max(int(last.Spent)-int(since(last, now)/quiet), 0)
}

// since an issue.
func since(i v1alpha1.UnplannedRotation, now time.Time) time.Duration {
	return max(now.Sub(i.IssuedAt.Time), 0)
}

// earliest is when the budget allows the next unplanned issue; not after now: at once.
func (v view) earliest() time.Time {
	n := spent(v.issues, v.now)
	if n < burst {
		return v.now
	}
	last := v.issues[len(v.issues)-1]
	wait := min(firstWait<<min(n-burst, mostSpent-burst), quiet)
	if since(last, v.now) >= wait {
		return v.now
	}
	return last.IssuedAt.Add(wait)
}

// free reports whether an issue draws nothing from the budget: the first one, what a
// user asks for, and a rotation whose time the provider's own clock saw pass.
func (v view) free(d *decision) bool {
	if v.record.keyID == "" && v.nextSerial() == 1 {
		return true
	}
	switch d.origin {
	case asked:
		return !v.triedBefore()
	case scheduled:
		return v.onSchedule()
	case unplanned:
	}
	return false
}

// triedBefore reports whether what a user asks for was tried and failed: to try again is
// no new request.
func (v view) triedBefore() bool {
	interrupted := 0
	for _, i := range v.issues {
		switch {
		case !i.IssuedAt.After(v.record.issued):
		case v.sameRequest(i) && i.Cause != causeInterrupted:
			return true
		case i.Cause == causeInterrupted:
			interrupted++
		}
	}
	return interrupted >= burst
}

// sameRequest reports whether nobody asked for another key since an issue.
func (v view) sameRequest(i v1alpha1.UnplannedRotation) bool {
	return i.Trigger == v.trigger && i.RotateRequestedAt == shortened(v.requested)
}

// onSchedule reports whether the provider's own clock saw the interval pass since the last
// issue, or two thirds of the life that was granted.
func (v view) onSchedule() bool {
	due := v.interval
	if k := v.find(v.record.keyID); k != nil {
		if life := v.granted(k) * 2 / 3; life > 0 && (due == 0 || life < due) {
			due = life
		}
	}
	// Times are noted in whole seconds.
	passed := v.now.Sub(v.lastIssue()) + time.Second
	return due > 0 && passed >= max(due, shortestLife)
}

// lastIssue of any key of the object, as far as is known.
func (v view) lastIssue() time.Time {
	last := v.record.issued
	if !v.appliedAt.After(v.now) {
		last = later(last, v.appliedAt)
	}
	if n := len(v.issues); n > 0 {
		last = later(last, v.issues[n-1].IssuedAt.Time)
	}
	return last
}

// explained is who wants an issue that was to be expected, so that the overlap explains
// the key that it replaces; unplanned if nobody does.
func (v view) explained(d *decision) origin {
	if !v.free(d) {
		return unplanned
	}
	return d.origin
}

// interrupted are the issues whose end nobody noted, other than those of keys that are
// in use: the object comes from a cache, which may be a little old.
func (v view) interrupted() unsettled {
	out := maps.Clone(v.unsettled)
	for i := range v.listed {
		k := &v.listed[i]
		_, retiring := v.record.retiring[k.ID]
		if n, minted := v.tag.serial(k.Name); minted && (retiring || v.committed[k.ID] || k.ID == v.record.keyID) {
			delete(out, n)
		}
	}
	return out
}

// spend notes another unplanned issue.
func (v view) spend(serial int, cause string, now time.Time) []v1alpha1.UnplannedRotation {
	next := v1alpha1.UnplannedRotation{Serial: int64(serial), IssuedAt: metav1.NewTime(now), Cause: cause, Trigger: v.trigger, RotateRequestedAt: shortened(v.requested), Spent: min(int64(spent(v.issues, now)+1), mostSpent)}
	all := append(slices.Clone(v.issues), next)
	return all[max(len(all)-keptIssues, 0):]
}

// unexplained counts the living keys of the object that no overlap of a planned rotation
// explains, the one in use included. One that OpenAI says is gone may live for all that.
func (v view) unexplained() int {
	n := 0
	if id := cmp.Or(v.record.keyID, v.lastID); id != "" && v.find(id) == nil {
		if _, retiring := v.record.retiring[id]; !retiring {
			n++
		}
	}
	for id, r := range v.record.retiring {
		// That it is not found proves nothing, nor that it expired a moment ago.
		k := v.find(id)
		ended := k != nil && v.expired(k) && v.now.Sub(v.ends(k)) > quiet
		if r.Unplanned && v.now.Before(r.RevokeAt) && !ended {
			n++
		}
	}
	for i := range v.listed {
		k := &v.listed[i]
		r, retiring := v.record.retiring[k.ID]
		if v.ours(k) && !v.expired(k) && (!retiring || !v.now.Before(r.RevokeAt)) {
			n++
		}
	}
	return n
}

// keepFloor postpones an issue that nobody asked for while there were, or are, too many.
func keepFloor(v view, d *decision) {
	if d.issue == "" || d.move || (d.origin == asked && v.free(d)) {
		return
	}
	const remedy = "to have one issued at once, change forProvider.rotation.trigger or the annotation " + annotationRotateRequested
	if n := v.unexplained(); n >= mostLiving {
		next := "once one of them has ended"
		if at := v.endOverdue(d); !at.IsZero() {
			next = "at " + at.UTC().Format(time.RFC3339)
		}
		d.postpone(v, fmt.Sprintf("%s, and %d keys of this object count as living (the one in use, and those in status.atProvider.retiring that are unplanned), so that the next one is issued %s; %s", d.issue, n, next, remedy))
		return
	}
	if v.free(d) {
		return
	}
	if at := v.earliest(); v.now.Before(at) {
		d.wakeAt(at)
		d.postpone(v, fmt.Sprintf("%s, and %d keys were issued unasked before, or tried to be (see status.atProvider.unplannedIssues), so that the next one is issued at %s; %s", d.issue, spent(v.issues, v.now), at.UTC().Format(time.RFC3339), remedy))
	}
}

// endOverdue revokes keys whose overlap is over although there is no successor: nothing
// else makes room for one. It returns when the next overlap is over; zero: none is under way.
func (v view) endOverdue(d *decision) (next time.Time) {
	for id, r := range v.record.retiring {
		k := v.find(id)
		switch {
		case v.now.Before(r.RevokeAt):
			d.wakeAt(r.RevokeAt)
			if r.Unplanned && (next.IsZero() || r.RevokeAt.Before(next)) {
				next = r.RevokeAt
			}
		case d.held == nil && k != nil && v.ours(k) && !v.hastened[id]:
			d.revoke = append(d.revoke, revocation{id: id, reason: reasonRetired})
		}
	}
	slices.SortFunc(d.revoke, byID)
	return next
}

// postpone the issue that was decided on.
func (d *decision) postpone(v view, why string) {
	d.issue = ""
	if d.held == nil {
		d.wait = why
		return
	}
	d.late = why
	if ends := v.ends(d.held); !ends.IsZero() {
		d.wakeAt(ends)
	}
}
