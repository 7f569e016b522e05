// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// Records can be edited by tenants, restored from old backups, and written by wrong clocks.
// What no honest record can say is not believed, so that it delays nothing.

const (
	// maxTrustedSerial are far more than an object uses up. A higher one was chosen by
	// somebody: it is taken, and says nothing of what comes next.
	maxTrustedSerial = 1 << 20

	// maxRetiring keys fit into a record, and mostUnsettled into the object's.
	maxRetiring = 32
	maxInFlight = 32

	// maxManagedIDs IDs are told in the status.
	maxManagedIDs = 4 * maxRetiring

	// Bytes of annotations, of which a Secret can have 256 KiB in total.
	maxTextBytes       = 256
	maxAnnotationBytes = 1 << 10
	maxListBytes       = 64 << 10

	// maxLifetime is more than OpenAI grants a key.
	maxLifetime = 10 * 365 * 24 * time.Hour
)

// earliestTime is before OpenAI had any keys.
var earliestTime = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

// isKeyID reports whether something can be the ID of a key. The value of one must be quoted
// nowhere.
func isKeyID(id string) bool { return apierror.IsID(id) && !reconciler.IsKeyValue(id) }

// sanitize is a text of a user's as it is noted and compared: without values of keys, and with
// a digest in place of what is too long or was left out.
func sanitize(text string) string {
	// What is dropped later must not join the parts of a key.
	kept := apierror.Redact(strings.ToValidUTF8(text, "?"))
	if kept == text && len(text) <= maxTextBytes {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	digest := "…" + hex.EncodeToString(sum[:8])
	if room := maxTextBytes - len(digest); len(kept) > room {
		kept = strings.ToValidUTF8(kept[:room], "")
	}
	return kept + digest
}

// validTime is a time that was noted, unless no clock can have told it by now; else zero.
func validTime(at, now time.Time) time.Time {
	if at.Before(earliestTime) || at.After(now.Add(clockTolerance)) {
		return time.Time{}
	}
	return at
}

// validLifetime is a life that OpenAI can have granted; else 0.
func validLifetime(d time.Duration) time.Duration {
	if d < 0 || d > maxLifetime {
		return 0
	}
	return d
}

// validated is a record without what no honest one can say at a time. OpenAI's clock is
// ahead. What is left out is rebuilt from the status or from what OpenAI tells.
func (state keyState) validated(now time.Time, ahead time.Duration) keyState {
	state.issued, state.scopesAppliedAt = validTime(state.issued, now), validTime(state.scopesAppliedAt, now)
	if !state.issued.IsZero() {
		// How far OpenAI's clock is ahead is not known before the first reply: the record tells
		// how far it was then, within what is believed of any clock.
		ahead = max(ahead, min(state.issuedAtOpenAI.Sub(state.issued), 2*24*time.Hour))
	}
	state.issuedAtOpenAI = validTime(state.issuedAtOpenAI, now.Add(ahead))
	state.grantedLifetime, state.expiresIn = validLifetime(state.grantedLifetime), validLifetime(state.expiresIn)
	state.retiring = maps.Clone(state.retiring)
	for id, was := range state.retiring {
		if was.ReplacedAt != nil && validTime(*was.ReplacedAt, now).IsZero() {
			was.ReplacedAt = nil
		}
		state.retiring[id] = was
	}
	return state
}

// validApplied is what a status says that a key was issued with, without what no honest
// one can say, and when that was; zero: it does not tell.
func validApplied(a *v1alpha1.AppliedKeySettings, now time.Time) (served v1alpha1.AppliedKeySettings, at time.Time) {
	if a == nil || a.IssuedAt == nil {
		return served, at
	}
	served = *a
	if at = validTime(a.IssuedAt.Time, now); at.IsZero() {
		served.IssuedAt = nil
	}
	if a.ExpiresIn != nil && validLifetime(a.ExpiresIn.Duration) == 0 {
		served.ExpiresIn = nil
	}
	served.RotateRequestedAt, served.RevokeRetiring = sanitize(a.RotateRequestedAt), sanitize(a.RevokeRetiring)
	return served, at
}
