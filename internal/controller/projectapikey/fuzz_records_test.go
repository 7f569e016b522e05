// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	farAhead = "2036-01-01T00:00:00Z"
	lastYear = "9999-12-31T23:59:59-23:59"
	noYear   = "0000-01-01T00:00:00+23:59"
)

// manyRetiring is a record of so many keys that never were.
func manyRetiring(n int) string {
	r := map[string]retiree{}
	for i := range n {
		r[fmt.Sprintf("key_made_up_%d", i)] = retiree{RevokeAt: start.Add(time.Hour)}
	}
	text, _ := json.Marshal(r)
	return string(text)
}

// annotated is a Secret with annotations that are not empty.
func annotated(annotations map[string]string) *corev1.Secret {
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: "checkout", Annotations: map[string]string{}}}
	for k, v := range annotations {
		if v != "" {
			s.Annotations[k] = v
		}
	}
	return s
}

func FuzzRecord(f *testing.F) {
	f.Add("key_1", "3", "4", "2026-11-01T11:00:00Z", "2026-11-01T11:00:00Z", "2160h0m0s", "2160h0m0s", manyRetiring(2), "all 1")
	f.Add("key_1", "1073741824", "+7", farAhead, lastYear, "-1h", "2540400h", `{"key_0":{"revokeAt":"`+lastYear+`","replacedAt":"`+farAhead+`"}}`, strings.Repeat("x", 300))
	f.Add("sk-svcacct-FAKE-0123456789abcdef", "007", "-1", noYear, "never", "9223372036s", "0", "null", "sk-svcacct-FAKE-0123456789abcdef")
	f.Add("../key_1", "99999999999999999999", "three", "0001-01-01T00:00:00Z", "2026-11-01T11:00:00.5+01:00", "1ns", "x", manyRetiring(4000), "\xff\xfe")
	f.Fuzz(func(t *testing.T, keyID, serial, pending, issued, born, granted, expiresIn, retiring, text string) {
		s := annotated(map[string]string{
			annotationKeyID: keyID, annotationSerial: serial, annotationPending: pending, annotationIssued: issued, annotationAsserted: issued, annotationBorn: born,
			annotationGranted: granted, annotationExpiresIn: expiresIn, annotationRetiring: retiring, annotationRequested: text, annotationRevoked: text, annotationTrigger: text,
		})
		r, err := readRecord(s)
		if err != nil {
			noValue(t, err.Error())
			if _, again := readRecord(s); fmt.Sprint(again) != err.Error() {
				t.Errorf("another error the second time: %v, then %v", err, again)
			}
			return
		}
		written := annotated(nil)
		r.write(written)
		again, err := readRecord(written)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(r, again, cmp.AllowUnexported(record{})); diff != "" {
			t.Fatalf("record: -written, +read:\n%s", diff)
		}
		believes(t, r.believed(start, time.Hour), time.Hour)
	})
}

// believes fails if a record says what no honest one can.
func believes(t *testing.T, r record, ahead time.Duration) {
	t.Helper()
	latest := start.Add(clockTolerance)
	if r.issued.After(latest) || r.asserted.After(latest) || r.born.After(latest.Add(ahead)) {
		t.Errorf("times that have not come yet are believed: issued %s, asserted %s, born %s", r.issued, r.asserted, r.born)
	}
	if r.granted < 0 || r.granted > longestLife || r.expiresIn < 0 || r.expiresIn > longestLife {
		t.Errorf("lives that nobody granted are believed: %s, %s", r.granted, r.expiresIn)
	}
	for id, k := range r.retiring {
		if !isKeyID(id) || (k.ReplacedAt != nil && k.ReplacedAt.After(latest)) {
			t.Errorf("retiring key %q was replaced at %v", id, k.ReplacedAt)
		}
	}
	if len(r.retiring) > mostRetiring || len(r.requested) > longestText || len(r.revoked) > longestText {
		t.Errorf("a record is too large: %d retiring keys, texts of %d and %d bytes", len(r.retiring), len(r.requested), len(r.revoked))
	}
}

func FuzzUnsettled(f *testing.F) {
	f.Add(`{"3":"2026-11-01T11:59:30Z"}`, false)
	f.Add(`{"3":"`+farAhead+`","1073741825":"`+lastYear+`","-1":"`+noYear+`","+7":null}`, true)
	f.Add(`{"1048575":"2026-11-01T12:00:00Z","1073741824":"2026-11-01T12:00:00Z"}`, false)
	f.Add(`{`, true)
	f.Add(`["sk-svcacct-FAKE-0123456789abcdef"]`, false)
	f.Fuzz(func(t *testing.T, told string, deleted bool) {
		cr := newKey("uid-1", "checkout")
		cr.Annotations = map[string]string{annotationUnsettled: told}
		latest := start.Add(clockTolerance)
		if deleted {
			at := metav1.NewTime(start.Add(-time.Minute))
			cr.DeletionTimestamp = &at
		}
		u, err := readUnsettled(cr, start)
		if err != nil {
			noValue(t, err.Error())
			if deleted {
				t.Errorf("a deletion is held up: %v", err)
			}
			return
		}
		v := view{now: start, tag: tagFor("uid-1"), unsettled: u, timing: timing{grace: InFlightGrace}}
		if until := v.open().until(InFlightGrace); until.After(latest.Add(InFlightGrace)) {
			t.Errorf("keys are awaited until %s", until)
		}
		if n := v.nextSerial(); n < 1 || n > plausibleSerials+mostUnsettled {
			t.Errorf("the next serial is %d", n)
		}
		u.write(cr)
		again, err := readUnsettled(cr, start)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(u, again); diff != "" {
			t.Errorf("unsettled keys: -written, +read:\n%s", diff)
		}
	})
}
