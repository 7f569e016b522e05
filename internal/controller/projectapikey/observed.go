// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
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

// sameAccount tells whether a key belongs to the object's service account.
func (o observed) sameAccount(k *openai.ProjectAPIKey) bool {
	sa := k.Owner.ServiceAccount
	return sa.ID != "" && (sa.ID == o.accountID || sa.ID == o.observedAccountID || (o.accountName != "" && sa.Name == o.accountName))
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

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// desiredOf reads what the object asks for.
func desiredOf(cr *v1alpha1.ProjectAPIKey) desired {
	p := cr.Spec.ForProvider
	w := desired{accountID: value(p.ServiceAccountID), accountName: value(p.ServiceAccountName), name: baseName(cr), scopes: scopes(p), overlap: defaultOverlap, ownsSecret: mayDelete(cr)}
	if p.ExpiresIn != nil {
		w.expiresIn = p.ExpiresIn.Duration
	}
	if r := p.Rotation; r != nil {
		if r.Interval != nil {
			w.interval = r.Interval.Duration
		}
		if r.Overlap != nil {
			w.overlap = r.Overlap.Duration
		}
		if r.Trigger != nil {
			w.trigger = *r.Trigger
		}
	}
	w.rotateRequest = sanitize(cr.GetAnnotations()[annotationRotateRequested])
	w.earlyRevocation = readEarlyRevocation(cr.GetAnnotations()[annotationRevokeRetiring])
	w.template = readTemplate(cr)
	return w
}
