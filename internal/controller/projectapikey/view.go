// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A view is all that decisions are made from: what OpenAI lists, what the Secret
// holds, and what is wanted.
type view struct {
	now time.Time

	// offset is how far OpenAI's clock is ahead of the provider's own.
	offset time.Duration

	// tag of this object's keys.
	tag tag

	// listed keys of the project that may be the object's.
	listed []openai.ProjectAPIKey

	// project lists all keys of the project.
	project *inventory.Listing[openai.ProjectAPIKey]

	// secret as it is now; nil if there is none.
	secret *corev1.Secret
	record record

	// unsettled keys that the object tells of.
	unsettled unsettled

	// committed are the IDs of keys that the object was seen with, so that consumers
	// may have them whatever the Secret says now.
	committed map[string]bool

	// adopted is the ID of a key that was taken over, whose name therefore tells
	// nothing; empty: there is none.
	adopted string

	// former is the Secret that held the key before the spec named another; nil if
	// there is none. The record is then the former Secret's.
	former *corev1.Secret

	// proven are the IDs of keys that were shown to be the object's, and taken those that
	// another object manages.
	proven map[string]bool
	taken  map[string]*reconciler.ManagedByOtherError

	// takenOver reports whether the key in use was adopted: the object did not issue it,
	// and it has no name.
	takenOver bool

	// seenAccountID is the service account that the key was observed with. An account that
	// was renamed, or made anew, is still the key's.
	seenAccountID string

	// uid of the object.
	uid string

	// replacedAt is when the key in use was last said to be replaced; zero: it was not.
	replacedAt time.Time

	// projectID of the connection.
	projectID string

	// brought reports that the ends of retiring keys were brought forward, which is to be
	// written, and hastened are those whose end the user asks for.
	brought  bool
	hastened map[string]bool

	// rebuilt reports that the Secret's record lacked what else is known.
	rebuilt bool

	// issues that nobody had asked for, the oldest first.
	issues []v1alpha1.UnplannedRotation

	// served is what the status says that the last key was issued with, and appliedAt when
	// that was; zero: it says nothing.
	served    v1alpha1.AppliedKeySettings
	appliedAt time.Time

	// retiringBefore are the keys that the status lists as retiring. The Secret may have gone
	// before its object.
	retiringBefore map[string]bool

	// lastID is the key that the object was seen with last; empty: none.
	lastID string

	// strayKeyID is the key that the Secret of a deleted object holds and that is of
	// another project; empty: there is none.
	strayKeyID string

	wanted
	timing
}

// wanted is what the object asks for.
type wanted struct {
	// name of the key without what tells successive keys apart.
	name string

	// scopes and expiresIn; no scopes are full permissions, 0 is no expiry.
	scopes    []string
	expiresIn time.Duration

	// interval of rotation, or 0; overlap of a key with its successor; trigger.
	interval time.Duration
	overlap  time.Duration
	trigger  string

	// requested is the text of the request for a rotation by annotation.
	requested string

	// haste is what the annotation asks for that has retiring keys revoked now.
	haste hasteRequest

	// template of the Secret's metadata.
	template template

	// replaces is the ID of a key made elsewhere whose value nobody gave, and which
	// the trigger allows to replace; empty: there is none.
	replaces string

	// accountID or accountName of the service account that owns the object's keys.
	accountID, accountName string

	// owned tells that the Secret is to go with the object.
	owned bool

	// details that the Secret should hold beside the key.
	details map[string][]byte
}

// timing is how the provider is configured.
type timing struct {
	// grace for keys that are on their way into the Secret.
	grace time.Duration

	// reassert is how often scopes are applied again; 0 for never.
	reassert time.Duration
}

// ours reports whether a key belongs to the object: minted for it, or shown to be its own.
// Names follow from the object's UID. What is shown otherwise counts only for keys of the
// object's own service account.
func (v view) ours(k *openai.ProjectAPIKey) bool {
	if _, minted := v.tag.serial(k.Name); minted {
		return true
	}
	return v.proven[k.ID] && (v.ownAccount(k) || incomplete(k))
}

// incomplete reports whether OpenAI left out whose a key is, and its name.
func incomplete(k *openai.ProjectAPIKey) bool { return k.Name == "" && k.Owner.ServiceAccount.ID == "" }

// adoptedRetiring is a key that was taken over and has a successor; empty: there is none.
func (v view) adoptedRetiring() string {
	for id := range v.record.retiring {
		k := v.find(id)
		if k == nil || !v.ours(k) {
			continue
		}
		if _, minted := v.tag.serial(k.Name); !minted {
			return id
		}
	}
	return ""
}

// ownAccount tells whether a key belongs to the object's service account.
func (v view) ownAccount(k *openai.ProjectAPIKey) bool {
	sa := k.Owner.ServiceAccount
	return sa.ID != "" && (sa.ID == v.accountID || sa.ID == v.seenAccountID || (v.accountName != "" && sa.Name == v.accountName))
}

// heldID is the ID of the key that the Secret holds. Should somebody have removed
// the annotation that tells, the value does.
func (v view) heldID() string {
	if v.record.keyID != "" || v.secret == nil {
		return v.record.keyID
	}
	var ids []string
	for i := range v.listed {
		k := &v.listed[i]
		if ok, _ := fits(k.RedactedValue, string(v.secret.Data[dataAPIKey])); ok && v.ours(k) {
			ids = append(ids, k.ID)
		}
	}
	switch {
	case len(ids) == 1:
		return ids[0]
	case slices.Contains(ids, v.lastID):
		return v.lastID
	}
	return ""
}

// known are the IDs of the keys that the object, with these too, or its Secret names, those
// that matter most first. What can be no ID names no key.
func (v view) known(named ...string) []string {
	ids := append([]string{v.record.keyID, v.adopted}, named...)
	for _, id := range slices.Sorted(maps.Keys(v.record.retiring)) {
		if !v.record.retiring[id].Gone {
			ids = append(ids, id)
		}
	}
	had := map[string]bool{}
	return slices.DeleteFunc(ids, func(id string) bool {
		twice := had[id]
		had[id] = true
		return twice || !isKeyID(id)
	})
}

// live lists the keys to revoke when the object goes.
func (v view) live() []string {
	var ids []string
	for i := range v.listed {
		if v.ours(&v.listed[i]) {
			ids = append(ids, v.listed[i].ID)
		}
	}
	return ids
}

// nextSerial follows all serials ever seen, so that no name is used twice. Names at OpenAI
// can be anybody's: one that leaves no room for more is not followed, and neither is a
// record that was changed by hand. There is always a next serial.
func (v view) nextSerial() int {
	noted, named := 0, 0
	taken := map[int]bool{}
	count := func(highest *int, n int) {
		taken[n] = true
		if n < plausibleSerials {
			*highest = max(*highest, n)
		}
	}
	count(&noted, v.record.serial)
	count(&noted, v.record.pending)
	for n := range v.unsettled {
		count(&noted, n)
	}
	for _, i := range v.issues {
		count(&noted, int(i.Serial))
	}
	for i := range v.listed {
		n, _ := v.tag.serial(v.listed[i].Name)
		count(&named, n)
	}
	next := max(noted, named) + 1
	if next >= plausibleSerials {
		next = noted + 1
	}
	if next >= plausibleSerials {
		next = 1
	}
	for taken[next] {
		next++
	}
	return next
}

// retire returns the keys that consumers may still use once a new key is issued. One that
// OpenAI says does not exist is among them: it may show up again.
func (v view) retire(by origin) map[string]retiree {
	out := maps.Clone(v.record.retiring)
	if id := cmp.Or(v.record.keyID, v.lastID); id != "" && v.find(id) == nil {
		if _, already := out[id]; !already {
			out[id] = retiree{RevokeAt: v.overlapEnds(), Gone: true, Unplanned: by == unplanned}
		}
	}
	for i := range v.listed {
		if k := &v.listed[i]; v.retires(k) {
			out[k.ID] = v.retiree(k, by)
		}
	}
	return v.fitting(out)
}

// retires reports whether the overlap of a key begins once a new key is issued.
func (v view) retires(k *openai.ProjectAPIKey) bool {
	if !isKeyID(k.ID) || (!v.ours(k) && k.ID != v.replaces) || (v.expired(k) && !v.committed[k.ID]) {
		return false
	}
	if _, already := v.record.retiring[k.ID]; already {
		// Unless no successor was issued yet, so that its overlap has not begun.
		return v.record.keyID == "" && !v.retiringBefore[k.ID]
	}
	// Without a Secret, any of ours may be the one that it held.
	return k.ID == v.record.keyID || k.ID == v.replaces || (v.ours(k) && (v.secret == nil || v.somebodyHas(k)))
}

// somebodyHas reports whether somebody has the value of a key: the object was seen with
// it, or OpenAI says that it was used.
func (v view) somebodyHas(k *openai.ProjectAPIKey) bool {
	return v.committed[k.ID] || k.LastUsedAt != 0
}

// overlapEnds is when the overlap of a key that is replaced now is over.
func (v view) overlapEnds() time.Time { return v.now.Add(v.overlap).Truncate(time.Second) }

// retiree is how a key retires that is replaced now. One that expires before is not
// revoked earlier for that: it ends by itself, and clocks may differ.
func (v view) retiree(k *openai.ProjectAPIKey, by origin) retiree {
	now := v.now.Truncate(time.Second)
	r := retiree{ReplacedAt: &now, RevokeAt: v.overlapEnds(), Unplanned: by == unplanned, Requested: by == asked}
	at := v.ends(k)
	r.Expires = !at.IsZero() && !at.After(r.RevokeAt)
	return r
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

func (v view) hasDetails() bool {
	for _, key := range detailKeys {
		have, ok := v.secret.Data[key]
		want, wanted := v.details[key]
		if ok != wanted || !bytes.Equal(have, want) {
			return false
		}
	}
	return true
}

// scopesApplied tells whether the key has the scopes that are wanted, as far as is
// known. Those of an adopted key stay as found unless others are asked for.
func (v view) scopesApplied() bool {
	return v.asFound() || v.record.scopes == fingerprint(v.scopes)
}

// without a key that was revoked.
func (v view) without(id string) view {
	v.listed = slices.DeleteFunc(slices.Clone(v.listed), func(k openai.ProjectAPIKey) bool { return k.ID == id })
	v.record.retiring = maps.Clone(v.record.retiring)
	delete(v.record.retiring, id)
	return v
}

// with a key as it is after an update.
func (v view) with(key openai.ProjectAPIKey) view {
	v.listed = slices.Clone(v.listed)
	for i := range v.listed {
		if v.listed[i].ID == key.ID && !incomplete(&key) {
			v.listed[i] = key
		}
	}
	return v
}
