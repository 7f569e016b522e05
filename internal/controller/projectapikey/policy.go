// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// InFlightGrace is how long issuing a key can take at most, with a margin: until
// then a key that no Secret names may still be on its way into one.
const InFlightGrace = 2 * time.Minute

// DefaultReassert is how often the scopes of a key are applied again.
const DefaultReassert = 24 * time.Hour

// defaultOverlap is how long a key that was replaced stays valid, for consumers
// that have not picked up its successor yet. The CRD says the same.
const defaultOverlap = 24 * time.Hour

// A decision says what to do about a view. The zero decision is: nothing.
type decision struct {
	// held is the key that consumers have: the Secret holds its value, and OpenAI
	// accepts it. Nil: there is none.
	held *openai.ProjectAPIKey

	// issue says why a new key must be issued, and origin who wants it; empty: it need not.
	issue  string
	origin origin

	// late says why a new key that is due is not issued yet, although another is in use;
	// empty: none is due.
	late string

	// refuse says why no key is issued in place of one that is gone; empty: nothing
	// forbids it.
	refuse string

	// wait says why there is no key yet, though one will be issued or found; empty: nothing
	// is waited for.
	wait string

	// move tells that the Secret was given another name in the spec.
	move bool

	// update says why the held key or the Secret must be updated in place; empty: it
	// need not.
	update string

	// retire lists keys that consumers may have although the Secret holds another.
	retire []string

	// limit lists retiring keys that OpenAI should let expire by itself, and those that do not
	// fit into the record.
	limit []string

	// revoke lists keys that nobody should use any more.
	revoke []revocation

	// wake is when the next of these falls due by itself; zero: nothing does.
	wake time.Time
}

// A revocation is a key to revoke, and why.
type revocation struct {
	id     string
	reason string

	// gone tells that there is nothing to revoke, other than a record of it.
	gone bool
}

// Reasons to revoke a key.
const (
	reasonAsked    = "the annotation " + annotationRevokeRetiring + " asks for it"
	reasonRetired  = "its successor was issued and the overlap is over"
	reasonLeftover = "its issue was interrupted, so that nobody has its value"
	reasonExpired  = "it has expired"
	reasonDeleted  = "its ProjectAPIKey is being deleted"
)

// A rule completes a decision. Rules are pure, and run in the order of rules.
type rule func(v view, d *decision)

// rules of a key's life.
var rules = []rule{holdKey, applyWanted, rotateWhenDue, limitRetiring, revokeRetired, revokeLeftovers, awaitUnsettled, keepFloor}

// decide what to do about a view.
func decide(v view) decision {
	var d decision
	for _, r := range rules {
		r(v, &d)
	}
	return d
}

// upToDate tells that there is nothing to do now.
func (d *decision) upToDate() bool {
	return d.issue == "" && !d.move && d.update == "" && len(d.retire) == 0 && len(d.limit) == 0 && len(d.revoke) == 0
}

func (d *decision) wakeAt(t time.Time) {
	if d.wake.IsZero() || t.Before(d.wake) {
		d.wake = t
	}
}

// holdKey finds the held key, or says why there is none.
func holdKey(v view, d *decision) {
	s := cmp.Or(v.secret, v.former)
	switch k := v.find(v.record.keyID); {
	case s == nil:
		d.issue = "there is no Secret"
	case v.record.keyID == "":
		d.issue = "the Secret holds no key yet"
	case k == nil:
		missKey(v, d)
	case contradicts(k, string(s.Data[dataAPIKey])):
		d.issue = fmt.Sprintf("the Secret no longer holds the value of key %q", k.ID)
		if by := overwriter(s); by != "" {
			d.issue += fmt.Sprintf(": field manager %q overwrites it", by)
		}
	case v.expired(k):
		d.issue, d.origin = fmt.Sprintf("key %q has expired", k.ID), scheduled
	default:
		d.held = k
		d.move = v.secret == nil
	}
	if d.issue != "" && v.rotationAsked() && v.askedBefore() {
		d.issue, d.origin = v.request(), asked
	}
}

// missKey says what follows from a key that OpenAI neither lists nor finds.
func missKey(v view, d *decision) {
	switch {
	case !v.rotationAsked() && v.now.Before(v.record.issued.Add(inventory.ListLag)) && !v.record.issued.After(v.now.Add(clockTolerance)):
		d.wait = fmt.Sprintf("OpenAI does not list key %q yet", v.record.keyID)
		d.wakeAt(v.record.issued.Add(inventory.ListLag))
	case v.takenOver && !v.rotationAsked() && (v.replacedAt.IsZero() || v.now.Before(v.replacedAt)):
		d.refuse = goneAdopted
		if !v.replacedAt.IsZero() {
			d.wakeAt(v.replacedAt)
		}
	default:
		d.issue = fmt.Sprintf("OpenAI no longer knows key %q", v.record.keyID)
	}
}

// goneAdopted is said of an adopted key that somebody revoked.
const goneAdopted = "was adopted and does not exist at OpenAI any more, and no key is issued in its place, because this object did not issue it: set forProvider.rotation.trigger to another text to have one issued, or delete this object and create it anew without importSecretRef"

// rotationAsked reports whether the user asked for a new key.
func (v view) rotationAsked() bool {
	return v.triggerChanged() || (v.requested != "" && v.requested != v.record.requested && v.requested != v.served.RotateRequestedAt)
}

// triggerChanged reports whether the trigger is another than the Secret or the status
// says was served: somebody may have set either back.
func (v view) triggerChanged() bool {
	return v.trigger != "" && v.trigger != v.record.trigger && v.trigger != v.served.Trigger
}

// wish is the origin of an issue that the spec asks for, unless a newer key than the one
// in the Secret was issued that has what is asked for.
func (v view) wish(served bool) origin {
	if served && v.isSetBack() {
		return unplanned
	}
	return asked
}

// askedBefore reports whether it is known what the user had asked for when the last key
// was issued.
func (v view) askedBefore() bool {
	if v.record.keyID != "" || v.served.KeyID != "" || !v.appliedAt.IsZero() {
		return true
	}
	n := len(v.issues)
	return n > 0 && v.issues[n-1].Cause != causeInterrupted && !v.sameRequest(v.issues[n-1])
}

// request says how the user asked for a new key.
func (v view) request() string {
	if v.triggerChanged() {
		return fmt.Sprintf("rotation.trigger changed to %q", apierror.Redact(v.trigger))
	}
	return fmt.Sprintf("the annotation %s changed to %q", annotationRotateRequested, apierror.Redact(shortened(v.requested)))
}

// shortened is as much as is told of a text that a user wrote.
func shortened(text string) string { return truncate.ForDisplay(text, 128) }

// contradicts tells that a value is certainly not that of a key. A redacted form
// that is not understood proves nothing: to issue a new key for it would never end.
func contradicts(k *openai.ProjectAPIKey, value string) bool {
	ok, known := fits(k.RedactedValue, value)
	return value == "" || (known && !ok)
}

// applyWanted compares what was applied to the held key with what is wanted.
func applyWanted(v view, d *decision) {
	if d.held == nil || d.move {
		return
	}
	if v.expiresIn != v.record.expiresIn && v.expiresIn == 0 {
		// OpenAI can move an expiry but not remove it.
		d.issue, d.origin = "expiresIn was removed", v.wish(v.served.ExpiresIn == nil)
		return
	}
	d.update = v.outdated()
	if !v.asFound() && v.reassert > 0 {
		d.wakeAt(v.record.asserted.Add(v.reassert))
	}
}

// outdated says why the held key or its Secret must be updated in place; empty: it need
// not.
func (v view) outdated() string {
	switch {
	case v.expiresIn != v.record.expiresIn:
		return "expiresIn changed"
	case !v.scopesApplied():
		return "scopes changed"
	case v.mustAssert():
		return "scopes are due to be applied again, since OpenAI does not tell whether somebody changed them"
	case !v.hasDetails():
		return "the Secret's details changed"
	case v.owned != goesAlong(v.secret) || v.secret.Labels[labelOwner] != v.uid:
		return "whether the Secret goes with its ProjectAPIKey changed"
	case !v.template.holds(v.secret):
		return "the Secret's labels or annotations are not as secretTemplate says"
	case v.record.former != "":
		return "the Secret's name changed"
	case v.brought:
		return "replaced keys are to be revoked earlier"
	case v.rebuilt, v.secret.Annotations[annotationSecret] != client.ObjectKeyFromObject(v.secret).String():
		return "the Secret's bookkeeping was removed"
	}
	return ""
}

// goesAlong reports whether a Secret goes with its object, and does not hold that up.
func goesAlong(s *corev1.Secret) bool {
	c := metav1.GetControllerOf(s)
	return c != nil && (c.BlockOwnerDeletion == nil || !*c.BlockOwnerDeletion)
}

// rotateWhenDue replaces a key by age, before its expiry, on demand, and when its
// name changed, which OpenAI cannot change.
func rotateWhenDue(v view, d *decision) {
	if d.held == nil || d.issue != "" || d.move {
		return
	}
	if v.rotationAsked() {
		d.issue, d.origin = v.request(), asked
		return
	}
	if v.accountID != "" && v.record.account != "" && v.accountID != v.record.account {
		d.issue = fmt.Sprintf("its service account was made anew: it was %q and is %q", v.record.account, v.accountID)
		return
	}
	if n, minted := v.tag.serial(d.held.Name); minted && v.record.name != v.name && d.held.Name != v.tag.name(v.name, n) {
		d.issue, d.origin = fmt.Sprintf("its name changed to %q", v.name), v.wish(v.served.Name == v.name)
		return
	}
	at, why := v.nextRotation(d.held)
	switch {
	case at.IsZero():
	case v.now.Before(at):
		d.wakeAt(at)
	default:
		d.issue, d.origin = why, scheduled
	}
}

// limitRetiring makes keys that were replaced expire at OpenAI, so that they end
// in time even if this cluster is down. Until there is a successor, nothing limits
// them.
func limitRetiring(v view, d *decision) {
	if d.held == nil || d.move {
		return
	}
	for id, r := range v.record.retiring {
		if k := v.find(id); k != nil && v.ours(k) && !r.Expires && v.now.Before(r.RevokeAt) {
			d.limit = append(d.limit, id)
		}
	}
	slices.Sort(d.limit)
}

// revokeRetired revokes replaced keys once their overlap is over, or when the user asks
// for it, whether or not another key is in use.
func revokeRetired(v view, d *decision) {
	for id, r := range v.record.retiring {
		k := v.find(id)
		due := revocation{id: id, reason: reasonRetired, gone: k == nil || !v.ours(k)}
		switch {
		case v.hastened[id]:
			due.reason = reasonAsked
		case d.held == nil || d.move:
			continue
		case v.now.Before(r.RevokeAt):
			d.wakeAt(r.RevokeAt)
			continue
		}
		d.revoke = append(d.revoke, due)
	}
	slices.SortFunc(d.revoke, byID)
}

func byID(a, b revocation) int { return strings.Compare(a.id, b.id) }

// revokeLeftovers revokes keys whose mint never reached its commit. Without a
// Secret nothing tells them from keys in use: the next mint retires them all.
func revokeLeftovers(v view, d *decision) {
	if v.secret == nil {
		return
	}
	for i := range v.listed {
		k := &v.listed[i]
		if !v.isUnnoted(k) {
			continue
		}
		full := len(v.record.retiring)+len(d.retire) >= mostRetiring
		switch {
		case v.expired(k) && !v.committed[k.ID]:
			d.revoke = append(d.revoke, revocation{id: k.ID, reason: reasonExpired})
		case v.somebodyHas(k):
			retireUnnoted(v, d, k, full)
		case full:
			// It may be one that retires and did not fit: nothing tells it from a leftover.
		case v.now.Before(v.graceEnds(k)):
			d.wakeAt(v.graceEnds(k))
		default:
			d.revoke = append(d.revoke, revocation{id: k.ID, reason: reasonLeftover})
		}
	}
}

// isUnnoted reports whether a key is the object's although its record does not name it.
func (v view) isUnnoted(k *openai.ProjectAPIKey) bool {
	if _, retiring := v.record.retiring[k.ID]; retiring || k.ID == v.record.keyID || !v.ours(k) {
		return false
	}
	if v.record.keyID == "" || v.find(v.record.keyID) != nil {
		return true
	}
	// It may be the one in use, under another ID.
	inUse, _ := fits(k.RedactedValue, string(v.secret.Data[dataAPIKey]))
	return !inUse
}

// retireUnnoted lets a key that somebody has end with an overlap.
func retireUnnoted(v view, d *decision, k *openai.ProjectAPIKey, full bool) {
	switch {
	case !isKeyID(k.ID):
	case !full:
		d.retire = append(d.retire, k.ID)
	case d.held != nil && !d.move && len(d.limit) < mostRetiring && v.outlivesOverlap(k):
		// OpenAI ends what there is no room to note, or one after another would hold up
		// the next issue.
		d.limit = append(d.limit, k.ID)
	}
}

// outlivesOverlap reports whether a key lives for longer than if it were replaced now.
func (v view) outlivesOverlap(k *openai.ProjectAPIKey) bool {
	ends := v.ends(k)
	return ends.IsZero() || ends.After(v.overlapEnds().Add(clockTolerance))
}

// graceEnds is when a key cannot be on its way into the Secret any more. For one with a
// lower serial than the Secret knows, the writes of the Secret since have ended that.
func (v view) graceEnds(k *openai.ProjectAPIKey) time.Time {
	n, _ := v.tag.serial(k.Name)
	begun, open := v.unsettled[n]
	switch {
	case n != v.record.pending && n < v.record.serial:
		return v.now
	case open:
		return begun.Add(v.grace)
	case k.CreatedAt == 0:
		return v.now
	}
	return v.born(k).Add(v.grace)
}

// awaitUnsettled looks again once OpenAI lists whatever interrupted mints have made.
func awaitUnsettled(v view, d *decision) {
	for _, since := range v.open() {
		d.wakeAt(since.Add(v.grace))
	}
}

// asFound tells that the key's scopes are nobody's business here.
func (v view) asFound() bool { return v.record.scopes == scopesAsFound && len(v.scopes) == 0 }

// mustAssert tells that the key's scopes were applied long ago.
func (v view) mustAssert() bool {
	return v.reassert > 0 && !v.asFound() && !v.now.Before(v.record.asserted.Add(v.reassert))
}
