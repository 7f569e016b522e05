// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// rebuild what the key state lacks, because somebody removed annotations of the Secret, from its
// value, from what OpenAI lists and from the status. That an annotation was removed requests
// nothing: what nothing else shows is taken to be as desired.
func rebuild(o *observed, cr *v1alpha1.ProjectAPIKey) {
	lost := o.state.keyID == ""
	o.state.keyID = o.currentID()
	before := o.state
	capRetiring(o, cr.Status.AtProvider.Retiring)
	rebuildRetiring(o, cr.Status.AtProvider)
	if was := cr.Status.AtProvider.ID; lost && isKeyID(was) && was != o.state.keyID && o.find(was) == nil {
		// The key before it, which OpenAI may list again.
		o.state.retiring = maps.Clone(o.state.retiring)
		o.state.retiring[was] = retiringKey{RevokeAt: o.overlapEnds(), Unplanned: true, NotFound: true}
	}
	k := o.find(o.state.keyID)
	if k == nil || !o.manages(k) {
		return
	}
	at, applied := o.statusOfCurrent(cr)
	rebuildAccountAndName(o, applied, k)
	rebuildTimes(o, applied, k)
	rebuildApplied(o, at, applied, k, lost)
	o.rebuilt = !reflect.DeepEqual(before, o.state) || lost
}

// statusOfCurrent is what the status shows of the current key; empty if it is about another.
func (o observed) statusOfCurrent(cr *v1alpha1.ProjectAPIKey) (at v1alpha1.ProjectAPIKeyObservation, applied v1alpha1.AppliedKeySettings) {
	if o.statusApplied.KeyID == o.state.keyID {
		applied = o.statusApplied
	}
	if at = cr.Status.AtProvider; at.ID != o.state.keyID {
		return v1alpha1.ProjectAPIKeyObservation{}, applied
	}
	return at, applied
}

// isRolledBack reports whether a newer key of the object is valid than the one that the Secret
// names, as when somebody restores a copy of the Secret. The requests that the newer key was issued
// for are no new ones then.
func (o observed) isRolledBack() bool {
	newer, current := o.find(o.statusApplied.KeyID), o.find(o.state.keyID)
	if newer == nil || current == nil {
		return false
	}
	n, hasHash := o.ownerHash.serial(newer.Name)
	m, _ := o.ownerHash.serial(current.Name)
	// A serial above maxTrustedSerial shows no order.
	return hasHash && n > m && n < maxTrustedSerial
}

func rebuildAccountAndName(o *observed, applied v1alpha1.AppliedKeySettings, k *openai.ProjectAPIKey) {
	state := &o.state
	if state.project == "" {
		state.project = o.projectID
	}
	if state.account == "" {
		state.account = k.Owner.ServiceAccount.ID
	}
	serial, base, hasHash := o.ownerHash.parse(k.Name)
	if !hasHash {
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
	_, hasHash := o.ownerHash.serial(k.Name)
	if state.scopes == "" {
		rebuildScopes(o, at, hasHash)
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

func rebuildScopes(o *observed, at v1alpha1.ProjectAPIKeyObservation, hasHash bool) {
	switch {
	case !hasHash && len(at.Scopes) == 0:
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

// rebuildRetiring adds the retiring keys that the status shows, with the times at which they are to
// be revoked. The status may be older than the Secret, and show one that was revoked since.
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
			// Nobody but a user can have written that.
			revokeAt = longest
		}
		if known || ended || s.ID == o.state.keyID || !isKeyID(s.ID) || (k != nil && !o.manages(k)) || len(o.state.retiring) >= maxRetiring {
			continue
		}
		o.state.retiring = maps.Clone(o.state.retiring)
		o.state.retiring[s.ID] = retiringKey{ReplacedAt: replacedAtOf(s, o.now), RevokeAt: revokeAt, Unplanned: s.Unplanned, Requested: s.Requested, NotFound: k == nil}
	}
}

func replacedAtOf(k v1alpha1.RetiringKey, now time.Time) *time.Time {
	if k.ReplacedAt == nil || validTime(k.ReplacedAt.Time, now).IsZero() {
		return nil
	}
	return &k.ReplacedAt.Time
}

// currentID is the ID of the key that the Secret holds, by its annotation, or else by its value.
func (o observed) currentID() string {
	if o.state.keyID != "" || o.secret == nil {
		return o.state.keyID
	}
	var ids []string
	for i := range o.keys {
		k := &o.keys[i]
		if ok, _ := matchesRedacted(k.RedactedValue, string(o.secret.Data[dataAPIKey])); ok && o.manages(k) {
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
