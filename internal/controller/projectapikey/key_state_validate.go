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

// The key state can be edited by tenants, restored from old backups, and written while a clock was
// wrong. What it cannot correctly say is ignored, so that it delays nothing.

const (
	// maxTrustedSerial is far higher than the serials that an object uses. A higher one was chosen
	// by somebody: it is not used again, and the next one does not follow it.
	maxTrustedSerial = 1 << 20

	// maxRetiring keys fit into a key state, and maxInFlight into the annotation of the object.
	maxRetiring = 32
	maxInFlight = 32

	// maxManagedIDs fit into the status.
	maxManagedIDs = 4 * maxRetiring

	// Bytes of annotations, of which a Secret can have 256 KiB in total.
	maxTextBytes       = 256
	maxAnnotationBytes = 1 << 10
	maxListBytes       = 64 << 10

	// maxLifetime is longer than OpenAI lets a key live.
	maxLifetime = 10 * 365 * 24 * time.Hour
)

// earliestTime is before OpenAI had any keys.
var earliestTime = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

// isKeyID reports whether a text can be the ID of a key. The value of a key is none, and must be
// quoted nowhere.
func isKeyID(id string) bool { return apierror.IsID(id) && !reconciler.IsKeyValue(id) }

// sanitize a user's text before it is stored or compared: without values of keys, and with a digest
// in place of what is too long or was left out.
func sanitize(text string) string {
	// Invalid characters are replaced first: to drop them could join the parts of a value.
	redacted := apierror.Redact(strings.ToValidUTF8(text, "?"))
	if redacted == text && len(text) <= maxTextBytes {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	digest := "…" + hex.EncodeToString(sum[:8])
	if room := maxTextBytes - len(digest); len(redacted) > room {
		redacted = strings.ToValidUTF8(redacted[:room], "")
	}
	return redacted + digest
}

// validTime is a recorded time; zero if no clock can have shown it by now.
func validTime(at, now time.Time) time.Time {
	if at.Before(earliestTime) || at.After(now.Add(clockTolerance)) {
		return time.Time{}
	}
	return at
}

// validLifetime is a lifetime; 0 if OpenAI cannot have granted it.
func validLifetime(d time.Duration) time.Duration {
	if d < 0 || d > maxLifetime {
		return 0
	}
	return d
}

// validated is a key state without what it cannot correctly say at a time, with OpenAI's clock
// ahead by a duration. What is left out is rebuilt.
func (state keyState) validated(now time.Time, ahead time.Duration) keyState {
	state.issued, state.scopesAppliedAt = validTime(state.issued, now), validTime(state.scopesAppliedAt, now)
	if !state.issued.IsZero() {
		// How far OpenAI's clock is ahead is not known before its first reply: the key state shows
		// how far it was when the key was issued, which is trusted up to two days.
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

// validApplied is what a status shows that a key was issued with, and when, without what it cannot
// correctly say; zero: it shows nothing.
func validApplied(a *v1alpha1.AppliedKeySettings, now time.Time) (applied v1alpha1.AppliedKeySettings, at time.Time) {
	if a == nil || a.IssuedAt == nil {
		return applied, at
	}
	applied = *a
	if at = validTime(a.IssuedAt.Time, now); at.IsZero() {
		applied.IssuedAt = nil
	}
	if a.ExpiresIn != nil && validLifetime(a.ExpiresIn.Duration) == 0 {
		applied.ExpiresIn = nil
	}
	applied.RotateRequestedAt, applied.RevokeRetiring = sanitize(a.RotateRequestedAt), sanitize(a.RevokeRetiring)
	return applied, at
}
