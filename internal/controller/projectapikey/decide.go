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

// DefaultScopesReapplyInterval is how often the scopes of a key are applied again.
const DefaultScopesReapplyInterval = 24 * time.Hour

// defaultOverlap is how long a key that was replaced stays valid, for consumers
// that have not picked up its successor yet. The CRD says the same.
const defaultOverlap = 24 * time.Hour

// A decision is what to do about the observed state. The zero decision is to do nothing.
type decision struct {
	// current is the key that consumers use: the Secret holds its value, and OpenAI accepts it.
	// Nil: there is none.
	current *openai.ProjectAPIKey

	// issueReason is why a new key must be issued, and origin who asks for it; empty: none is issued.
	issueReason string
	origin      origin

	// postponed is why a new key that is due is not issued yet, although another is in use; empty:
	// none is due.
	postponed string

	// notRecreated is why no key is issued in place of one that OpenAI does not find; empty: nothing forbids
	// it.
	notRecreated string

	// waitReason is why there is no key yet, although one will be issued or found; empty: nothing is
	// awaited.
	waitReason string

	// move reports that the spec names another Secret, to which the key is moved.
	move bool

	// updateReason is why the current key or its Secret must be updated in place; empty: neither must.
	updateReason string

	// retire lists keys that consumers may use although the Secret holds another, and that the key
	// state does not list as retiring yet.
	retire []string

	// setExpiry lists retiring keys that OpenAI is to let expire, and those for which the key state
	// has no room.
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

	// forgetOnly reports that OpenAI does not find the key, or that it is not the object's own: it is only removed from the key state.
	forgetOnly bool
}

// Reasons to revoke a key.
const (
	messageRequested  = "the annotation " + annotationRevokeRetiring + " asks for it"
	messageRetired    = "its successor was issued and the overlap is over"
	messageUnclaimed  = "its creation was interrupted, so that nobody has its value"
	messageKeyExpired = "it has expired"
	messageDeleted    = "its ProjectAPIKey is being deleted"
)

// A rule completes a decision. Rules are pure functions.
type rule func(o observed, d *decision)

// rules in the order in which they run.
var rules = []rule{
	decideCurrent, decideUpdate, decideRotation, decideExpiry, decideRetiring, decideUnclaimed, decideInFlight,
	decideRotationLimit,
}

// decide what to do about the observed state.
func decide(o observed) decision {
	var d decision
	for _, r := range rules {
		r(o, &d)
	}
	return d
}

// upToDate reports that there is nothing to do now.
func (d *decision) upToDate() bool {
	return d.issueReason == "" && !d.move && d.updateReason == "" && len(d.retire) == 0 && len(d.setExpiry) == 0 && len(d.revoke) == 0
}

func (d *decision) reconcileBy(t time.Time) {
	if d.reconcileAt.IsZero() || t.Before(d.reconcileAt) {
		d.reconcileAt = t
	}
}

// decideCurrent decides which key is current, or why there is none.
func decideCurrent(o observed, d *decision) {
	s := cmp.Or(o.secret, o.previousSecret)
	switch k := o.find(o.state.keyID); {
	case s == nil:
		d.issueReason = "there is no Secret"
	case o.state.keyID == "":
		d.issueReason = "the Secret holds no key yet"
	case k == nil:
		decideNotFound(o, d)
	case valueMismatch(k, string(s.Data[dataAPIKey])):
		d.issueReason = fmt.Sprintf("the Secret no longer holds the value of key %q", k.ID)
		if by := overwriter(s); by != "" {
			d.issueReason += fmt.Sprintf(": field manager %q overwrites it", by)
		}
	case o.expired(k):
		d.issueReason, d.origin = fmt.Sprintf("key %q has expired", k.ID), originScheduled
	default:
		d.current = k
		d.move = o.secret == nil
	}
	if d.issueReason != "" && o.rotationRequested() && o.requestsKnown() {
		d.issueReason, d.origin = o.requestText(), originRequested
	}
}

// decideNotFound decides what becomes of a current key that OpenAI neither lists nor returns.
func decideNotFound(o observed, d *decision) {
	switch {
	case !o.rotationRequested() && o.now.Before(o.state.issued.Add(inventory.ListLag)) && !o.state.issued.After(o.now.Add(clockTolerance)):
		d.waitReason = fmt.Sprintf("OpenAI does not list key %q yet", o.state.keyID)
		d.reconcileBy(o.state.issued.Add(inventory.ListLag))
	case o.adoptedCurrent && !o.rotationRequested() && (o.plannedRotation.IsZero() || o.now.Before(o.plannedRotation)):
		d.notRecreated = messageAdoptedNotFound
		if !o.plannedRotation.IsZero() {
			d.reconcileBy(o.plannedRotation)
		}
	default:
		d.issueReason = fmt.Sprintf("OpenAI no longer knows key %q", o.state.keyID)
	}
}

// messageAdoptedNotFound is why an adopted key that somebody revoked is not replaced.
const messageAdoptedNotFound = "was adopted and does not exist at OpenAI any more, and no key is issued in its place, because this object did not issue it: set forProvider.rotation.trigger to another text to have one issued, or delete this object and create it again without importSecretRef"

// rotationRequested reports whether the user asked for a new key.
func (o observed) rotationRequested() bool {
	return o.triggerChanged() || (o.rotateRequest != "" && o.rotateRequest != o.state.rotateRequest && o.rotateRequest != o.statusApplied.RotateRequestedAt)
}

// triggerChanged reports whether neither the Secret nor the status shows that a key was issued for
// the trigger: either may have been rolled back.
func (o observed) triggerChanged() bool {
	return o.trigger != "" && o.trigger != o.state.trigger && o.trigger != o.statusApplied.Trigger
}

// specOrigin is the origin of a key that the spec asks for. It is unplanned if such a key was issued
// already, and the Secret was rolled back to the one before it.
func (o observed) specOrigin(applied bool) origin {
	if applied && o.isRolledBack() {
		return originUnplanned
	}
	return originRequested
}

// requestsKnown reports whether anything shows which request the last key was issued for.
func (o observed) requestsKnown() bool {
	if o.state.keyID != "" || o.statusApplied.KeyID != "" || !o.statusIssuedAt.IsZero() {
		return true
	}
	n := len(o.unplanned)
	return n > 0 && o.unplanned[n-1].Cause != causeInterrupted && !o.sameRequest(o.unplanned[n-1])
}

// requestText describes how the user requested a new key.
func (o observed) requestText() string {
	if o.triggerChanged() {
		return fmt.Sprintf("rotation.trigger changed to %q", apierror.Redact(o.trigger))
	}
	return fmt.Sprintf("the annotation %s changed to %q", annotationRotateRequested, apierror.Redact(forDisplay(o.rotateRequest)))
}

// forDisplay is as much as messages show of a text that a user wrote.
func forDisplay(text string) string { return truncate.ForDisplay(text, 128) }

// valueMismatch reports whether a value is certainly not that of a key. A redacted form that is not
// understood does not count: keys would be issued for it without end.
func valueMismatch(k *openai.ProjectAPIKey, value string) bool {
	ok, known := matchesRedacted(k.RedactedValue, value)
	return value == "" || (known && !ok)
}

// decideUpdate decides whether the current key has what is desired, or is to be updated.
func decideUpdate(o observed, d *decision) {
	if d.current == nil || d.move {
		return
	}
	if o.expiresIn != o.state.expiresIn && o.expiresIn == 0 {
		// OpenAI can move an expiry but not remove it.
		d.issueReason, d.origin = "expiresIn was removed", o.specOrigin(o.statusApplied.ExpiresIn == nil)
		return
	}
	d.updateReason = o.whyUpdate()
	if !o.keepsAdoptedScopes() && o.scopesReapplyInterval > 0 {
		d.reconcileBy(o.state.scopesAppliedAt.Add(o.scopesReapplyInterval))
	}
}

// whyUpdate is why the current key or its Secret must be updated in place; empty: neither must.
func (o observed) whyUpdate() string {
	switch {
	case o.expiresIn != o.state.expiresIn:
		return "expiresIn changed"
	case !o.scopesApplied():
		return "scopes changed"
	case o.scopesReapplyDue():
		return "scopes are due to be applied again, since it cannot be determined whether somebody changed them"
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
		return "state annotations of the Secret were removed"
	}
	return ""
}

// isGarbageCollected reports whether a Secret is deleted with its object, without blocking the
// deletion.
func isGarbageCollected(s *corev1.Secret) bool {
	c := metav1.GetControllerOf(s)
	return c != nil && (c.BlockOwnerDeletion == nil || !*c.BlockOwnerDeletion)
}

// decideRotation decides to replace a key by age, before its expiry, on request, and when its name changed,
// which OpenAI cannot change.
func decideRotation(o observed, d *decision) {
	if d.current == nil || d.issueReason != "" || d.move {
		return
	}
	if o.rotationRequested() {
		d.issueReason, d.origin = o.requestText(), originRequested
		return
	}
	if o.accountID != "" && o.state.account != "" && o.accountID != o.state.account {
		d.issueReason = fmt.Sprintf("its service account was created again: it was %q and is %q", o.state.account, o.accountID)
		return
	}
	if n, hasHash := o.ownerHash.serial(d.current.Name); hasHash && o.state.name != o.name && d.current.Name != o.ownerHash.keyName(o.name, n) {
		d.issueReason, d.origin = fmt.Sprintf("its name changed to %q", o.name), o.specOrigin(o.statusApplied.Name == o.name)
		return
	}
	at, why := o.nextRotation(d.current)
	switch {
	case at.IsZero():
	case o.now.Before(at):
		d.reconcileBy(at)
	default:
		d.issueReason, d.origin = why, originScheduled
	}
}

// decideExpiry decides which keys that were replaced are to expire at OpenAI, so that they end
// in time even if this cluster is down. Until there is a successor, nothing limits
// them.
func decideExpiry(o observed, d *decision) {
	if d.current == nil || d.move {
		return
	}
	for id, r := range o.state.retiring {
		if k := o.find(id); k != nil && o.manages(k) && !r.Expires && o.now.Before(r.RevokeAt) {
			d.setExpiry = append(d.setExpiry, id)
		}
	}
	slices.Sort(d.setExpiry)
}

// decideRetiring decides to revoke retiring keys once their overlap is over, or at once if the user asks
// for it, whether or not there is a current key.
func decideRetiring(o observed, d *decision) {
	for id, r := range o.state.retiring {
		k := o.find(id)
		due := revocation{id: id, reason: messageRetired, forgetOnly: k == nil || !o.manages(k)}
		switch {
		case o.revokeNow[id]:
			due.reason = messageRequested
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

// decideUnclaimed decides to revoke keys whose creation was interrupted before the Secret was written. Without a
// Secret they cannot be told from keys in use: then all of them retire when the next key is issued.
func decideUnclaimed(o observed, d *decision) {
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
			d.revoke = append(d.revoke, revocation{id: k.ID, reason: messageKeyExpired})
		case o.mayBeInUse(k):
			decideUnrecorded(o, d, k, full)
		case full:
			// It may be a retiring key for which there was no room.
		case o.now.Before(o.graceEnds(k)):
			d.reconcileBy(o.graceEnds(k))
		default:
			d.revoke = append(d.revoke, revocation{id: k.ID, reason: messageUnclaimed})
		}
	}
}

// isUnrecorded reports whether the object manages a key that its key state does not name.
func (o observed) isUnrecorded(k *openai.ProjectAPIKey) bool {
	if _, retiring := o.state.retiring[k.ID]; retiring || k.ID == o.state.keyID || !o.manages(k) {
		return false
	}
	if o.state.keyID == "" || o.find(o.state.keyID) != nil {
		return true
	}
	// It may be the current key, under another ID.
	inUse, _ := matchesRedacted(k.RedactedValue, string(o.secret.Data[dataAPIKey]))
	return !inUse
}

// decideUnrecorded decides to give a key that somebody may use an overlap.
func decideUnrecorded(o observed, d *decision, k *openai.ProjectAPIKey, full bool) {
	switch {
	case !isKeyID(k.ID):
	case !full:
		d.retire = append(d.retire, k.ID)
	case d.current != nil && !d.move && len(d.setExpiry) < maxRetiring && o.outlivesOverlap(k):
		// OpenAI ends keys for which the key state has no room. To wait for room would hold up the
		// next rotation.
		d.setExpiry = append(d.setExpiry, k.ID)
	}
}

// outlivesOverlap reports whether a key expires later than it would be revoked if it were replaced
// now.
func (o observed) outlivesOverlap(k *openai.ProjectAPIKey) bool {
	ends := o.expiresAt(k)
	return ends.IsZero() || ends.After(o.overlapEnds().Add(clockTolerance))
}

// graceEnds is when a key can no longer be on its way into the Secret. If its serial is lower than
// the Secret's, the Secret was written since, and a delayed write of the key fails.
func (o observed) graceEnds(k *openai.ProjectAPIKey) time.Time {
	n, _ := o.ownerHash.serial(k.Name)
	begun, ok := o.inFlight[n]
	switch {
	case n != o.state.pending && n < o.state.serial:
		return o.now
	case ok:
		return begun.Add(o.inFlightGrace)
	case k.CreatedAt == 0:
		return o.now
	}
	return o.issuedAt(k).Add(o.inFlightGrace)
}

// decideInFlight decides to reconcile again once OpenAI must list the keys of interrupted creations.
func decideInFlight(o observed, d *decision) {
	for _, since := range o.stillInFlight() {
		d.reconcileBy(since.Add(o.inFlightGrace))
	}
}

// keepsAdoptedScopes reports whether an adopted key keeps the scopes that it had.
func (o observed) keepsAdoptedScopes() bool {
	return o.state.scopes == scopesAsFound && len(o.scopes) == 0
}

// scopesReapplyDue reports whether the scopes are to be applied again.
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

// scopesApplied reports whether the key has the desired scopes, as far as is known.
func (o observed) scopesApplied() bool {
	return o.keepsAdoptedScopes() || o.state.scopes == fingerprint(o.scopes)
}
