// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"maps"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// rebuild what the Secret's record lacks, because somebody cleared its annotations, from
// the value, from what OpenAI lists and from the status. Bookkeeping that was removed is
// not a changed wish: what nothing tells is taken to be as desired.
func rebuild(v *view, cr *v1alpha1.ProjectAPIKey) {
	lost := v.record.keyID == ""
	v.record.keyID = v.heldID()
	before := v.record
	endInTime(v, cr.Status.AtProvider.Retiring)
	rebuildRetiring(v, cr.Status.AtProvider)
	if was := cr.Status.AtProvider.ID; lost && isKeyID(was) && was != v.record.keyID && v.find(was) == nil {
		// The one before, which may show up again.
		v.record.retiring = maps.Clone(v.record.retiring)
		v.record.retiring[was] = retiree{RevokeAt: v.overlapEnds(), Unplanned: true, Gone: true}
	}
	k := v.find(v.record.keyID)
	if k == nil || !v.ours(k) {
		return
	}
	at, applied := v.status(cr)
	rebuildIdentity(v, applied, k)
	rebuildTimes(v, applied, k)
	rebuildApplied(v, at, applied, k, lost)
	v.rebuilt = !before.equal(v.record) || lost
}

// status of the key in use; empty if the status is about another.
func (v view) status(cr *v1alpha1.ProjectAPIKey) (at v1alpha1.ProjectAPIKeyObservation, applied v1alpha1.AppliedKeySettings) {
	if v.served.KeyID == v.record.keyID {
		applied = v.served
	}
	if at = cr.Status.AtProvider; at.ID != v.record.keyID {
		return v1alpha1.ProjectAPIKeyObservation{}, applied
	}
	return at, applied
}

// isSetBack reports whether a newer key of the object lives than the one that the Secret
// names, as when somebody restores a copy. What was served then is no new wish.
func (v view) isSetBack() bool {
	newer, held := v.find(v.served.KeyID), v.find(v.record.keyID)
	if newer == nil || held == nil {
		return false
	}
	n, minted := v.tag.serial(newer.Name)
	m, _ := v.tag.serial(held.Name)
	// A serial that somebody chose tells no order.
	return minted && n > m && n < plausibleSerials
}

func rebuildIdentity(v *view, applied v1alpha1.AppliedKeySettings, k *openai.ProjectAPIKey) {
	r := &v.record
	if r.project == "" {
		r.project = v.projectID
	}
	if r.account == "" {
		r.account = k.Owner.ServiceAccount.ID
	}
	serial, base, minted := v.tag.parse(k.Name)
	if !minted {
		return
	}
	r.serial = max(r.serial, serial)
	if r.name != "" {
		return
	}
	switch {
	case applied.Name != "":
		r.name = applied.Name
	case base != "" && strings.HasPrefix(strings.ToLower(v.name), strings.ToLower(base)):
		// OpenAI may have shortened it.
		r.name = v.name
	default:
		r.name = base
	}
}

func rebuildTimes(v *view, applied v1alpha1.AppliedKeySettings, k *openai.ProjectAPIKey) {
	if !v.record.issued.IsZero() {
		return
	}
	if applied.IssuedAt != nil {
		v.record.issued = applied.IssuedAt.Time
		v.record.born = v.record.issued.Add(v.offset)
		return
	}
	if !v.record.born.IsZero() {
		v.record.issued = v.own(v.record.born.Unix())
		return
	}
	v.record.issued = v.born(k)
}

func rebuildApplied(v *view, at v1alpha1.ProjectAPIKeyObservation, applied v1alpha1.AppliedKeySettings, k *openai.ProjectAPIKey, lost bool) {
	r := &v.record
	_, minted := v.tag.serial(k.Name)
	if r.scopes == "" {
		rebuildScopes(v, at, minted)
	}
	if r.expiresIn == 0 && applied.ExpiresIn != nil {
		r.expiresIn = applied.ExpiresIn.Duration
	}
	if r.trigger == "" {
		r.trigger = applied.Trigger
	}
	if r.requested == "" {
		r.requested = applied.RotateRequestedAt
	}
	if lost && r.trigger == "" && r.requested == "" && !v.isSetBack() && v.served.KeyID != k.ID {
		r.trigger, r.requested = v.trigger, v.requested
		if k.ExpiresAt != 0 {
			r.expiresIn = v.expiresIn
		}
	}
}

func rebuildScopes(v *view, at v1alpha1.ProjectAPIKeyObservation, minted bool) {
	switch {
	case !minted && len(at.Scopes) == 0:
		v.record.scopes = scopesAsFound
	case at.ID != "":
		v.record.scopes = fingerprint(at.Scopes)
	default:
		v.record.scopes = fingerprint(v.scopes)
	}
	if v.reassert > 0 && v.record.asserted.IsZero() {
		v.record.asserted = v.now
	}
}

// rebuildRetiring keeps the time at which a retiring key is to be revoked. The status may
// be older than the Secret, and tell of one that was revoked since.
func rebuildRetiring(v *view, was v1alpha1.ProjectAPIKeyObservation) {
	v.retiringBefore = map[string]bool{}
	for _, s := range was.Retiring {
		v.retiringBefore[s.ID] = true
	}
	for _, s := range was.Retiring {
		k := v.find(s.ID)
		_, known := v.record.retiring[s.ID]
		ended := k == nil && !v.now.Before(s.RevokeAt.Time)
		revokeAt := s.RevokeAt.Time
		if longest := v.overlapEnds(); revokeAt.After(longest) {
			// Somebody wrote it.
			revokeAt = longest
		}
		if known || ended || s.ID == v.record.keyID || !isKeyID(s.ID) || (k != nil && !v.ours(k)) || len(v.record.retiring) >= mostRetiring {
			continue
		}
		v.record.retiring = maps.Clone(v.record.retiring)
		v.record.retiring[s.ID] = retiree{ReplacedAt: replacedOf(s, v.now), RevokeAt: revokeAt, Unplanned: s.Unplanned, Requested: s.Requested, Gone: k == nil}
	}
}

func replacedOf(k v1alpha1.RetiringKey, now time.Time) *time.Time {
	if k.ReplacedAt == nil || happened(k.ReplacedAt.Time, now).IsZero() {
		return nil
	}
	return &k.ReplacedAt.Time
}
