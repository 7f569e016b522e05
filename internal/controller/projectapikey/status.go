// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// observation of a key, for the status of its object.
func observation(cr *v1alpha1.ProjectAPIKey, o observed, k *openai.ProjectAPIKey) v1alpha1.ProjectAPIKeyObservation {
	out := v1alpha1.ProjectAPIKeyObservation{
		ID:                 k.ID,
		Name:               k.Name,
		RedactedValue:      k.RedactedValue,
		CreatedAt:          adminapi.Time(k.CreatedAt),
		ExpiresAt:          adminapi.Time(k.ExpiresAt),
		LastUsedAt:         adminapi.Time(k.LastUsedAt),
		ServiceAccountID:   k.Owner.ServiceAccount.ID,
		OwnerProjectAccess: string(k.OwnerProjectAccess),
		Scopes:             cr.Status.AtProvider.Scopes,
	}
	// The redacted form stays as first shown: OpenAI may shorten the same value in another way later.
	if was := cr.Status.AtProvider; was.ID == k.ID && was.RedactedValue != "" && k.RedactedValue != "" && !o.holdsAnother(k.ID, was.RedactedValue) {
		out.RedactedValue = was.RedactedValue
	}
	// OpenAI does not return scopes: they are known only once they were applied.
	if o.state.keyID == k.ID && o.state.scopes == fingerprint(o.scopes) {
		out.Scopes = o.scopes
	}
	if at, _ := o.nextRotation(k); !at.IsZero() && o.state.keyID == k.ID {
		t := metav1.NewTime(at)
		out.NextRotation = &t
	}
	out.Retiring = retiringStatus(o)
	out.Applied = lastApplied(o)
	out.UnplannedRotations = o.unplanned
	return out
}

func retiringStatus(o observed) []v1alpha1.RetiringKey {
	var out []v1alpha1.RetiringKey
	for id, r := range o.state.retiring {
		missing := o.find(id) == nil
		if missing && !r.Unplanned {
			// Somebody else revoked it. One that an unplanned rotation replaced may still be valid.
			continue
		}
		out = append(out, v1alpha1.RetiringKey{ID: id, ReplacedAt: timeOf(r.ReplacedAt), RevokeAt: metav1.NewTime(r.RevokeAt), Unplanned: r.Unplanned, Requested: r.Requested, Missing: missing})
	}
	slices.SortFunc(out, func(a, b v1alpha1.RetiringKey) int { return strings.Compare(a.ID, b.ID) })
	return out[:min(len(out), maxRetiring)]
}

// holdsAnother reports whether the Secret holds another value than that with a redacted form.
func (o observed) holdsAnother(id, redacted string) bool {
	if o.secret == nil || o.state.keyID != id {
		return false
	}
	ok, known := matchesRedacted(redacted, string(o.secret.Data[dataAPIKey]))
	return known && !ok
}

func timeOf(t *time.Time) *metav1.Time {
	if t == nil {
		return nil
	}
	out := metav1.NewTime(*t)
	return &out
}

// lastApplied is what the last key was issued or last updated with. The Secret may have been rolled
// back to an older one.
func lastApplied(o observed) *v1alpha1.AppliedKeySettings {
	if o.isRolledBack() {
		return &o.statusApplied
	}
	a := appliedSettings(o.state)
	if o.earlyRevocation.text != "" && o.statusApplied.RevokeRetiring == o.earlyRevocation.text {
		a.RevokeRetiring = o.earlyRevocation.text
	}
	if a.KeyID == o.statusApplied.KeyID {
		// The Secret may have been rolled back.
		if o.trigger != "" && o.statusApplied.Trigger == o.trigger {
			a.Trigger = o.trigger
		}
		if o.rotateRequest != "" && o.statusApplied.RotateRequestedAt == o.rotateRequest {
			a.RotateRequestedAt = o.rotateRequest
		}
	}
	return a
}

// appliedSettings is what a key was issued or last updated with, by its key state.
func appliedSettings(state keyState) *v1alpha1.AppliedKeySettings {
	a := &v1alpha1.AppliedKeySettings{KeyID: state.keyID, Name: state.name, Trigger: state.trigger, RotateRequestedAt: state.rotateRequest, RevokeRetiring: state.revokeRetiring}
	if !state.issued.IsZero() {
		t := metav1.NewTime(state.issued)
		a.IssuedAt = &t
	}
	if state.expiresIn != 0 {
		a.ExpiresIn = &metav1.Duration{Duration: state.expiresIn}
	}
	return a
}
