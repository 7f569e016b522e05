// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
)

const (
	// inFlight is how long a mint can take at most, with a margin: until then a key
	// that no Secret names may still be on its way into one.
	inFlight = 2 * time.Minute

	// overlap is how long a key that was replaced stays valid, for consumers that have
	// not picked up its successor yet.
	overlap = 24 * time.Hour
)

// A view is all that decisions are made from: what OpenAI lists, what the Secret
// holds, and what is wanted.
type view struct {
	now time.Time

	// tag of this object's keys.
	tag tag

	// listed keys of the project, those of other objects among them.
	listed []openai.ProjectAPIKey

	// secret as it is now; nil if there is none.
	secret *corev1.Secret
	record record

	// scopes and expiresIn that are wanted; no scopes are full permissions, 0 is no
	// expiry.
	scopes    []string
	expiresIn time.Duration

	// details that the Secret should hold beside the key.
	details map[string][]byte
}

// A decision says what to do about a view. The zero decision is: nothing.
type decision struct {
	// held is the key that consumers have: the Secret holds its value, and OpenAI
	// accepts it. Nil: there is none.
	held *openai.ProjectAPIKey

	// issue says why a new key must be issued; empty: it need not.
	issue string

	// wait says what OpenAI must catch up with before anything can be decided; empty:
	// nothing.
	wait string

	// update says why the held key or the Secret must be updated in place; empty: it
	// need not.
	update string

	// revoke lists keys that nobody should use any more.
	revoke []revocation

	// wake is when the next of these falls due by itself; zero: nothing does.
	wake time.Time
}

// A revocation is a key to revoke, and why.
type revocation struct {
	id     string
	reason string
}

// Reasons to revoke a key.
const (
	reasonRetired  = "its successor was issued and the overlap is over"
	reasonLeftover = "its issue was interrupted, so that nobody has its value"
	reasonDeleted  = "its ProjectAPIKey is being deleted"
)

// A rule completes a decision. Rules are pure, and run in the order of rules.
type rule func(v view, d *decision)

// rules of a key's life. Rotation and adoption add theirs here: a rule that sets
// issue on a held key makes Update mint its successor, and the old key retires.
var rules = []rule{holdKey, applyWanted, revokeRetired, revokeLeftovers}

// decide what to do about a view.
func decide(v view) decision {
	var d decision
	for _, r := range rules {
		r(v, &d)
	}
	return d
}

// upToDate tells that there is nothing to do now.
func (d decision) upToDate() bool {
	return d.issue == "" && d.update == "" && len(d.revoke) == 0
}

func (d *decision) wakeAt(t time.Time) {
	if d.wake.IsZero() || t.Before(d.wake) {
		d.wake = t
	}
}

// holdKey finds the held key, or says why there is none.
func holdKey(v view, d *decision) {
	switch k := v.find(v.record.keyID); {
	case v.secret == nil:
		d.issue = "there is no Secret"
	case v.record.keyID == "":
		d.issue = "the Secret holds no key yet"
	case k == nil && v.now.Before(v.record.issued.Add(inFlight)):
		d.wait = fmt.Sprintf("OpenAI does not list key %q yet", v.record.keyID)
		d.wakeAt(v.now.Add(10 * time.Second))
	case k == nil:
		d.issue = fmt.Sprintf("OpenAI no longer knows key %q", v.record.keyID)
	case !fits(k.RedactedValue, string(v.secret.Data[dataAPIKey])):
		d.issue = fmt.Sprintf("the Secret no longer holds the value of key %q", k.ID)
	case v.expired(k):
		d.issue = fmt.Sprintf("key %q has expired", k.ID)
	default:
		d.held = k
		if k.ExpiresAt != 0 {
			d.wakeAt(time.Unix(k.ExpiresAt, 0))
		}
	}
}

// applyWanted compares what was applied to the held key with what is wanted.
func applyWanted(v view, d *decision) {
	if d.held == nil {
		return
	}
	if v.expiresIn != v.record.expiresIn && v.expiresIn == 0 {
		// OpenAI can move an expiry but not remove it.
		d.issue = "expiresIn was removed"
		return
	}
	switch {
	case v.expiresIn != v.record.expiresIn:
		d.update = "expiresIn changed"
	case fingerprint(v.scopes) != v.record.scopes:
		d.update = "scopes changed"
	case !v.hasDetails():
		d.update = "the Secret's details changed"
	}
}

// revokeRetired revokes replaced keys once their overlap is over.
func revokeRetired(v view, d *decision) {
	for id, at := range v.record.retiring {
		if v.now.Before(at) {
			d.wakeAt(at)
			continue
		}
		d.revoke = append(d.revoke, revocation{id: id, reason: reasonRetired})
	}
	slices.SortFunc(d.revoke, func(a, b revocation) int { return strings.Compare(a.id, b.id) })
}

// revokeLeftovers revokes keys whose mint never reached its commit. Without a
// Secret nothing tells them from keys in use: the next mint retires them all.
func revokeLeftovers(v view, d *decision) {
	if v.secret == nil {
		return
	}
	for i := range v.listed {
		k := &v.listed[i]
		if _, ours := v.tag.serial(k.Name); !ours || k.ID == v.record.keyID {
			continue
		}
		if _, retiring := v.record.retiring[k.ID]; retiring {
			continue
		}
		if due := time.Unix(k.CreatedAt, 0).Add(inFlight); v.now.Before(due) {
			d.wakeAt(due)
			continue
		}
		d.revoke = append(d.revoke, revocation{id: k.ID, reason: reasonLeftover})
	}
}

// live lists the keys to revoke when the object goes: all that were minted for
// it, and the one that its Secret holds.
func (v view) live() []string {
	var ids []string
	for i := range v.listed {
		k := &v.listed[i]
		_, ours := v.tag.serial(k.Name)
		_, retiring := v.record.retiring[k.ID]
		if ours || retiring || k.ID == v.record.keyID {
			ids = append(ids, k.ID)
		}
	}
	return ids
}

// settling tells that a key may exist which OpenAI does not list yet: its mint
// began a moment ago and was interrupted.
func (v view) settling() bool {
	if v.record.pending == 0 || !v.now.Before(v.record.pendingSince.Add(inFlight)) {
		return false
	}
	return !slices.ContainsFunc(v.listed, func(k openai.ProjectAPIKey) bool {
		n, ours := v.tag.serial(k.Name)
		return ours && n == v.record.pending
	})
}

// nextSerial follows all serials ever seen, so that no name is used twice.
func (v view) nextSerial() int {
	highest := max(v.record.serial, v.record.pending)
	for i := range v.listed {
		if n, ours := v.tag.serial(v.listed[i].Name); ours {
			highest = max(highest, n)
		}
	}
	return highest + 1
}

// retire returns when each key that consumers may still use is to be revoked once
// a new key is issued.
func (v view) retire() map[string]time.Time {
	out := maps.Clone(v.record.retiring)
	for i := range v.listed {
		k := &v.listed[i]
		_, ours := v.tag.serial(k.Name)
		// Without a Secret, any of ours may be the one that it held.
		if k.ID == v.record.keyID || (v.secret == nil && ours) {
			if _, already := out[k.ID]; !already && !v.expired(k) {
				out[k.ID] = v.now.Add(overlap)
			}
		}
	}
	return out
}

func (v view) find(id string) *openai.ProjectAPIKey {
	if id == "" {
		return nil
	}
	for i := range v.listed {
		if v.listed[i].ID == id {
			return &v.listed[i]
		}
	}
	return nil
}

func (v view) expired(k *openai.ProjectAPIKey) bool {
	return k.ExpiresAt != 0 && !v.now.Before(time.Unix(k.ExpiresAt, 0))
}

func (v view) hasDetails() bool {
	for key, want := range v.details {
		if have, ok := v.secret.Data[key]; !ok || string(have) != string(want) {
			return false
		}
	}
	return true
}

// drop a key from the view that was revoked.
func (v *view) drop(id string) {
	v.listed = slices.DeleteFunc(slices.Clone(v.listed), func(k openai.ProjectAPIKey) bool { return k.ID == id })
	v.record.retiring = maps.Clone(v.record.retiring)
	delete(v.record.retiring, id)
}

// replace a key in the view that was updated.
func (v *view) replace(key openai.ProjectAPIKey) {
	v.listed = slices.Clone(v.listed)
	for i := range v.listed {
		if v.listed[i].ID == key.ID {
			v.listed[i] = key
		}
	}
}
