// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// rebuild what the Secret's record lacks, because somebody cleared its annotations, from
// the value, from what OpenAI lists and from the status. Bookkeeping that was removed is
// not a changed wish: what nothing tells is taken to be as desired.
func rebuild(o *observed, cr *v1alpha1.ProjectAPIKey) {
	lost := o.state.keyID == ""
	o.state.keyID = o.currentID()
	before := o.state
	capRetiring(o, cr.Status.AtProvider.Retiring)
	rebuildRetiring(o, cr.Status.AtProvider)
	if was := cr.Status.AtProvider.ID; lost && isKeyID(was) && was != o.state.keyID && o.find(was) == nil {
		// The one before, which may show up again.
		o.state.retiring = maps.Clone(o.state.retiring)
		o.state.retiring[was] = retiringKey{RevokeAt: o.overlapEnds(), Unplanned: true, Gone: true}
	}
	k := o.find(o.state.keyID)
	if k == nil || !o.owns(k) {
		return
	}
	at, applied := o.statusOfCurrent(cr)
	rebuildIdentity(o, applied, k)
	rebuildTimes(o, applied, k)
	rebuildApplied(o, at, applied, k, lost)
	o.rebuilt = !before.equal(o.state) || lost
}

// statusOfCurrent of the key in use; empty if the status is about another.
func (o observed) statusOfCurrent(cr *v1alpha1.ProjectAPIKey) (at v1alpha1.ProjectAPIKeyObservation, applied v1alpha1.AppliedKeySettings) {
	if o.statusApplied.KeyID == o.state.keyID {
		applied = o.statusApplied
	}
	if at = cr.Status.AtProvider; at.ID != o.state.keyID {
		return v1alpha1.ProjectAPIKeyObservation{}, applied
	}
	return at, applied
}

// isRolledBack reports whether a newer key of the object lives than the one that the Secret
// names, as when somebody restores a copy. What was served then is no new wish.
func (o observed) isRolledBack() bool {
	newer, held := o.find(o.statusApplied.KeyID), o.find(o.state.keyID)
	if newer == nil || held == nil {
		return false
	}
	n, minted := o.ownerHash.serial(newer.Name)
	m, _ := o.ownerHash.serial(held.Name)
	// A serial that somebody chose tells no order.
	return minted && n > m && n < maxTrustedSerial
}

func rebuildIdentity(o *observed, applied v1alpha1.AppliedKeySettings, k *openai.ProjectAPIKey) {
	state := &o.state
	if state.project == "" {
		state.project = o.projectID
	}
	if state.account == "" {
		state.account = k.Owner.ServiceAccount.ID
	}
	serial, base, minted := o.ownerHash.parse(k.Name)
	if !minted {
		return
	}
	state.serial = max(state.serial, serial)
	if state.name != "" {
		return
	}
	switch {
	case applied.Name != "":
		state.name = applied.Name
	case base != "" && strings.HasPrefix(strings.ToLower(o.name), strings.ToLower(base)):
		// OpenAI may have shortened it.
		state.name = o.name
	default:
		state.name = base
	}
}

func rebuildTimes(o *observed, applied v1alpha1.AppliedKeySettings, k *openai.ProjectAPIKey) {
	if !o.state.issued.IsZero() {
		return
	}
	if applied.IssuedAt != nil {
		o.state.issued = applied.IssuedAt.Time
		o.state.issuedAtOpenAI = o.state.issued.Add(o.offset)
		return
	}
	if !o.state.issuedAtOpenAI.IsZero() {
		o.state.issued = o.localTime(o.state.issuedAtOpenAI.Unix())
		return
	}
	o.state.issued = o.issuedAt(k)
}

func rebuildApplied(o *observed, at v1alpha1.ProjectAPIKeyObservation, applied v1alpha1.AppliedKeySettings, k *openai.ProjectAPIKey, lost bool) {
	state := &o.state
	_, minted := o.ownerHash.serial(k.Name)
	if state.scopes == "" {
		rebuildScopes(o, at, minted)
	}
	if state.expiresIn == 0 && applied.ExpiresIn != nil {
		state.expiresIn = applied.ExpiresIn.Duration
	}
	if state.trigger == "" {
		state.trigger = applied.Trigger
	}
	if state.rotateRequest == "" {
		state.rotateRequest = applied.RotateRequestedAt
	}
	if lost && state.trigger == "" && state.rotateRequest == "" && !o.isRolledBack() && o.statusApplied.KeyID != k.ID {
		state.trigger, state.rotateRequest = o.trigger, o.rotateRequest
		if k.ExpiresAt != 0 {
			state.expiresIn = o.expiresIn
		}
	}
}

func rebuildScopes(o *observed, at v1alpha1.ProjectAPIKeyObservation, minted bool) {
	switch {
	case !minted && len(at.Scopes) == 0:
		o.state.scopes = scopesAsFound
	case at.ID != "":
		o.state.scopes = fingerprint(at.Scopes)
	default:
		o.state.scopes = fingerprint(o.scopes)
	}
	if o.scopesReapplyInterval > 0 && o.state.scopesAppliedAt.IsZero() {
		o.state.scopesAppliedAt = o.now
	}
}

// rebuildRetiring keeps the time at which a retiring key is to be revoked. The status may
// be older than the Secret, and tell of one that was revoked since.
func rebuildRetiring(o *observed, was v1alpha1.ProjectAPIKeyObservation) {
	o.statusRetiring = map[string]bool{}
	for _, s := range was.Retiring {
		o.statusRetiring[s.ID] = true
	}
	for _, s := range was.Retiring {
		k := o.find(s.ID)
		_, known := o.state.retiring[s.ID]
		ended := k == nil && !o.now.Before(s.RevokeAt.Time)
		revokeAt := s.RevokeAt.Time
		if longest := o.overlapEnds(); revokeAt.After(longest) {
			// Somebody wrote it.
			revokeAt = longest
		}
		if known || ended || s.ID == o.state.keyID || !isKeyID(s.ID) || (k != nil && !o.owns(k)) || len(o.state.retiring) >= maxRetiring {
			continue
		}
		o.state.retiring = maps.Clone(o.state.retiring)
		o.state.retiring[s.ID] = retiringKey{ReplacedAt: replacedAtOf(s, o.now), RevokeAt: revokeAt, Unplanned: s.Unplanned, Requested: s.Requested, Gone: k == nil}
	}
}

func replacedAtOf(k v1alpha1.RetiringKey, now time.Time) *time.Time {
	if k.ReplacedAt == nil || validTime(k.ReplacedAt.Time, now).IsZero() {
		return nil
	}
	return &k.ReplacedAt.Time
}

// currentID is the ID of the key that the Secret holds. Should somebody have removed
// the annotation that tells, the value does.
func (o observed) currentID() string {
	if o.state.keyID != "" || o.secret == nil {
		return o.state.keyID
	}
	var ids []string
	for i := range o.keys {
		k := &o.keys[i]
		if ok, _ := matchesRedacted(k.RedactedValue, string(o.secret.Data[dataAPIKey])); ok && o.owns(k) {
			ids = append(ids, k.ID)
		}
	}
	switch {
	case len(ids) == 1:
		return ids[0]
	case slices.Contains(ids, o.lastObservedID):
		return o.lastObservedID
	}
	return ""
}
