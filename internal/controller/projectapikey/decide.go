// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"bytes"
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
	// current is the key that consumers have: the Secret holds its value, and OpenAI
	// accepts it. Nil: there is none.
	current *openai.ProjectAPIKey

	// issue says why a new key must be issued, and origin who wants it; empty: it need not.
	issue  string
	origin origin

	// postponed says why a new key that is due is not issued yet, although another is in use;
	// empty: none is due.
	postponed string

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

	// setExpiry lists retiring keys that OpenAI should let expire by itself, and those that do not
	// fit into the record.
	setExpiry []string

	// revoke lists keys that nobody should use any more.
	revoke []revocation

	// reconcileAt is when the next of these falls due by itself; zero: nothing does.
	reconcileAt time.Time
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
	reasonRequested = "the annotation " + annotationRevokeRetiring + " asks for it"
	reasonRetired   = "its successor was issued and the overlap is over"
	reasonOrphaned  = "its issue was interrupted, so that nobody has its value"
	reasonExpired   = "it has expired"
	reasonDeleted   = "its ProjectAPIKey is being deleted"
)

// A rule completes a decision. Rules are pure, and run in the order of rules.
type rule func(o observed, d *decision)

// rules of a key's life.
var rules = []rule{findCurrent, updateWhenChanged, rotateWhenDue, expireRetiring, revokeRetired, revokeOrphaned, awaitInFlight, limitRotations}

// decide what to do about a view.
func decide(o observed) decision {
	var d decision
	for _, r := range rules {
		r(o, &d)
	}
	return d
}

// upToDate tells that there is nothing to do now.
func (d *decision) upToDate() bool {
	return d.issue == "" && !d.move && d.update == "" && len(d.retire) == 0 && len(d.setExpiry) == 0 && len(d.revoke) == 0
}

func (d *decision) reconcileBy(t time.Time) {
	if d.reconcileAt.IsZero() || t.Before(d.reconcileAt) {
		d.reconcileAt = t
	}
}

// findCurrent finds the held key, or says why there is none.
func findCurrent(o observed, d *decision) {
	s := cmp.Or(o.secret, o.previousSecret)
	switch k := o.find(o.state.keyID); {
	case s == nil:
		d.issue = "there is no Secret"
	case o.state.keyID == "":
		d.issue = "the Secret holds no key yet"
	case k == nil:
		findMissing(o, d)
	case valueMismatch(k, string(s.Data[dataAPIKey])):
		d.issue = fmt.Sprintf("the Secret no longer holds the value of key %q", k.ID)
		if by := overwriter(s); by != "" {
			d.issue += fmt.Sprintf(": field manager %q overwrites it", by)
		}
	case o.expired(k):
		d.issue, d.origin = fmt.Sprintf("key %q has expired", k.ID), originScheduled
	default:
		d.current = k
		d.move = o.secret == nil
	}
	if d.issue != "" && o.rotationRequested() && o.requestsKnown() {
		d.issue, d.origin = o.requestText(), originRequested
	}
}

// findMissing says what follows from a key that OpenAI neither lists nor finds.
func findMissing(o observed, d *decision) {
	switch {
	case !o.rotationRequested() && o.now.Before(o.state.issued.Add(inventory.ListLag)) && !o.state.issued.After(o.now.Add(clockTolerance)):
		d.wait = fmt.Sprintf("OpenAI does not list key %q yet", o.state.keyID)
		d.reconcileBy(o.state.issued.Add(inventory.ListLag))
	case o.adoptedCurrent && !o.rotationRequested() && (o.plannedRotation.IsZero() || o.now.Before(o.plannedRotation)):
		d.refuse = messageAdoptedGone
		if !o.plannedRotation.IsZero() {
			d.reconcileBy(o.plannedRotation)
		}
	default:
		d.issue = fmt.Sprintf("OpenAI no longer knows key %q", o.state.keyID)
	}
}

// messageAdoptedGone is said of an adopted key that somebody revoked.
const messageAdoptedGone = "was adopted and does not exist at OpenAI any more, and no key is issued in its place, because this object did not issue it: set forProvider.rotation.trigger to another text to have one issued, or delete this object and create it anew without importSecretRef"

// rotationRequested reports whether the user asked for a new key.
func (o observed) rotationRequested() bool {
	return o.triggerChanged() || (o.rotateRequest != "" && o.rotateRequest != o.state.rotateRequest && o.rotateRequest != o.statusApplied.RotateRequestedAt)
}

// triggerChanged reports whether the trigger is another than the Secret or the status
// says was served: somebody may have set either back.
func (o observed) triggerChanged() bool {
	return o.trigger != "" && o.trigger != o.state.trigger && o.trigger != o.statusApplied.Trigger
}

// specOrigin is the origin of an issue that the spec asks for, unless a newer key than the one
// in the Secret was issued that has what is asked for.
func (o observed) specOrigin(served bool) origin {
	if served && o.isRolledBack() {
		return originUnplanned
	}
	return originRequested
}

// requestsKnown reports whether it is known what the user had asked for when the last key
// was issued.
func (o observed) requestsKnown() bool {
	if o.state.keyID != "" || o.statusApplied.KeyID != "" || !o.statusIssuedAt.IsZero() {
		return true
	}
	n := len(o.unplanned)
	return n > 0 && o.unplanned[n-1].Cause != causeInterrupted && !o.sameRequest(o.unplanned[n-1])
}

// requestText says how the user asked for a new key.
func (o observed) requestText() string {
	if o.triggerChanged() {
		return fmt.Sprintf("rotation.trigger changed to %q", apierror.Redact(o.trigger))
	}
	return fmt.Sprintf("the annotation %s changed to %q", annotationRotateRequested, apierror.Redact(forDisplay(o.rotateRequest)))
}

// forDisplay is as much as is told of a text that a user wrote.
func forDisplay(text string) string { return truncate.ForDisplay(text, 128) }

// valueMismatch tells that a value is certainly not that of a key. A redacted form
// that is not understood proves nothing: to issue a new key for it would never end.
func valueMismatch(k *openai.ProjectAPIKey, value string) bool {
	ok, known := matchesRedacted(k.RedactedValue, value)
	return value == "" || (known && !ok)
}

// updateWhenChanged compares what was applied to the held key with what is wanted.
func updateWhenChanged(o observed, d *decision) {
	if d.current == nil || d.move {
		return
	}
	if o.expiresIn != o.state.expiresIn && o.expiresIn == 0 {
		// OpenAI can move an expiry but not remove it.
		d.issue, d.origin = "expiresIn was removed", o.specOrigin(o.statusApplied.ExpiresIn == nil)
		return
	}
	d.update = o.updateDue()
	if !o.keepsAdoptedScopes() && o.scopesReapplyInterval > 0 {
		d.reconcileBy(o.state.scopesAppliedAt.Add(o.scopesReapplyInterval))
	}
}

// updateDue says why the held key or its Secret must be updated in place; empty: it need
// not.
func (o observed) updateDue() string {
	switch {
	case o.expiresIn != o.state.expiresIn:
		return "expiresIn changed"
	case !o.scopesApplied():
		return "scopes changed"
	case o.scopesReapplyDue():
		return "scopes are due to be applied again, since OpenAI does not tell whether somebody changed them"
	case !o.hasDetails():
		return "the Secret's details changed"
	case o.ownsSecret != isGarbageCollected(o.secret) || o.secret.Labels[labelOwner] != o.uid:
		return "whether the Secret goes with its ProjectAPIKey changed"
	case !o.template.holds(o.secret):
		return "the Secret's labels or annotations are not as secretTemplate says"
	case o.state.previousSecret != "":
		return "the Secret's name changed"
	case o.retiringChanged:
		return "replaced keys are to be revoked earlier"
	case o.rebuilt, o.secret.Annotations[annotationSecret] != client.ObjectKeyFromObject(o.secret).String():
		return "the Secret's bookkeeping was removed"
	}
	return ""
}

// isGarbageCollected reports whether a Secret goes with its object, and does not hold that up.
func isGarbageCollected(s *corev1.Secret) bool {
	c := metav1.GetControllerOf(s)
	return c != nil && (c.BlockOwnerDeletion == nil || !*c.BlockOwnerDeletion)
}

// rotateWhenDue replaces a key by age, before its expiry, on demand, and when its
// name changed, which OpenAI cannot change.
func rotateWhenDue(o observed, d *decision) {
	if d.current == nil || d.issue != "" || d.move {
		return
	}
	if o.rotationRequested() {
		d.issue, d.origin = o.requestText(), originRequested
		return
	}
	if o.accountID != "" && o.state.account != "" && o.accountID != o.state.account {
		d.issue = fmt.Sprintf("its service account was made anew: it was %q and is %q", o.state.account, o.accountID)
		return
	}
	if n, minted := o.ownerHash.serial(d.current.Name); minted && o.state.name != o.name && d.current.Name != o.ownerHash.keyName(o.name, n) {
		d.issue, d.origin = fmt.Sprintf("its name changed to %q", o.name), o.specOrigin(o.statusApplied.Name == o.name)
		return
	}
	at, why := o.nextRotation(d.current)
	switch {
	case at.IsZero():
	case o.now.Before(at):
		d.reconcileBy(at)
	default:
		d.issue, d.origin = why, originScheduled
	}
}

// expireRetiring makes keys that were replaced expire at OpenAI, so that they end
// in time even if this cluster is down. Until there is a successor, nothing limits
// them.
func expireRetiring(o observed, d *decision) {
	if d.current == nil || d.move {
		return
	}
	for id, r := range o.state.retiring {
		if k := o.find(id); k != nil && o.owns(k) && !r.Expires && o.now.Before(r.RevokeAt) {
			d.setExpiry = append(d.setExpiry, id)
		}
	}
	slices.Sort(d.setExpiry)
}

// revokeRetired revokes replaced keys once their overlap is over, or when the user asks
// for it, whether or not another key is in use.
func revokeRetired(o observed, d *decision) {
	for id, r := range o.state.retiring {
		k := o.find(id)
		due := revocation{id: id, reason: reasonRetired, gone: k == nil || !o.owns(k)}
		switch {
		case o.revokeNow[id]:
			due.reason = reasonRequested
		case d.current == nil || d.move:
			continue
		case o.now.Before(r.RevokeAt):
			d.reconcileBy(r.RevokeAt)
			continue
		}
		d.revoke = append(d.revoke, due)
	}
	slices.SortFunc(d.revoke, byID)
}

func byID(a, b revocation) int { return strings.Compare(a.id, b.id) }

// revokeOrphaned revokes keys whose mint never reached its commit. Without a
// Secret nothing tells them from keys in use: the next mint retires them all.
func revokeOrphaned(o observed, d *decision) {
	if o.secret == nil {
		return
	}
	for i := range o.keys {
		k := &o.keys[i]
		if !o.isUnrecorded(k) {
			continue
		}
		full := len(o.state.retiring)+len(d.retire) >= maxRetiring
		switch {
		case o.expired(k) && !o.publishedIDs[k.ID]:
			d.revoke = append(d.revoke, revocation{id: k.ID, reason: reasonExpired})
		case o.mayBeInUse(k):
			retireUnrecorded(o, d, k, full)
		case full:
			// It may be one that retires and did not fit: nothing tells it from a leftover.
		case o.now.Before(o.graceEnds(k)):
			d.reconcileBy(o.graceEnds(k))
		default:
			d.revoke = append(d.revoke, revocation{id: k.ID, reason: reasonOrphaned})
		}
	}
}

// isUnrecorded reports whether a key is the object's although its record does not name it.
func (o observed) isUnrecorded(k *openai.ProjectAPIKey) bool {
	if _, retiring := o.state.retiring[k.ID]; retiring || k.ID == o.state.keyID || !o.owns(k) {
		return false
	}
	if o.state.keyID == "" || o.find(o.state.keyID) != nil {
		return true
	}
	// It may be the one in use, under another ID.
	inUse, _ := matchesRedacted(k.RedactedValue, string(o.secret.Data[dataAPIKey]))
	return !inUse
}

// retireUnrecorded lets a key that somebody has end with an overlap.
func retireUnrecorded(o observed, d *decision, k *openai.ProjectAPIKey, full bool) {
	switch {
	case !isKeyID(k.ID):
	case !full:
		d.retire = append(d.retire, k.ID)
	case d.current != nil && !d.move && len(d.setExpiry) < maxRetiring && o.outlivesOverlap(k):
		// OpenAI ends what there is no room to note, or one after another would hold up
		// the next issue.
		d.setExpiry = append(d.setExpiry, k.ID)
	}
}

// outlivesOverlap reports whether a key lives for longer than if it were replaced now.
func (o observed) outlivesOverlap(k *openai.ProjectAPIKey) bool {
	ends := o.expiresAt(k)
	return ends.IsZero() || ends.After(o.overlapEnds().Add(clockTolerance))
}

// graceEnds is when a key cannot be on its way into the Secret any more. For one with a
// lower serial than the Secret knows, the writes of the Secret since have ended that.
func (o observed) graceEnds(k *openai.ProjectAPIKey) time.Time {
	n, _ := o.ownerHash.serial(k.Name)
	begun, open := o.inFlight[n]
	switch {
	case n != o.state.pending && n < o.state.serial:
		return o.now
	case open:
		return begun.Add(o.inFlightGrace)
	case k.CreatedAt == 0:
		return o.now
	}
	return o.issuedAt(k).Add(o.inFlightGrace)
}

// awaitInFlight looks again once OpenAI lists whatever interrupted mints have made.
func awaitInFlight(o observed, d *decision) {
	for _, since := range o.stillInFlight() {
		d.reconcileBy(since.Add(o.inFlightGrace))
	}
}

// keepsAdoptedScopes tells that the key's scopes are nobody's business here.
func (o observed) keepsAdoptedScopes() bool {
	return o.state.scopes == scopesAsFound && len(o.scopes) == 0
}

// scopesReapplyDue tells that the key's scopes were applied long ago.
func (o observed) scopesReapplyDue() bool {
	return o.scopesReapplyInterval > 0 && !o.keepsAdoptedScopes() && !o.now.Before(o.state.scopesAppliedAt.Add(o.scopesReapplyInterval))
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
