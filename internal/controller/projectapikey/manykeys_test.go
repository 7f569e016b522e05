// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestKeyStateWithMoreRetiringKeysThanFitIsReadAsFarAsItFits shows that an upgrade stops no
// object whose user rotated the key 40 times within its overlap.
func TestKeyStateWithMoreRetiringKeysThanFitIsReadAsFarAsItFits(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(720 * time.Hour)}
	f.mustIssue(t)
	retiring := map[string]retiringKey{}
	for i := range 40 {
		id, _ := f.issueBehindItsBack(t, ownerHashOf(f.cr.UID).keyName("checkout", i+2))
		at := start.Add(-time.Duration(i) * time.Hour)
		retiring[id] = retiringKey{ReplacedAt: &at, RevokeAt: at.Add(720 * time.Hour), Requested: true, Expires: true}
		f.cr.Status.AtProvider.Retiring = append(f.cr.Status.AtProvider.Retiring, v1alpha1.RetiringKey{ID: id, RevokeAt: metav1.NewTime(at.Add(720 * time.Hour)), Requested: true})
	}
	text, _ := json.Marshal(retiring)
	f.change(t, func(s *corev1.Secret) {
		s.Annotations[annotationRetiringKeys], s.Annotations[annotationKeySerial] = string(text), "50"
	})
	f.apply(t)
	o, err := f.external().observe(t.Context(), f.cr)
	if err != nil {
		t.Fatalf("the key state stops the object: %v", err)
	}
	if d := decide(o); len(d.revoke) > 0 {
		t.Errorf("%d keys are revoked weeks before the end of their overlap: %+v", len(d.revoke), d.revoke)
	}
}

// TestManyRotationsInAnOverlapRevokeNoKeyEarly shows that keys for which a key state has no room
// keep their overlap.
func TestManyRotationsInAnOverlapRevokeNoKeyEarly(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(720 * time.Hour)}
	var all []string
	for range maxRetiring + 4 {
		all = append(all, f.mustIssue(t))
	}
	if d := decide(f.observe(t)); len(d.revoke) > 0 {
		t.Errorf("of %d keys whose overlap has just begun, these are revoked: %+v", len(all), d.revoke)
	}
}

// TestKeysOfSomebodyElseWithTheOwnerHashDoNotFillTheStatus is about somebody with OpenAI's dashboard who
// gives 20,000 keys names with the object's owner hash, and uses each.
func TestKeysOfSomebodyElseWithTheOwnerHashDoNotFillTheStatus(t *testing.T) {
	cr := newKey("uid-1", "checkout")
	o := with(func(o *observed) {
		o.verified = map[string]bool{}
		for i := range 20_000 {
			k := managedKey(fmt.Sprintf("key_planted_%d", i), i+10, start)
			k.LastUsedAt = start.Unix()
			o.keys = append(o.keys, k)
		}
	})
	if ids := o.managedIDs(cr); len(ids) > maxManagedIDs+maxRetiring {
		t.Errorf("status.managedIDs has %d IDs", len(ids))
	}
}

// TestKeysOfSomebodyElseWithTheOwnerHashHoldUpNoScheduleForLong is the same with 320 keys, 32 of which could
// retire in each overlap.
func TestKeysOfSomebodyElseWithTheOwnerHashHoldUpNoScheduleForLong(t *testing.T) {
	o := with(func(o *observed) {
		o.interval, o.overlap = 7*24*time.Hour, 24*time.Hour
		for i := range 320 {
			k := managedKey(fmt.Sprintf("key_planted_%03d", i), i+10, start)
			k.LastUsedAt = start.Unix()
			o.keys = append(o.keys, k)
		}
	})
	o.now = start.Add(8 * 24 * time.Hour)
	begun := o.now
	for o.now.Before(begun.AddDate(0, 0, 60)) {
		d := decide(o)
		if d.issueReason != "" {
			break
		}
		for _, r := range d.revoke {
			o = o.withoutKey(r.id)
		}
		for _, id := range d.retire {
			o.state.retiring[id] = o.asRetiring(o.find(id), originUnplanned)
		}
		for _, id := range d.setExpiry {
			// As expireRetiring does.
			i := slices.IndexFunc(o.keys, func(k openai.ProjectAPIKey) bool { return k.ID == id })
			if r, ok := o.state.retiring[id]; ok {
				o.keys[i].ExpiresAt = r.RevokeAt.Unix()
				r.Expires = true
				o.state.retiring[id] = r
			} else {
				o.keys[i].ExpiresAt = o.overlapEnds().Unix()
			}
		}
		o.now = o.now.Add(time.Hour)
	}
	if late := o.now.Sub(begun); late > 3*24*time.Hour {
		t.Errorf("the scheduled rotation is %s late", late)
	}
}
