// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// A hasteRequest is what the annotation asks for that has retiring keys revoked now.
type hasteRequest struct {
	// text of the annotation, as it is told; empty: it asks for nothing.
	text string

	// ids of keys.
	ids map[string]bool

	// all reports that it asks for all keys that retire when it is seen first.
	all bool

	// misread says why the annotation asks for nothing although it is there; empty: it does.
	misread string
}

var (
	// allKeys may be followed by the time or a number, to ask again.
	allKeys = regexp.MustCompile(`(?i)^all([ ,:@/-]+\d[\dTZ:.+-]*)?$`)

	// keyIDs begin with what they are IDs of, such as key_abc123.
	keyIDs = regexp.MustCompile(`^[a-z]+[_-][A-Za-z0-9_-]+$`)
)

// longestRequest is more than a list of all keys that can retire takes.
const longestRequest = 4096

// readHaste reads the annotation. One that is not understood as a whole asks for nothing:
// to end other keys than were meant could not be undone. It is not repeated, since people
// paste values of keys where IDs belong.
func readHaste(text string) hasteRequest {
	text = strings.TrimSpace(text)
	misread := func(why string) hasteRequest {
		return hasteRequest{misread: fmt.Sprintf("the annotation %s %s, so that it ends nothing: set it to the IDs of keys in status.atProvider.retiring, with commas between them, or to all", annotationRevokeRetiring, why)}
	}
	switch {
	case text == "":
		return hasteRequest{}
	case len(text) > longestRequest:
		return misread("is too long")
	case strings.Contains(text, "sk-"):
		return misread("seems to hold the value of a key, which everybody who may read this object has seen")
	case allKeys.MatchString(text):
		return hasteRequest{text: told(text), all: true}
	}
	h := hasteRequest{text: told(text), ids: map[string]bool{}}
	for _, id := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		if !keyIDs.MatchString(id) {
			return misread("is not understood")
		}
		h.ids[id] = true
	}
	if len(h.ids) == 0 {
		return misread("is not understood")
	}
	return h
}

// isNew reports whether the request was not served yet.
func (v view) isNew() bool {
	return v.haste.text != "" && v.haste.text != v.record.revoked && v.haste.text != v.served.RevokeRetiring
}

// hastens reports whether a retiring key is to be revoked now. A request that stays goes
// on to mean a key that was in use when it was made, if a user has it replaced: a schedule
// must not take the overlap from its consumers.
func (v view) hastens(id string, r retiree) bool {
	if v.isNew() {
		return v.haste.all || v.haste.ids[id]
	}
	return v.haste.ids[id] && r.Requested
}

// hasten brings forward when retiring keys are revoked: to what a shorter overlap comes
// to, or to now if the user asks for it. A request is noted, so that it is served once.
func hasten(v *view) {
	switch {
	case v.haste.text == "":
		// The same text asks again once it was removed.
		v.served.RevokeRetiring = ""
	case v.record.revoked == "":
		// It outlives a Secret that somebody deleted.
		v.record.revoked = v.served.RevokeRetiring
	}
	before := v.record
	v.record.retiring = maps.Clone(v.record.retiring)
	if v.isNew() || v.haste.text == "" {
		v.record.unheeded = v.unknownIDs()
	}
	noteMissing(v)
	v.hastened = map[string]bool{}
	for id, r := range v.record.retiring {
		at := r.RevokeAt
		if r.ReplacedAt != nil && r.ReplacedAt.Add(v.overlap).Before(at) {
			at = r.ReplacedAt.Add(v.overlap)
		}
		if v.hastens(id, r) {
			v.hastened[id] = true
			if v.now.Before(at) {
				at = v.now.Truncate(time.Second)
			}
		}
		if at.Before(r.RevokeAt) {
			// OpenAI would let it live for as long as before.
			r.RevokeAt, r.Expires = at, false
			v.record.retiring[id] = r
		}
	}
	if !v.isNew() || !v.rotationAsked() {
		// Else the key in use retires first, and may be meant as well.
		v.record.revoked = v.haste.text
	}
	v.brought = v.brought || !before.equal(v.record)
}

// noteMissing notes which retiring keys OpenAI does not have, so that they are not asked
// for each time. Should that be wrong, they show up again.
func noteMissing(v *view) {
	for id, r := range v.record.retiring {
		if gone := v.find(id) == nil; gone != r.Gone {
			r.Gone = gone
			v.record.retiring[id] = r
		}
	}
}

// unknownIDs are those in the request that are of no key that retires or is in use, in
// order.
func (v view) unknownIDs() string {
	var ids []string
	for id := range v.haste.ids {
		if _, retiring := v.record.retiring[id]; !retiring && id != v.record.keyID {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return told(strings.Join(ids, ", "))
}

// unserved says what of the annotation ends no key, with the key in use; empty: nothing.
func (v view) unserved(heldID string) string {
	switch {
	case v.haste.ids[heldID]:
		return fmt.Sprintf("the annotation %s names key %q, which is in use and does not retire: set the annotation %s to the time, and the key is revoked as soon as its successor is issued", annotationRevokeRetiring, heldID, annotationRotateRequested)
	case v.haste.text != "" && v.record.unheeded != "":
		return fmt.Sprintf("the annotation %s names %q, where no key of this object retires: correct it to IDs of keys in status.atProvider.retiring", annotationRevokeRetiring, shortened(v.record.unheeded))
	}
	return v.haste.misread
}
