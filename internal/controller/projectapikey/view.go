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

// A observed is all that decisions are made from: what OpenAI lists, what the Secret
// holds, and what is wanted.
type observed struct {
	now time.Time

	// offset is how far OpenAI's clock is ahead of the provider's own.
	offset time.Duration

	// ownerHash of this object's keys.
	ownerHash ownerHash

	// keys keys of the project that may be the object's.
	keys []openai.ProjectAPIKey

	// allKeys lists all keys of the project.
	allKeys *inventory.Listing[openai.ProjectAPIKey]

	// secret as it is now; nil if there is none.
	secret *corev1.Secret
	state  keyState

	// inFlight keys that the object tells of.
	inFlight inFlight

	// publishedIDs are the IDs of keys that the object was seen with, so that consumers
	// may have them whatever the Secret says now.
	publishedIDs map[string]bool

	// adopted is the ID of a key that was taken over, whose name therefore tells
	// nothing; empty: there is none.
	adopted string

	// previousSecret is the Secret that held the key before the spec named another; nil if
	// there is none. The record is then the former Secret's.
	previousSecret *corev1.Secret

	// verified are the IDs of keys that were shown to be the object's, and taken those that
	// another object manages.
	verified        map[string]bool
	managedByOthers map[string]*reconciler.ManagedByOtherError

	// adoptedCurrent reports whether the key in use was adopted: the object did not issue it,
	// and it has no name.
	adoptedCurrent bool

	// observedAccountID is the service account that the key was observed with. An account that
	// was renamed, or made anew, is still the key's.
	observedAccountID string

	// uid of the object.
	uid string

	// plannedRotation is when the key in use was last said to be replaced; zero: it was not.
	plannedRotation time.Time

	// projectID of the connection.
	projectID string

	// retiringChanged reports that the ends of retiring keys were brought forward, which is to be
	// written, and hastened are those whose end the user asks for.
	retiringChanged bool
	revokeNow       map[string]bool

	// rebuilt reports that the Secret's record lacked what else is known.
	rebuilt bool

	// unplanned that nobody had asked for, the oldest first.
	unplanned []v1alpha1.UnplannedRotation

	// statusApplied is what the status says that the last key was issued with, and appliedAt when
	// that was; zero: it says nothing.
	statusApplied  v1alpha1.AppliedKeySettings
	statusIssuedAt time.Time

	// statusRetiring are the keys that the status lists as retiring. The Secret may have gone
	// before its object.
	statusRetiring map[string]bool

	// lastObservedID is the key that the object was seen with last; empty: none.
	lastObservedID string

	// foreignProjectKeyID is the key that the Secret of a deleted object holds and that is of
	// another project; empty: there is none.
	foreignProjectKeyID string

	desired
	timing
}

// desired is what the object asks for.
type desired struct {
	// name of the key without what tells successive keys apart.
	name string

	// scopes and expiresIn; no scopes are full permissions, 0 is no expiry.
	scopes    []string
	expiresIn time.Duration

	// interval of rotation, or 0; overlap of a key with its successor; trigger.
	interval time.Duration
	overlap  time.Duration
	trigger  string

	// rotateRequest is the text of the request for a rotation by annotation.
	rotateRequest string

	// earlyRevocation is what the annotation asks for that has retiring keys revoked now.
	earlyRevocation earlyRevocation

	// template of the Secret's metadata.
	template template

	// replacesID is the ID of a key made elsewhere whose value nobody gave, and which
	// the trigger allows to replace; empty: there is none.
	replacesID string

	// accountID or accountName of the service account that owns the object's keys.
	accountID, accountName string

	// ownsSecret tells that the Secret is to go with the object.
	ownsSecret bool

	// details that the Secret should hold beside the key.
	details map[string][]byte
}

// timing is how the provider is configured.
type timing struct {
	// inFlightGrace for keys that are on their way into the Secret.
	inFlightGrace time.Duration

	// scopesReapplyInterval is how often scopes are applied again; 0 for never.
	scopesReapplyInterval time.Duration
}

// owns reports whether a key belongs to the object: minted for it, or shown to be its own.
// Names follow from the object's UID. What is shown otherwise counts only for keys of the
// object's own service account.
func (o observed) owns(k *openai.ProjectAPIKey) bool {
	if _, minted := o.ownerHash.serial(k.Name); minted {
		return true
	}
	return o.verified[k.ID] && (o.sameAccount(k) || isIncomplete(k))
}

// isIncomplete reports whether OpenAI left out whose a key is, and its name.
func isIncomplete(k *openai.ProjectAPIKey) bool {
	return k.Name == "" && k.Owner.ServiceAccount.ID == ""
}

// adoptedRetiring is a key that was taken over and has a successor; empty: there is none.
func (o observed) adoptedRetiring() string {
	for id := range o.state.retiring {
		k := o.find(id)
		if k == nil || !o.owns(k) {
			continue
		}
		if _, minted := o.ownerHash.serial(k.Name); !minted {
			return id
		}
	}
	return ""
}

// sameAccount tells whether a key belongs to the object's service account.
func (o observed) sameAccount(k *openai.ProjectAPIKey) bool {
	sa := k.Owner.ServiceAccount
	return sa.ID != "" && (sa.ID == o.accountID || sa.ID == o.observedAccountID || (o.accountName != "" && sa.Name == o.accountName))
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

// knownIDs are the IDs of the keys that the object, with these too, or its Secret names, those
// that matter most first. What can be no ID names no key.
func (o observed) knownIDs(named ...string) []string {
	ids := append([]string{o.state.keyID, o.adopted}, named...)
	for _, id := range slices.Sorted(maps.Keys(o.state.retiring)) {
		if !o.state.retiring[id].Gone {
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

// ownedIDs lists the keys to revoke when the object goes.
func (o observed) ownedIDs() []string {
	var ids []string
	for i := range o.keys {
		if o.owns(&o.keys[i]) {
			ids = append(ids, o.keys[i].ID)
		}
	}
	return ids
}

// nextSerial follows all serials ever seen, so that no name is used twice. Names at OpenAI
// can be anybody's: one that leaves no room for more is not followed, and neither is a
// record that was changed by hand. There is always a next serial.
func (o observed) nextSerial() int {
	noted, named := 0, 0
	taken := map[int]bool{}
	count := func(highest *int, n int) {
		taken[n] = true
		if n < maxTrustedSerial {
			*highest = max(*highest, n)
		}
	}
	count(&noted, o.state.serial)
	count(&noted, o.state.pending)
	for n := range o.inFlight {
		count(&noted, n)
	}
	for _, i := range o.unplanned {
		count(&noted, int(i.Serial))
	}
	for i := range o.keys {
		n, _ := o.ownerHash.serial(o.keys[i].Name)
		count(&named, n)
	}
	next := max(noted, named) + 1
	if next >= maxTrustedSerial {
		next = noted + 1
	}
	if next >= maxTrustedSerial {
		next = 1
	}
	for taken[next] {
		next++
	}
	return next
}

// retiringAfterIssue returns the keys that consumers may still use once a new key is issued. One that
// OpenAI says does not exist is among them: it may show up again.
func (o observed) retiringAfterIssue(by origin) map[string]retiringKey {
	out := maps.Clone(o.state.retiring)
	if id := cmp.Or(o.state.keyID, o.lastObservedID); id != "" && o.find(id) == nil {
		if _, already := out[id]; !already {
			out[id] = retiringKey{RevokeAt: o.overlapEnds(), Gone: true, Unplanned: by == originUnplanned}
		}
	}
	for i := range o.keys {
		if k := &o.keys[i]; o.retiresOnIssue(k) {
			out[k.ID] = o.asRetiring(k, by)
		}
	}
	return o.dropExcess(out)
}

// retiresOnIssue reports whether the overlap of a key begins once a new key is issued.
func (o observed) retiresOnIssue(k *openai.ProjectAPIKey) bool {
	if !isKeyID(k.ID) || (!o.owns(k) && k.ID != o.replacesID) || (o.expired(k) && !o.publishedIDs[k.ID]) {
		return false
	}
	if _, already := o.state.retiring[k.ID]; already {
		// Unless no successor was issued yet, so that its overlap has not begun.
		return o.state.keyID == "" && !o.statusRetiring[k.ID]
	}
	// Without a Secret, any of ours may be the one that it held.
	return k.ID == o.state.keyID || k.ID == o.replacesID || (o.owns(k) && (o.secret == nil || o.mayBeInUse(k)))
}

// mayBeInUse reports whether somebody has the value of a key: the object was seen with
// it, or OpenAI says that it was used.
func (o observed) mayBeInUse(k *openai.ProjectAPIKey) bool {
	return o.publishedIDs[k.ID] || k.LastUsedAt != 0
}

// overlapEnds is when the overlap of a key that is replaced now is over.
func (o observed) overlapEnds() time.Time { return o.now.Add(o.overlap).Truncate(time.Second) }

// asRetiring is how a key retires that is replaced now. One that expires before is not
// revoked earlier for that: it ends by itself, and clocks may differ.
func (o observed) asRetiring(k *openai.ProjectAPIKey, by origin) retiringKey {
	now := o.now.Truncate(time.Second)
	r := retiringKey{ReplacedAt: &now, RevokeAt: o.overlapEnds(), Unplanned: by == originUnplanned, Requested: by == originRequested}
	at := o.expiresAt(k)
	r.Expires = !at.IsZero() && !at.After(r.RevokeAt)
	return r
}

func (o observed) find(id string) *openai.ProjectAPIKey {
	if id == "" {
		return nil
	}
	for i := range o.keys {
		if o.keys[i].ID == id {
			return &o.keys[i]
		}
	}
	return nil
}

func (o observed) hasDetails() bool {
	for _, key := range detailKeys {
		have, ok := o.secret.Data[key]
		want, wanted := o.details[key]
		if ok != wanted || !bytes.Equal(have, want) {
			return false
		}
	}
	return true
}

// scopesApplied tells whether the key has the scopes that are wanted, as far as is
// known. Those of an adopted key stay as found unless others are asked for.
func (o observed) scopesApplied() bool {
	return o.keepsAdoptedScopes() || o.state.scopes == fingerprint(o.scopes)
}

// withoutKey a key that was revoked.
func (o observed) withoutKey(id string) observed {
	o.keys = slices.DeleteFunc(slices.Clone(o.keys), func(k openai.ProjectAPIKey) bool { return k.ID == id })
	o.state.retiring = maps.Clone(o.state.retiring)
	delete(o.state.retiring, id)
	return o
}

// withKey a key as it is after an update.
func (o observed) withKey(key openai.ProjectAPIKey) observed {
	o.keys = slices.Clone(o.keys)
	for i := range o.keys {
		if o.keys[i].ID == key.ID && !isIncomplete(&key) {
			o.keys[i] = key
		}
	}
	return o
}
