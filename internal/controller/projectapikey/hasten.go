// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// A hasteRequest is what the annotation asks for that has retiring keys revoked now.
type hasteRequest struct {
	// ids of keys.
	ids map[string]bool

	// all is the text that asks for all keys that retire when it is seen first; empty: it
	// does not.
	all string

	// misread says why the annotation asks for nothing; empty: it does, or is not there.
	misread string
}

var (
	allKeys = regexp.MustCompile(`^all([^A-Za-z0-9]|$)`)
	keyIDs  = regexp.MustCompile(`^[A-Za-z0-9_-]+$`)
)

// longestRequest is more than a list of all keys that can retire takes.
const longestRequest = 4096

// readHaste reads the annotation. One that is not understood asks for nothing: to end
// other keys than were meant could not be undone.
func readHaste(text string) hasteRequest {
	text = strings.TrimSpace(text)
	misread := func(why string) hasteRequest {
		return hasteRequest{misread: fmt.Sprintf("the annotation %s %s: set it to the IDs of keys in status.atProvider.retiring, with commas between them, or to all", annotationRevokeRetiring, why)}
	}
	switch {
	case text == "":
		return hasteRequest{}
	case len(text) > longestRequest:
		return misread("is too long")
	case allKeys.MatchString(text):
		return hasteRequest{all: text}
	}
	h := hasteRequest{ids: map[string]bool{}}
	for _, id := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		switch {
		case setup.IsKeyValue(id):
			return misread("holds the value of a key, which everybody who may read this object has seen")
		case !keyIDs.MatchString(id):
			return misread(fmt.Sprintf("is not understood (%q)", shortened(id)))
		}
		h.ids[id] = true
	}
	return h
}

// asksForAll reports whether all retiring keys are to be revoked, and were not yet for
// this request.
func (v view) asksForAll() bool {
	return v.haste.all != "" && v.haste.all != v.record.revoked && v.haste.all != v.served.RevokeRetiring
}

// hasten brings forward when retiring keys are revoked: to what a shorter overlap comes
// to, or to now if the user asks for it. What it changes is written before anything is
// revoked, so that a request is served once.
func hasten(v *view) {
	if v.record.revoked == "" {
		// It outlives a Secret that somebody deleted.
		v.record.revoked = v.served.RevokeRetiring
	}
	before := v.record
	all := v.asksForAll()
	v.record.retiring = maps.Clone(v.record.retiring)
	noteMissing(v)
	v.hastened = map[string]bool{}
	for id, r := range v.record.retiring {
		at := r.RevokeAt
		if r.ReplacedAt != nil {
			at = earlier(at, r.ReplacedAt.Add(v.overlap))
		}
		if all || v.haste.ids[id] {
			v.hastened[id] = true
			at = earlier(at, v.now.Truncate(time.Second))
		}
		if at.Before(r.RevokeAt) {
			// OpenAI would let it live for as long as before.
			r.RevokeAt, r.Expires = at, false
			v.record.retiring[id] = r
		}
	}
	if all && !v.rotationAsked() {
		// Else the key in use retires first, and is meant as well.
		v.record.revoked = v.haste.all
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

// unserved says why the annotation does not end a key that the user may mean, with the
// key in use; empty: it does.
func (v view) unserved(heldID string) string {
	if v.haste.ids[heldID] {
		return fmt.Sprintf("the annotation %s names key %q, which is in use and does not retire: set the annotation %s to the time, and the key is revoked as soon as its successor is issued", annotationRevokeRetiring, heldID, annotationRotateRequested)
	}
	return v.haste.misread
}
