// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"time"

	"github.com/openai/openai-go/v3"
)

// clockTolerance is how far two clocks may disagree without one of them being wrong.
const clockTolerance = time.Minute

// A key's age is known twice: by the provider's own clock, which saw it being made, and
// by OpenAI's. Where they agree the former counts, which does not waver. Where OpenAI's
// says that a key is older, it counts: the own clock was set back meanwhile, or the
// provider runs elsewhere.

// own converts a time in a reply of OpenAI's to the provider's own clock.
func (v view) own(unix int64) time.Time { return time.Unix(unix, 0).Add(-v.offset) }

// A making is what the provider noted when it made a key.
type making struct {
	id string
	// issued is by the provider's own clock, and born by OpenAI's; zero: not known.
	issued, born time.Time
}

// making of the key that the Secret holds, or that the status tells of if the Secret says
// nothing.
func (v view) making() making {
	if v.record.keyID != "" && !v.record.issued.IsZero() {
		return making{v.record.keyID, v.record.issued, v.record.born}
	}
	if !v.appliedAt.IsZero() {
		return making{v.served.KeyID, v.appliedAt, v.appliedAt.Add(v.offset)}
	}
	return making{}
}

// drift is how far the times that OpenAI told about the key in use are ahead of the
// clock that its replies told when it was made. A gateway may change either.
func (v view) drift(k *openai.ProjectAPIKey) time.Duration {
	m := v.making()
	if m.id != k.ID || m.born.IsZero() || k.CreatedAt == 0 {
		return 0
	}
	if d := time.Unix(k.CreatedAt, 0).Sub(m.born); d.Abs() > clockTolerance {
		return d
	}
	return 0
}

// born is when a key was made, by the provider's own clock; now if nothing tells.
func (v view) born(k *openai.ProjectAPIKey) time.Time {
	m := v.making()
	noted := m.id == k.ID
	var byOpenAI time.Time
	switch {
	case k.CreatedAt != 0:
		byOpenAI = v.own(k.CreatedAt).Add(-v.drift(k))
	case noted && !m.born.IsZero():
		byOpenAI = v.own(m.born.Unix())
	}
	switch {
	case noted:
		return earlier(m.issued, byOpenAI)
	case byOpenAI.IsZero():
		return v.now
	}
	return byOpenAI
}

// ends is when OpenAI no longer accepts a key, by the provider's own clock; zero: never.
func (v view) ends(k *openai.ProjectAPIKey) time.Time {
	if k.ExpiresAt == 0 {
		if k.ID == v.record.keyID && v.record.granted > 0 && !v.record.issued.IsZero() {
			// OpenAI cannot remove an expiry: the reply leaves it out.
			return v.record.issued.Add(v.record.granted)
		}
		return time.Time{}
	}
	m := v.making()
	byOpenAI := v.own(k.ExpiresAt).Add(-v.drift(k))
	var life time.Duration
	switch {
	case m.id != k.ID:
		return byOpenAI
	case k.CreatedAt != 0:
		life = time.Duration(k.ExpiresAt-k.CreatedAt) * time.Second
	case !m.born.IsZero():
		life = time.Unix(k.ExpiresAt, 0).Sub(m.born)
	default:
		return byOpenAI
	}
	return earlier(m.issued.Add(life), byOpenAI)
}

// granted is the life that a key was given when it was made, or when its expiry was
// last moved; 0 if it does not expire.
func (v view) granted(k *openai.ProjectAPIKey) time.Duration {
	switch ends := v.ends(k); {
	case ends.IsZero():
		return 0
	case k.ID == v.record.keyID && v.record.granted > 0:
		return min(v.record.granted, max(ends.Sub(v.born(k)), 0))
	case k.ID == v.record.keyID && v.record.expiresIn > 0:
		return min(max(ends.Sub(v.born(k)), 0), v.record.expiresIn)
	default:
		return max(ends.Sub(v.born(k)), 0)
	}
}

func (v view) expired(k *openai.ProjectAPIKey) bool {
	ends := v.ends(k)
	return !ends.IsZero() && !v.now.Before(ends)
}

// earlier is the time by OpenAI's clock, if that is given and earlier by more than
// clocks may differ.
func earlier(own, byOpenAI time.Time) time.Time {
	if !byOpenAI.IsZero() && byOpenAI.Before(own.Add(-clockTolerance)) {
		return byOpenAI
	}
	return own
}

// nextRotation tells when a key is to be replaced, and why; zero for never.
func (v view) nextRotation(k *openai.ProjectAPIKey) (at time.Time, why string) {
	if v.interval > 0 {
		at, why = v.born(k).Add(v.interval), "its rotation interval is over"
	}
	ends := v.ends(k)
	if ends.IsZero() {
		return at, why
	}
	margin := v.granted(k) / 3
	if v.interval > 0 {
		margin = min(margin, v.overlap)
	}
	if due := ends.Add(-margin); at.IsZero() || due.Before(at) {
		at, why = due, "it is about to expire"
	}
	return at, why
}
