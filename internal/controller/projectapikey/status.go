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
func observation(cr *v1alpha1.ProjectAPIKey, v view, k *openai.ProjectAPIKey) v1alpha1.ProjectAPIKeyObservation {
	o := v1alpha1.ProjectAPIKeyObservation{
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
	// A key keeps its value, of which OpenAI may show a little more or less than redact.
	if was := cr.Status.AtProvider; was.ID == k.ID && was.RedactedValue != "" && k.RedactedValue != "" && !v.holdsAnother(k.ID, was.RedactedValue) {
		o.RedactedValue = was.RedactedValue
	}
	// OpenAI does not return scopes: they are known only once they were applied.
	if v.record.keyID == k.ID && v.record.scopes == fingerprint(v.scopes) {
		o.Scopes = v.scopes
	}
	if at, _ := v.nextRotation(k); !at.IsZero() && v.record.keyID == k.ID {
		t := metav1.NewTime(at)
		o.NextRotation = &t
	}
	o.Retiring = retiringKeys(v)
	o.Applied = lastApplied(v)
	o.UnplannedRotations = v.issues
	return o
}

func retiringKeys(v view) []v1alpha1.RetiringKey {
	var out []v1alpha1.RetiringKey
	for id, r := range v.record.retiring {
		missing := v.find(id) == nil
		if missing && !r.Unplanned {
			// Somebody else has ended it. One that was replaced unasked counts all the same.
			continue
		}
		out = append(out, v1alpha1.RetiringKey{ID: id, ReplacedAt: timeOf(r.ReplacedAt), RevokeAt: metav1.NewTime(r.RevokeAt), Unplanned: r.Unplanned, Requested: r.Requested, Missing: missing})
	}
	slices.SortFunc(out, func(a, b v1alpha1.RetiringKey) int { return strings.Compare(a.ID, b.ID) })
	return out[:min(len(out), mostRetiring)]
}

// holdsAnother reports whether the Secret holds the value of a key of which a redacted form
// is certainly not.
func (v view) holdsAnother(id, redacted string) bool {
	if v.secret == nil || v.record.keyID != id {
		return false
	}
	ok, known := fits(redacted, string(v.secret.Data[dataAPIKey]))
	return known && !ok
}

func timeOf(t *time.Time) *metav1.Time {
	if t == nil {
		return nil
	}
	out := metav1.NewTime(*t)
	return &out
}

// lastApplied is what the last key was issued or last updated with. The Secret may have
// been set back to an older one.
func lastApplied(v view) *v1alpha1.AppliedKeySettings {
	if v.isSetBack() {
		return &v.served
	}
	a := applied(v.record)
	if v.haste.text != "" && v.served.RevokeRetiring == v.haste.text {
		a.RevokeRetiring = v.haste.text
	}
	if a.KeyID == v.served.KeyID {
		// The Secret's may have been set back.
		if v.triggerServed() {
			a.Trigger = v.trigger
		}
		if v.requested != "" && v.served.RotateRequestedAt == v.requested {
			a.RotateRequestedAt = v.requested
		}
	}
	return a
}

// triggerServed reports whether the status says that a key was issued for the trigger.
func (v view) triggerServed() bool { return v.trigger != "" && v.served.Trigger == v.trigger }

// applied is what a key was issued or last updated with, as the Secret tells.
func applied(r record) *v1alpha1.AppliedKeySettings {
	a := &v1alpha1.AppliedKeySettings{KeyID: r.keyID, Name: r.name, Trigger: r.trigger, RotateRequestedAt: r.requested, RevokeRetiring: r.revoked}
	if !r.issued.IsZero() {
		t := metav1.NewTime(r.issued)
		a.IssuedAt = &t
	}
	if r.expiresIn != 0 {
		a.ExpiresIn = &metav1.Duration{Duration: r.expiresIn}
	}
	return a
}
