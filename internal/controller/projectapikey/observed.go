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

// An observed object is all that decisions are made from: what OpenAI lists, what the Secret holds,
// and what is desired.
type observed struct {
	now time.Time

	// offset is how far OpenAI's clock is ahead of the provider's.
	offset time.Duration

	// ownerHash of this object's keys.
	ownerHash ownerHash

	// keys of the project that may be the object's.
	keys []openai.ProjectAPIKey

	// allKeys of the project.
	allKeys *inventory.Listing[openai.ProjectAPIKey]

	// secret as it is now; nil if there is none.
	secret *corev1.Secret
	state  keyState

	// inFlight are the keys that the object's annotation lists.
	inFlight inFlight

	// publishedIDs are the IDs of keys that the external name and the status showed, so that consumers
	// may have them whatever the Secret holds now.
	publishedIDs map[string]bool

	// adopted is the ID of a key that was adopted, whose name has no owner hash; empty: there is
	// none.
	adopted string

	// previousSecret holds the key if the spec names another Secret now, and state is its key
	// state; nil: there is none.
	previousSecret *corev1.Secret

	// verified are the IDs of keys that the object is known to own, and managedByOthers those that
	// another object manages.
	verified        map[string]bool
	managedByOthers map[string]*reconciler.ManagedByOtherError

	// adoptedCurrent reports whether the current key was adopted, not issued by the object.
	adoptedCurrent bool

	// observedAccountID is the service account that the status shows. An account that was renamed
	// or created again still manages the key.
	observedAccountID string

	// uid of the object.
	uid string

	// plannedRotation is when the status shows that the current key is to be replaced; zero: it
	// shows none.
	plannedRotation time.Time

	// projectID of the connection.
	projectID string

	// retiringChanged reports whether retiring keys are to be revoked at other times than the
	// Secret has, and revokeNow are those that the user wants revoked now.
	retiringChanged bool
	revokeNow       map[string]bool

	// rebuilt reports whether the Secret lacked some of the key state.
	rebuilt bool

	// unplanned rotations, the oldest first.
	unplanned []v1alpha1.UnplannedRotation

	// statusApplied is what the status shows that the last key was issued with, and statusIssuedAt
	// when; zero: it shows nothing.
	statusApplied  v1alpha1.AppliedKeySettings
	statusIssuedAt time.Time

	// statusRetiring are the IDs of the keys that the status lists as retiring.
	statusRetiring map[string]bool

	// lastObservedID is the key that the status or the external name shows; empty: none.
	lastObservedID string

	// otherProjectKeyID is the key of another project in the Secret of an object that is being
	// deleted; empty: there is none.
	otherProjectKeyID string

	desired
	timing
}

// desired is what the object asks for.
type desired struct {
	// name of the key without owner hash and serial.
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

	earlyRevocation earlyRevocation

	// template of the Secret's metadata.
	template template

	// replacesID is the ID of a key that was created elsewhere, whose value nobody gave, and that
	// the trigger replaces; empty: there is none.
	replacesID string

	// accountID or accountName of the service account that owns the object's keys.
	accountID, accountName string

	// ownsSecret reports whether the Secret is to be deleted with the object.
	ownsSecret bool

	// details are the data that the Secret should hold beside the key.
	details map[string][]byte
}

// timing is how the provider is configured.
type timing struct {
	// inFlightGrace is how long a key may be on its way into the Secret.
	inFlightGrace time.Duration

	// scopesReapplyInterval is how often scopes are applied again; 0 for never.
	scopesReapplyInterval time.Duration
}

// manages reports whether the object manages a key: its name has the owner hash, which follows from the
// object's UID, or it was verified otherwise and belongs to the object's service account.
func (o observed) manages(k *openai.ProjectAPIKey) bool {
	if _, hasHash := o.ownerHash.serial(k.Name); hasHash {
		return true
	}
	return o.verified[k.ID] && (o.sameAccount(k) || isIncomplete(k))
}

// isIncomplete reports whether OpenAI left out the owner and the name of a key.
func isIncomplete(k *openai.ProjectAPIKey) bool {
	return k.Name == "" && k.Owner.ServiceAccount.ID == ""
}

// sameAccount reports whether a key belongs to the object's service account.
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

func desiredOf(cr *v1alpha1.ProjectAPIKey) desired {
	p := cr.Spec.ForProvider
	w := desired{name: baseName(cr), scopes: scopes(p), overlap: defaultOverlap, ownsSecret: mayDelete(cr)}
	if p.ServiceAccountID != nil {
		w.accountID = *p.ServiceAccountID
	}
	if p.ServiceAccountName != nil {
		w.accountName = *p.ServiceAccountName
	}
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
