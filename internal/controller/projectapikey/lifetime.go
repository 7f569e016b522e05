// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"time"

	"github.com/openai/openai-go/v3"
)

// clockTolerance is how far two clocks may disagree without one of them being wrong.
const clockTolerance = time.Minute

// A key's age is known by two clocks: by the provider's, which ran when it was issued, and by
// OpenAI's. The provider's counts, since it is exact, unless a key is older by OpenAI's: then the
// provider's was set back, or it runs on another machine now.

// localTime converts a time in a reply of OpenAI's to the provider's clock.
func (o observed) localTime(unix int64) time.Time { return time.Unix(unix, 0).Add(-o.offset) }

// An issuance is what was recorded when a key was issued.
type issuance struct {
	id string
	// issued is by the provider's clock, and issuedAtOpenAI by OpenAI's; zero: not known.
	issued, issuedAtOpenAI time.Time
}

// issuance of the current key, by the key state or else by the status.
func (o observed) issuance() issuance {
	if o.state.keyID != "" && !o.state.issued.IsZero() {
		return issuance{o.state.keyID, o.state.issued, o.state.issuedAtOpenAI}
	}
	if !o.statusIssuedAt.IsZero() {
		return issuance{o.statusApplied.KeyID, o.statusIssuedAt, o.statusIssuedAt.Add(o.offset)}
	}
	return issuance{}
}

// drift is how far the times that OpenAI lists for the current key are ahead of the Date header of
// its replies when the key was issued. A gateway may change either.
func (o observed) drift(k *openai.ProjectAPIKey) time.Duration {
	m := o.issuance()
	if m.id != k.ID || m.issuedAtOpenAI.IsZero() || k.CreatedAt == 0 {
		return 0
	}
	if d := time.Unix(k.CreatedAt, 0).Sub(m.issuedAtOpenAI); d.Abs() > clockTolerance {
		return d
	}
	return 0
}

// issuedAt is when a key was issued, by the provider's clock; now if nothing shows it.
func (o observed) issuedAt(k *openai.ProjectAPIKey) time.Time {
	m := o.issuance()
	recorded := m.id == k.ID
	var byOpenAI time.Time
	switch {
	case k.CreatedAt != 0:
		byOpenAI = o.localTime(k.CreatedAt).Add(-o.drift(k))
	case recorded && !m.issuedAtOpenAI.IsZero():
		byOpenAI = o.localTime(m.issuedAtOpenAI.Unix())
	}
	switch {
	case recorded:
		return earlier(m.issued, byOpenAI)
	case byOpenAI.IsZero():
		return o.now
	}
	return byOpenAI
}

// expiresAt is when OpenAI no longer accepts a key, by the provider's clock; zero: never.
func (o observed) expiresAt(k *openai.ProjectAPIKey) time.Time {
	if k.ExpiresAt == 0 {
		if k.ID == o.state.keyID && o.state.grantedLifetime > 0 && !o.state.issued.IsZero() {
			// An expiry cannot be removed: the reply just leaves it out.
			return o.state.issued.Add(o.state.grantedLifetime)
		}
		return time.Time{}
	}
	m := o.issuance()
	byOpenAI := o.localTime(k.ExpiresAt).Add(-o.drift(k))
	var life time.Duration
	switch {
	case m.id != k.ID:
		return byOpenAI
	case k.CreatedAt != 0:
		life = time.Duration(k.ExpiresAt-k.CreatedAt) * time.Second
	case !m.issuedAtOpenAI.IsZero():
		life = time.Unix(k.ExpiresAt, 0).Sub(m.issuedAtOpenAI)
	default:
		return byOpenAI
	}
	return earlier(m.issued.Add(life), byOpenAI)
}

// lifetime that a key was given when it was issued, or when its expiry was last changed; 0 if it
// does not expire.
func (o observed) lifetime(k *openai.ProjectAPIKey) time.Duration {
	switch ends := o.expiresAt(k); {
	case ends.IsZero():
		return 0
	case k.ID == o.state.keyID && o.state.grantedLifetime > 0:
		return min(o.state.grantedLifetime, max(ends.Sub(o.issuedAt(k)), 0))
	case k.ID == o.state.keyID && o.state.expiresIn > 0:
		return min(max(ends.Sub(o.issuedAt(k)), 0), o.state.expiresIn)
	default:
		return max(ends.Sub(o.issuedAt(k)), 0)
	}
}

func (o observed) expired(k *openai.ProjectAPIKey) bool {
	ends := o.expiresAt(k)
	return !ends.IsZero() && !o.now.Before(ends)
}

// earlier is the time by OpenAI's clock, if that is given and earlier by more than clockTolerance.
func earlier(own, byOpenAI time.Time) time.Time {
	if !byOpenAI.IsZero() && byOpenAI.Before(own.Add(-clockTolerance)) {
		return byOpenAI
	}
	return own
}

// nextRotation is when a key is to be replaced, and why; zero: never.
func (o observed) nextRotation(k *openai.ProjectAPIKey) (at time.Time, why string) {
	if o.interval > 0 {
		at, why = o.issuedAt(k).Add(o.interval), "its rotation interval is over"
	}
	ends := o.expiresAt(k)
	if ends.IsZero() {
		return at, why
	}
	margin := o.lifetime(k) / 3
	if o.interval > 0 {
		margin = min(margin, o.overlap)
	}
	if due := ends.Add(-margin); at.IsZero() || due.Before(at) {
		at, why = due, "it is about to expire"
	}
	return at, why
}
