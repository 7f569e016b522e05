// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// Records can be edited by tenants, restored from old backups, and written by wrong clocks.
// What no honest record can say is not believed, so that it delays nothing.

const (
	// plausibleSerials are far more than an object uses up. A higher one was chosen by
	// somebody: it is taken, and says nothing of what comes next.
	plausibleSerials = 1 << 20

	// mostRetiring keys fit into a record, and mostUnsettled into the object's.
	mostRetiring  = 32
	mostUnsettled = 32

	// mostManaged IDs are told in the status.
	mostManaged = 4 * mostRetiring

	// Bytes of annotations, of which a Secret can have 256 KiB in total.
	longestText       = 256
	longestAnnotation = 1 << 10
	longestList       = 64 << 10

	// longestLife is more than OpenAI grants a key.
	longestLife = 10 * 365 * 24 * time.Hour
)

// dawn is before OpenAI had any keys.
var dawn = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)

// isKeyID reports whether something can be the ID of a key. The value of one must be quoted
// nowhere.
func isKeyID(id string) bool { return apierror.IsID(id) && !reconciler.IsKeyValue(id) }

// told is a text of a user's as it is noted and compared: without values of keys, and with
// a digest in place of what is too long or was left out.
func told(text string) string {
	// What is dropped later must not join the parts of a key.
	kept := apierror.Redact(strings.ToValidUTF8(text, "?"))
	if kept == text && len(text) <= longestText {
		return text
	}
	sum := sha256.Sum256([]byte(text))
	digest := "…" + hex.EncodeToString(sum[:8])
	if room := longestText - len(digest); len(kept) > room {
		kept = strings.ToValidUTF8(kept[:room], "")
	}
	return kept + digest
}

// happened is a time that was noted, unless no clock can have told it by now; else zero.
func happened(at, now time.Time) time.Time {
	if at.Before(dawn) || at.After(now.Add(clockTolerance)) {
		return time.Time{}
	}
	return at
}

// lasting is a life that OpenAI can have granted; else 0.
func lasting(d time.Duration) time.Duration {
	if d < 0 || d > longestLife {
		return 0
	}
	return d
}

// believed is a record without what no honest one can say at a time. OpenAI's clock is
// ahead. What is left out is rebuilt from the status or from what OpenAI tells.
func (r record) believed(now time.Time, ahead time.Duration) record {
	r.issued, r.asserted = happened(r.issued, now), happened(r.asserted, now)
	if !r.issued.IsZero() {
		// How far OpenAI's clock is ahead is not known before the first reply: the record tells
		// how far it was then, within what is believed of any clock.
		ahead = max(ahead, min(r.born.Sub(r.issued), 2*24*time.Hour))
	}
	r.born = happened(r.born, now.Add(ahead))
	r.granted, r.expiresIn = lasting(r.granted), lasting(r.expiresIn)
	r.retiring = maps.Clone(r.retiring)
	for id, was := range r.retiring {
		if was.ReplacedAt != nil && happened(*was.ReplacedAt, now).IsZero() {
			was.ReplacedAt = nil
		}
		r.retiring[id] = was
	}
	return r
}

// believedApplied is what a status says that a key was issued with, without what no honest
// one can say, and when that was; zero: it does not tell.
func believedApplied(a *v1alpha1.AppliedKeySettings, now time.Time) (served v1alpha1.AppliedKeySettings, at time.Time) {
	if a == nil || a.IssuedAt == nil {
		return served, at
	}
	served = *a
	if at = happened(a.IssuedAt.Time, now); at.IsZero() {
		served.IssuedAt = nil
	}
	if a.ExpiresIn != nil && lasting(a.ExpiresIn.Duration) == 0 {
		served.ExpiresIn = nil
	}
	served.RotateRequestedAt, served.RevokeRetiring = told(a.RotateRequestedAt), told(a.RevokeRetiring)
	return served, at
}

// endInTime sees to it that no retiring key lives for longer than its overlap, and that the
// one in use is none, whatever a record says. The status tells what the end was seen as first.
func endInTime(v *view, was []v1alpha1.RetiringKey) {
	longest := v.overlapEnds()
	seen := map[string]time.Time{}
	for _, s := range was {
		seen[s.ID] = s.RevokeAt.Time
	}
	v.record.retiring = maps.Clone(v.record.retiring)
	// The key in use does not retire: a successor's record would name that.
	delete(v.record.retiring, v.record.keyID)
	for id, r := range v.record.retiring {
		if !r.RevokeAt.After(longest) {
			continue
		}
		r.RevokeAt, r.Expires = longest, false
		if at, ok := seen[id]; ok && at.Before(longest) {
			r.RevokeAt = at
		}
		v.record.retiring[id] = r
	}
}

// fitting leaves out of retiring keys what does not fit into a record: those that are gone,
// then those that nobody is known to have had, then those whose ends are next. What lives on
// is found by its name again.
func (v view) fitting(retiring map[string]retiree) map[string]retiree {
	return lastEnding(retiring, func(id string) int {
		k := v.find(id)
		_, before := v.record.retiring[id]
		switch {
		case id == v.record.keyID || id == v.lastID:
			return 0
		case k == nil:
			return 3
		case !before && !v.somebodyHas(k):
			return 2
		}
		return 1
	})
}

// lastEnding are as many of retiring keys as fit into a record: those of the lowest rank, and
// of these those that end last. The others end before there is room again, so that none of
// them is taken for a leftover during its overlap.
func lastEnding(retiring map[string]retiree, rank func(id string) int) map[string]retiree {
	if len(retiring) <= mostRetiring {
		return retiring
	}
	ids := slices.SortedFunc(maps.Keys(retiring), func(a, b string) int {
		return cmp.Or(rank(a)-rank(b), retiring[b].RevokeAt.Compare(retiring[a].RevokeAt), strings.Compare(a, b))
	})
	out := map[string]retiree{}
	for _, id := range ids[:mostRetiring] {
		out[id] = retiring[id]
	}
	return out
}
