// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func issueOf(serial int, ago time.Duration, count int, cause string) v1alpha1.UnplannedRotation {
	return v1alpha1.UnplannedRotation{Serial: int64(serial), IssuedAt: metav1.NewTime(start.Add(-ago)), Cause: cause, Count: int64(count)}
}

func TestUnplannedRotationsWaitLongerAndLonger(t *testing.T) {
	cases := map[string]struct {
		reason string
		issues []v1alpha1.UnplannedRotation
		want   time.Duration
	}{
		"None":          {"An interrupted issuance must not leave a consumer without a key.", nil, 0},
		"Two":           {"A third may follow at once.", []v1alpha1.UnplannedRotation{issueOf(3, time.Second, 2, "")}, 0},
		"Three":         {"The burst is used up.", []v1alpha1.UnplannedRotation{issueOf(4, time.Second, 3, "")}, time.Minute - time.Second},
		"ThreeLongAgo":  {"A minute has passed.", []v1alpha1.UnplannedRotation{issueOf(4, time.Minute, 3, "")}, 0},
		"Four":          {"The wait doubles.", []v1alpha1.UnplannedRotation{issueOf(5, 0, 4, "")}, 2 * time.Minute},
		"Eight":         {"And again.", []v1alpha1.UnplannedRotation{issueOf(9, 0, 8, "")}, 32 * time.Minute},
		"Fifty":         {"It never is longer than an hour.", []v1alpha1.UnplannedRotation{issueOf(51, 0, 50, "")}, time.Hour},
		"AQuietHour":    {"One is given back.", []v1alpha1.UnplannedRotation{issueOf(4, time.Hour, 3, "")}, 0},
		"ClockDiffers":  {"A little is nothing.", []v1alpha1.UnplannedRotation{issueOf(4, -2*time.Second, 3, "")}, time.Minute + 2*time.Second},
		"OnlyTheLatest": {"What counted before is in it.", []v1alpha1.UnplannedRotation{issueOf(4, time.Minute, 3, ""), issueOf(5, 0, 1, "")}, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := observed{now: start, unplanned: tc.issues}
			if got := o.nextAllowed().Sub(start); got != tc.want {
				t.Errorf("\n%s\nearliest: want in %s, got in %s", tc.reason, tc.want, got)
			}
		})
	}
}

func TestUnplannedRotationsAreRemembered(t *testing.T) {
	told := func(of ...v1alpha1.UnplannedRotation) *v1alpha1.ProjectAPIKey {
		cr := &v1alpha1.ProjectAPIKey{}
		cr.Status.AtProvider.UnplannedRotations = of
		return cr
	}
	cases := map[string]struct {
		reason     string
		cr         *v1alpha1.ProjectAPIKey
		remembered []v1alpha1.UnplannedRotation
		open       inFlight
		want       []v1alpha1.UnplannedRotation
	}{
		"Nothing":       {"A new object.", told(), nil, nil, nil},
		"Restarted":     {"The status tells them.", told(issueOf(2, time.Minute, 1, "a")), nil, nil, []v1alpha1.UnplannedRotation{issueOf(2, time.Minute, 1, "a")}},
		"StatusIsOlder": {"The status is written later.", told(issueOf(2, time.Minute, 1, "a")), []v1alpha1.UnplannedRotation{issueOf(3, 0, 2, "b")}, nil, []v1alpha1.UnplannedRotation{issueOf(2, time.Minute, 1, "a"), issueOf(3, 0, 2, "b")}},
		"BothTell":      {"None counts twice.", told(issueOf(2, 0, 1, "a")), []v1alpha1.UnplannedRotation{issueOf(2, 0, 1, "a")}, nil, []v1alpha1.UnplannedRotation{issueOf(2, 0, 1, "a")}},
		"Interrupted":   {"The provider died between the request and its note.", told(issueOf(2, time.Minute, 1, "a")), nil, inFlight{3: start}, []v1alpha1.UnplannedRotation{issueOf(2, time.Minute, 1, "a"), issueOf(3, 0, 2, causeInterrupted)}},
		"ClockSetBack":  {"One of the future was issued now at the latest.", told(issueOf(2, -48*time.Hour, 1, "a")), nil, nil, []v1alpha1.UnplannedRotation{issueOf(2, 0, 1, "a")}},
		"Forged":        {"Somebody wrote the status.", told(issueOf(1<<40, 0, 1, "a"), issueOf(-1, 0, 1, "a"), issueOf(3, 0, 1<<60, "a")), nil, nil, []v1alpha1.UnplannedRotation{issueOf(3, 0, maxCount, "a")}},
		"OfADayAgo":     {"It is forgotten.", told(issueOf(2, 25*time.Hour, 1, "a")), nil, nil, nil},
		"MoreThanAreTold": {"Five are.", told(issueOf(2, 5*time.Second, 1, "a"), issueOf(3, 4*time.Second, 2, "a"), issueOf(4, 3*time.Second, 3, "a"), issueOf(5, 2*time.Second, 4, "a"), issueOf(6, time.Second, 5, "a")), []v1alpha1.UnplannedRotation{issueOf(7, 0, 6, "b")}, nil,
			[]v1alpha1.UnplannedRotation{issueOf(3, 4*time.Second, 2, "a"), issueOf(4, 3*time.Second, 3, "a"), issueOf(5, 2*time.Second, 4, "a"), issueOf(6, time.Second, 5, "a"), issueOf(7, 0, 6, "b")}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, unplannedRotations(tc.cr, tc.remembered, tc.open, start)); diff != "" {
				t.Errorf("\n%s\nissues: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestWhichRotationsAreLimited(t *testing.T) {
	exhausted := []v1alpha1.UnplannedRotation{issueOf(9, 0, 9, "something went wrong")}
	another := func(o *observed) { o.secret.Data[dataAPIKey] = []byte("sk-svcacct-FAKE-other") }
	trigger := func(o *observed) { o.trigger, o.state.trigger = "b", "a" }
	interval := func(age time.Duration) func(*observed) {
		return func(o *observed) { o.interval, o.state.issued = time.Hour, start.Add(-age) }
	}
	living := func(n int) func(*observed) {
		return func(o *observed) {
			for i := range n {
				k := managedKey("key_5"+string(rune('0'+i)), 50+i, start.Add(-time.Hour))
				o.keys = append(o.keys, k)
				o.state.retiring[k.ID] = retiringKey{RevokeAt: start.Add(time.Hour), Unplanned: true, Expires: true}
			}
		}
	}
	cases := map[string]struct {
		reason string
		v      observed
		issues []v1alpha1.UnplannedRotation
		issue  string
		wait   string
		late   string
	}{
		"NobodyAsked":              {"The value was overwritten, and the limit is reached.", with(another), exhausted, "", `the Secret no longer holds the value`, ""},
		"NobodyAskedBefore":        {"It is the first time.", with(another), nil, "no longer holds the value", "", ""},
		"AUserAsks":                {"It is served at once.", with(trigger), exhausted, "rotation.trigger changed", "", ""},
		"AUserAsksWithoutAKey":     {"It is served at once.", with(another, trigger), exhausted, "rotation.trigger changed", "", ""},
		"TheRequestFailed":         {"To try again is no new request.", with(trigger), []v1alpha1.UnplannedRotation{{Serial: 9, IssuedAt: metav1.NewTime(start), Count: 9, Trigger: "b"}}, "", "", "rotation.trigger changed"},
		"TheIntervalPassed":        {"The schedule has no floor.", with(interval(time.Hour)), nil, "interval is over", "", ""},
		"ItPassedForOpenAIOnly":    {"The clocks disagree.", with(interval(10*time.Minute), func(o *observed) { o.keys[0].CreatedAt = start.Add(-2 * time.Hour).Unix() }), exhausted, "", "", "interval is over"},
		"AScheduledOneFailed":      {"To try again at once is not on schedule.", with(interval(time.Hour)), exhausted, "", "", "interval is over"},
		"FiveLive":                 {"Enough live that no overlap explains.", with(another, living(4)), nil, "", "5 keys of this object count as living", ""},
		"FourLive":                 {"One more may.", with(another, living(3)), nil, "no longer holds the value", "", ""},
		"FiveLiveAndTheUserAsks":   {"It is served at once.", with(another, trigger, living(4)), nil, "rotation.trigger changed", "", ""},
		"FiveLiveButNoneForLong":   {"OpenAI has ended one.", with(another, living(4), func(o *observed) { o.keys[len(o.keys)-1].ExpiresAt = start.Add(-2 * time.Hour).Unix() }), nil, "no longer holds the value", "", ""},
		"ARotationWhileFiveLive":   {"It waits, too.", with(interval(time.Hour), living(4)), nil, "", "", "5 keys of this object count as living"},
		"TheFirstKeyOfAnObject":    {"The user asked for it with the object.", observed{now: start, ownerHash: ownerHashOf("uid-1")}, nil, "there is no Secret", "", ""},
		"TheSecondAfterAFirstLost": {"The reply was lost.", observed{now: start, ownerHash: ownerHashOf("uid-1"), state: keyState{serial: 1}}, exhausted, "", "there is no Secret", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			tc.v.unplanned = tc.issues
			d := decide(tc.v)
			for _, c := range []struct{ what, want, got string }{{"issue", tc.issue, d.issueReason}, {"wait", tc.wait, d.waitReason}, {"late", tc.late, d.postponed}} {
				if (c.want == "") != (c.got == "") || !strings.Contains(c.got, c.want) {
					t.Errorf("\n%s\n%s: want %q in it, got %q", tc.reason, c.what, c.want, c.got)
				}
			}
			if (tc.wait != "" || tc.late != "") && (d.reconcileAt.IsZero() || !strings.Contains(d.waitReason+d.postponed, "rotation.trigger")) {
				t.Errorf("\n%s\nwant a time to wake at and the remedy, got %s and %q", tc.reason, d.reconcileAt, d.waitReason+d.postponed)
			}
		})
	}
}

func TestRoomIsMadeThoughTheSecretIsGone(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(time.Hour)}
	f.mustIssue(t)
	f.mustReconcile(t)
	for range maxLivingKeys - 1 {
		f.remove(t)
		f.Advance(15 * time.Minute)
		f.mustReconcile(t)
		f.mustReconcile(t)
	}
	f.remove(t)
	for range 3 {
		f.mustReconcile(t)
	}
	if f.secret(t) != nil || len(f.live()) != maxLivingKeys {
		t.Fatalf("want %d living keys and no other one issued, got %v", maxLivingKeys, f.live())
	}
	f.Advance(time.Hour)
	for range 3 {
		f.mustReconcile(t)
	}
	if s := f.secret(t); s == nil || !f.Works(string(s.Data[dataAPIKey])) {
		t.Error("want a key that works once an overlap is over")
	}
}

func TestRoomIsMadeForAKey(t *testing.T) {
	o := with(func(o *observed) {
		o.secret.Data[dataAPIKey] = []byte("sk-svcacct-FAKE-other")
		for i, id := range []string{"key_6", "key_7", "key_8", "key_9"} {
			o.keys = append(o.keys, managedKey(id, 10+i, start.Add(-time.Hour)))
			o.state.retiring[id] = retiringKey{RevokeAt: start.Add(time.Duration(i) * time.Hour), Unplanned: true, Expires: true}
		}
	})
	d := decide(o)
	if diff := cmp.Diff([]string{"key_6"}, ids(d.revoke)); diff != "" {
		t.Errorf("revoke the one whose overlap is over, so that another can be issued: -want, +got:\n%s", diff)
	}
	if want := start.Add(time.Hour); !d.reconcileAt.Equal(want) {
		t.Errorf("wake: want when the next overlap is over, %s, got %s", want, d.reconcileAt)
	}
}

func TestAgesByTwoClocks(t *testing.T) {
	made := func(created, expires time.Time, change func(o *observed)) (observed, *openai.ProjectAPIKey) {
		k := managedKey("key_1", 1, created)
		k.ExpiresAt = expires.Unix()
		if created.IsZero() {
			k.CreatedAt = 0
		}
		o := observed{now: start, ownerHash: ownerHashOf("uid-1"), keys: []openai.ProjectAPIKey{k}, state: keyState{keyID: "key_1", issued: start, issuedAtOpenAI: start, retiring: map[string]retiringKey{}}}
		if change != nil {
			change(&o)
		}
		return o, &o.keys[0]
	}
	const behind = 45 * time.Minute
	cases := map[string]struct {
		reason           string
		created, expires time.Time
		change           func(o *observed)
		ends, rotation   time.Duration
	}{
		"Agree":             {"The usual case.", start, start.Add(time.Hour), nil, time.Hour, 40 * time.Minute},
		"OpenAIBehind":      {"OpenAI's clock is behind, and its Date tells.", start.Add(-behind), start.Add(time.Hour - behind), func(o *observed) { o.offset, o.state.issuedAtOpenAI = -behind, start.Add(-behind) }, time.Hour, 40 * time.Minute},
		"OpenAIAhead":       {"And the other way.", start.Add(behind), start.Add(time.Hour + behind), func(o *observed) { o.offset, o.state.issuedAtOpenAI = behind, start.Add(behind) }, time.Hour, 40 * time.Minute},
		"TimesBehind":       {"A gateway shifts the times, and not the Date.", start.Add(-behind), start.Add(time.Hour - behind), nil, time.Hour, 40 * time.Minute},
		"TimesAhead":        {"And the other way.", start.Add(behind), start.Add(time.Hour + behind), nil, time.Hour, 40 * time.Minute},
		"NullCreated":       {"OpenAI leaves out when it was created.", time.Time{}, start.Add(time.Hour), nil, time.Hour, 40 * time.Minute},
		"Clipped":           {"OpenAI granted less than was asked for.", start, start.Add(20 * time.Minute), func(o *observed) { o.state.expiresIn = time.Hour }, 20 * time.Minute, 13*time.Minute + 20*time.Second},
		"OwnClockSetBack":   {"The provider saw less time pass than OpenAI.", start.Add(-behind), start.Add(time.Hour - behind), func(o *observed) { o.state.issuedAtOpenAI = start.Add(-behind) }, time.Hour - behind, 40*time.Minute - behind},
		"AdoptedKey":        {"Only OpenAI knows when it was made.", start.Add(-behind), start.Add(time.Hour - behind), func(o *observed) { o.state = keyState{} }, time.Hour - behind, 40*time.Minute - behind},
		"OfAnotherProvider": {"The Secret is gone, and the status tells.", start.Add(-behind), start.Add(time.Hour - behind), func(o *observed) { o.state, o.statusApplied.KeyID, o.statusIssuedAt = keyState{}, "key_1", start }, time.Hour, 40 * time.Minute},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o, k := made(tc.created, tc.expires, tc.change)
			if got := o.expiresAt(k).Sub(start); got != tc.ends {
				t.Errorf("\n%s\nends: want in %s, got in %s", tc.reason, tc.ends, got)
			}
			if at, _ := o.nextRotation(k); at.Sub(start) != tc.rotation {
				t.Errorf("\n%s\nnext rotation: want in %s, got in %s", tc.reason, tc.rotation, at.Sub(start))
			}
		})
	}
}
