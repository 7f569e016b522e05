// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
)

// An earlyRevocation is a user's request, by annotation, to revoke retiring keys now.
type earlyRevocation struct {
	// text of the annotation, sanitized; empty: nothing is requested.
	text string

	// ids of keys.
	ids map[string]bool

	// all requests all keys that retire when the request is first observed.
	all bool

	// invalid says why the annotation asks for nothing although it is there; empty: it does.
	invalid string
}

var (
	// allKeys may be followed by the time or a number, to ask again.
	allKeys = regexp.MustCompile(`(?i)^all([ ,:@/-]+\d[\dTZ:.+-]*)?$`)

	// keyIDs begin with what they are IDs of, such as key_abc123.
	keyIDs = regexp.MustCompile(`^[a-z]+[_-][A-Za-z0-9_-]+$`)
)

// longestRequest is longer than a list of all keys that can retire.
const longestRequest = 4096

// readEarlyRevocation reads the annotation. One that is not understood as a whole requests nothing:
// keys that were revoked by mistake are lost. The text is not repeated, since people paste values
// of keys where IDs belong.
func readEarlyRevocation(text string) earlyRevocation {
	text = strings.TrimSpace(text)
	invalid := func(why string) earlyRevocation {
		return earlyRevocation{invalid: fmt.Sprintf("the annotation %s %s, so that it ends nothing: set it to the IDs of keys in status.atProvider.retiring, with commas between them, or to all", annotationRevokeRetiring, why)}
	}
	switch {
	case text == "":
		return earlyRevocation{}
	case len(text) > longestRequest:
		return invalid("is too long")
	case strings.Contains(text, "sk-"):
		return invalid("seems to hold the value of a key, which everybody who may read this object has seen")
	case allKeys.MatchString(text):
		return earlyRevocation{text: sanitize(text), all: true}
	}
	req := earlyRevocation{text: sanitize(text), ids: map[string]bool{}}
	for _, id := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
		if !keyIDs.MatchString(id) {
			return invalid("is not understood")
		}
		req.ids[id] = true
	}
	if len(req.ids) == 0 {
		return invalid("is not understood")
	}
	return req
}

// earlyRevocationIsNew reports whether the request was not carried out before.
func (o observed) earlyRevocationIsNew() bool {
	return o.earlyRevocation.text != "" && o.earlyRevocation.text != o.state.revokeRetiring && o.earlyRevocation.text != o.statusApplied.RevokeRetiring
}

// revokesEarly reports whether a retiring key is to be revoked now. A request stays in force for
// the ID of a key that was current when it was made, until a user has that key replaced; a
// scheduled rotation keeps its overlap.
func (o observed) revokesEarly(id string, r retiringKey) bool {
	if o.earlyRevocationIsNew() {
		return o.earlyRevocation.all || o.earlyRevocation.ids[id]
	}
	return o.earlyRevocation.ids[id] && r.Requested
}

// applyEarlyRevocation moves the times at which retiring keys are revoked: to the end of a shorter
// overlap, or to now if the user asks for it. A request is recorded, so that it is carried out
// once.
func applyEarlyRevocation(o *observed) {
	switch {
	case o.earlyRevocation.text == "":
		// Once it was removed, the same text is a new request.
		o.statusApplied.RevokeRetiring = ""
	case o.state.revokeRetiring == "":
		// It outlives a Secret that somebody deleted.
		o.state.revokeRetiring = o.statusApplied.RevokeRetiring
	}
	before := o.state
	o.state.retiring = maps.Clone(o.state.retiring)
	if o.earlyRevocationIsNew() || o.earlyRevocation.text == "" {
		o.state.unknownIDs = o.unknownIDs()
	}
	recordMissing(o)
	o.revokeNow = map[string]bool{}
	for id, r := range o.state.retiring {
		at := r.RevokeAt
		if r.ReplacedAt != nil && r.ReplacedAt.Add(o.overlap).Before(at) {
			at = r.ReplacedAt.Add(o.overlap)
		}
		if o.revokesEarly(id, r) {
			o.revokeNow[id] = true
			if o.now.Before(at) {
				at = o.now.Truncate(time.Second)
			}
		}
		if at.Before(r.RevokeAt) {
			// OpenAI would let it live for as long as before.
			r.RevokeAt, r.Expires = at, false
			o.state.retiring[id] = r
		}
	}
	if !o.earlyRevocationIsNew() || !o.rotationRequested() {
		// Otherwise the current key is about to retire, and may be requested as well.
		o.state.revokeRetiring = o.earlyRevocation.text
	}
	o.retiringChanged = o.retiringChanged || !reflect.DeepEqual(before, o.state)
}

// recordMissing records which retiring keys OpenAI does not have, so that they are not looked up in
// each poll. If that was wrong, they are listed again.
func recordMissing(o *observed) {
	for id, r := range o.state.retiring {
		if notFound := o.find(id) == nil; notFound != r.NotFound {
			r.NotFound = notFound
			o.state.retiring[id] = r
		}
	}
}

// unknownIDs are the requested IDs that are neither of a retiring key nor of the current one,
// sorted.
func (o observed) unknownIDs() string {
	var ids []string
	for id := range o.earlyRevocation.ids {
		if _, retiring := o.state.retiring[id]; !retiring && id != o.state.keyID {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return sanitize(strings.Join(ids, ", "))
}

// earlyRevocationNotice is what the annotation requests in vain, given the current key; empty:
// nothing.
func (o observed) earlyRevocationNotice(currentID string) string {
	switch {
	case o.earlyRevocation.ids[currentID]:
		return fmt.Sprintf("the annotation %s names key %q, which is in use and does not retire: set the annotation %s to the time, and the key is revoked as soon as its successor is issued", annotationRevokeRetiring, currentID, annotationRotateRequested)
	case o.earlyRevocation.text != "" && o.state.unknownIDs != "":
		return fmt.Sprintf("the annotation %s names %q, where no key of this object retires: correct it to IDs of keys in status.atProvider.retiring", annotationRevokeRetiring, forDisplay(o.state.unknownIDs))
	}
	return o.earlyRevocation.invalid
}
