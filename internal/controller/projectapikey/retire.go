// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// recordRetiring records keys as retiring that the key state does not list.
func (e *external) recordRetiring(ctx context.Context, _ *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	if len(d.retire) == 0 {
		return nil
	}
	state := o.state
	state.retiring = maps.Clone(state.retiring)
	for _, id := range d.retire {
		state.retiring[id] = o.asRetiring(o.find(id), originUnplanned)
	}
	return e.saveSecret(ctx, o, o.secret.DeepCopy(), state)
}

// expireRetiring lets retiring keys expire at OpenAI when their overlap is over.
func (e *external) expireRetiring(ctx context.Context, _ *v1alpha1.ProjectAPIKey, o *observed, d decision) error {
	if len(d.setExpiry) == 0 || len(d.retire) > 0 {
		// Keys that could not be recorded as retiring come first.
		return nil
	}
	var failed []error
	state := o.state
	state.retiring = maps.Clone(state.retiring)
	for _, id := range d.setExpiry {
		key, recorded := state.retiring[id]
		if !recorded {
			key.RevokeAt = o.overlapEnds()
		}
		left := max(int64(key.RevokeAt.Sub(o.now).Round(time.Second).Seconds()), 1)
		_, err := e.updateAtOpenAI(ctx, id, openai.AdminOrganizationProjectAPIKeyUpdateParams{ExpiresInSeconds: left})
		if err != nil && !apierror.IsInvalid(err) && !apierror.IsForbidden(err) && !apierror.IsNotFound(err) {
			failed = append(failed, fmt.Errorf("cannot let key %q expire: %w", id, err))
			continue
		}
		// A lasting refusal changes nothing: the key is revoked when its time comes.
		if key.Expires = true; recorded {
			state.retiring[id] = key
		}
	}
	return errors.Join(append(failed, e.saveSecret(ctx, o, o.secret.DeepCopy(), state))...)
}

// retiringAfterIssue are the keys that consumers may still use once a new key is issued. A current
// key that OpenAI does not find is among them: it may be listed again.
func (o observed) retiringAfterIssue(by origin) map[string]retiringKey {
	out := maps.Clone(o.state.retiring)
	if id := cmp.Or(o.state.keyID, o.lastObservedID); id != "" && o.find(id) == nil {
		if _, already := out[id]; !already {
			out[id] = retiringKey{RevokeAt: o.overlapEnds(), NotFound: true, Unplanned: by == originUnplanned}
		}
	}
	for i := range o.keys {
		if k := &o.keys[i]; o.retiresOnIssue(k) {
			out[k.ID] = o.asRetiring(k, by)
		}
	}
	return o.dropExcess(out)
}

// retiresOnIssue reports whether the overlap of a key begins once a new key is issued.
func (o observed) retiresOnIssue(k *openai.ProjectAPIKey) bool {
	if !isKeyID(k.ID) || (!o.manages(k) && k.ID != o.replacesID) || (o.expired(k) && !o.publishedIDs[k.ID]) {
		return false
	}
	if _, already := o.state.retiring[k.ID]; already {
		// Unless no successor was issued yet, so that its overlap has not begun.
		return o.state.keyID == "" && !o.statusRetiring[k.ID]
	}
	// Without a Secret, any of them may be the key that it held.
	return k.ID == o.state.keyID || k.ID == o.replacesID || (o.manages(k) && (o.secret == nil || o.mayBeInUse(k)))
}

// mayBeInUse reports whether somebody may have the value of a key: the object's status showed it,
// or OpenAI shows that it was used.
func (o observed) mayBeInUse(k *openai.ProjectAPIKey) bool {
	return o.publishedIDs[k.ID] || k.LastUsedAt != 0
}

// overlapEnds is when the overlap of a key that is replaced now is over.
func (o observed) overlapEnds() time.Time { return o.now.Add(o.overlap).Truncate(time.Second) }

// asRetiring is the entry of a key that is replaced now. One that expires before its overlap is
// over is not revoked earlier than that.
func (o observed) asRetiring(k *openai.ProjectAPIKey, by origin) retiringKey {
	now := o.now.Truncate(time.Second)
	r := retiringKey{ReplacedAt: &now, RevokeAt: o.overlapEnds(), Unplanned: by == originUnplanned, Requested: by == originRequested}
	at := o.expiresAt(k)
	r.Expires = !at.IsZero() && !at.After(r.RevokeAt)
	return r
}

// capRetiring makes sure that no retiring key outlives its overlap, and that the current key is not
// among them, whatever the key state says.
func capRetiring(o *observed, was []v1alpha1.RetiringKey) {
	longest := o.overlapEnds()
	seen := map[string]time.Time{}
	for _, s := range was {
		seen[s.ID] = s.RevokeAt.Time
	}
	o.state.retiring = maps.Clone(o.state.retiring)
	// A key state in which it retires would name its successor as current.
	delete(o.state.retiring, o.state.keyID)
	for id, r := range o.state.retiring {
		if !r.RevokeAt.After(longest) {
			continue
		}
		r.RevokeAt, r.Expires = longest, false
		if at, ok := seen[id]; ok && at.Before(longest) {
			r.RevokeAt = at
		}
		o.state.retiring[id] = r
	}
}

// dropExcess drops retiring keys for which the key state has no room: first those that OpenAI does
// not find, then those that nobody is known to use, then those that are revoked next. Those that
// remain valid are found by their names again.
func (o observed) dropExcess(retiring map[string]retiringKey) map[string]retiringKey {
	return keepLastEnding(retiring, func(id string) int {
		k := o.find(id)
		_, before := o.state.retiring[id]
		switch {
		case id == o.state.keyID || id == o.lastObservedID:
			return 0
		case k == nil:
			return 3
		case !before && !o.mayBeInUse(k):
			return 2
		}
		return 1
	})
}

// keepLastEnding keeps as many retiring keys as fit into a key state: those of the lowest rank and, among
// equals, those that are revoked last. The overlap of a key that is dropped thus ends before there is room
// again, so that it is not taken for an unclaimed key meanwhile.
func keepLastEnding(retiring map[string]retiringKey, rank func(id string) int) map[string]retiringKey {
	if len(retiring) <= maxRetiring {
		return retiring
	}
	ids := slices.SortedFunc(maps.Keys(retiring), func(a, b string) int {
		return cmp.Or(rank(a)-rank(b), retiring[b].RevokeAt.Compare(retiring[a].RevokeAt), strings.Compare(a, b))
	})
	out := map[string]retiringKey{}
	for _, id := range ids[:maxRetiring] {
		out[id] = retiring[id]
	}
	return out
}
