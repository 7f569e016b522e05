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

// TestARecordWithMoreRetiringKeysThanFitIsReadAsFarAsItFits shows that an upgrade stops no
// object whose user rotated the key 40 times within its overlap.
func TestARecordWithMoreRetiringKeysThanFitIsReadAsFarAsItFits(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(720 * time.Hour)}
	f.mustMint(t)
	retiring := map[string]retiree{}
	for i := range 40 {
		id, _ := f.issue(t, tagFor(f.cr.UID).name("checkout", i+2))
		at := start.Add(-time.Duration(i) * time.Hour)
		retiring[id] = retiree{ReplacedAt: &at, RevokeAt: at.Add(720 * time.Hour), Requested: true, Expires: true}
		f.cr.Status.AtProvider.Retiring = append(f.cr.Status.AtProvider.Retiring, v1alpha1.RetiringKey{ID: id, RevokeAt: metav1.NewTime(at.Add(720 * time.Hour)), Requested: true})
	}
	text, _ := json.Marshal(retiring)
	f.change(t, func(s *corev1.Secret) {
		s.Annotations[annotationRetiring], s.Annotations[annotationSerial] = string(text), "50"
	})
	f.apply(t)
	v, err := f.external().look(t.Context(), f.cr)
	if err != nil {
		t.Fatalf("the record stops the object: %v", err)
	}
	if d := decide(v); len(d.revoke) > 0 {
		t.Errorf("%d keys are revoked weeks before the end of their overlap: %+v", len(d.revoke), d.revoke)
	}
}

// TestManyRotationsInAnOverlapRevokeNoKeyEarly shows that keys for which a record has no room
// keep their overlap.
func TestManyRotationsInAnOverlapRevokeNoKeyEarly(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(720 * time.Hour)}
	var all []string
	for range mostRetiring + 4 {
		all = append(all, f.mustMint(t))
	}
	if d := decide(f.look(t)); len(d.revoke) > 0 {
		t.Errorf("of %d keys whose overlap has just begun, these are revoked: %+v", len(all), d.revoke)
	}
}

// TestForeignKeysWithTheTagDoNotFillTheStatus is about somebody with OpenAI's dashboard who
// gives 20,000 keys names with the object's tag, and uses each.
func TestForeignKeysWithTheTagDoNotFillTheStatus(t *testing.T) {
	cr := newKey("uid-1", "checkout")
	v := with(func(v *view) {
		v.proven = map[string]bool{}
		for i := range 20_000 {
			k := ours(fmt.Sprintf("key_planted_%d", i), i+10, start)
			k.LastUsedAt = start.Unix()
			v.listed = append(v.listed, k)
		}
	})
	if ids := v.manages(cr); len(ids) > mostManaged+mostRetiring {
		t.Errorf("status.managedIDs has %d IDs", len(ids))
	}
}

// TestForeignKeysWithTheTagHoldUpNoScheduleForLong is the same with 320 keys, 32 of which could
// retire in each overlap.
func TestForeignKeysWithTheTagHoldUpNoScheduleForLong(t *testing.T) {
	v := with(func(v *view) {
		v.interval, v.overlap = 7*24*time.Hour, 24*time.Hour
		for i := range 320 {
			k := ours(fmt.Sprintf("key_planted_%03d", i), i+10, start)
			k.LastUsedAt = start.Unix()
			v.listed = append(v.listed, k)
		}
	})
	v.now = start.Add(8 * 24 * time.Hour)
	begun := v.now
	for v.now.Before(begun.AddDate(0, 0, 60)) {
		d := decide(v)
		if d.issue != "" {
			break
		}
		for _, r := range d.revoke {
			v = v.without(r.id)
		}
		for _, id := range d.retire {
			v.record.retiring[id] = v.retiree(v.find(id), unplanned)
		}
		for _, id := range d.limit {
			// As limit has it.
			i := slices.IndexFunc(v.listed, func(k openai.ProjectAPIKey) bool { return k.ID == id })
			if r, ok := v.record.retiring[id]; ok {
				v.listed[i].ExpiresAt = r.RevokeAt.Unix()
				r.Expires = true
				v.record.retiring[id] = r
			} else {
				v.listed[i].ExpiresAt = v.overlapEnds().Unix()
			}
		}
		v.now = v.now.Add(time.Hour)
	}
	if late := v.now.Sub(begun); late > 3*24*time.Hour {
		t.Errorf("the scheduled rotation is %s late", late)
	}
}
