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

// manyRetiring is a key state of so many keys that never were.
func manyRetiring(n int) string {
	r := map[string]retiringKey{}
	for i := range n {
		r[fmt.Sprintf("key_made_up_%d", i)] = retiringKey{RevokeAt: start.Add(time.Hour)}
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

func FuzzKeyState(f *testing.F) {
	f.Add("key_1", "3", "4", "2026-11-01T11:00:00Z", "2026-11-01T11:00:00Z", "2160h0m0s", "2160h0m0s", manyRetiring(2), "all 1")
	f.Add("key_1", "1073741824", "+7", farAhead, lastYear, "-1h", "2540400h", `{"key_0":{"revokeAt":"`+lastYear+`","replacedAt":"`+farAhead+`"}}`, strings.Repeat("x", 300))
	f.Add("sk-svcacct-FAKE-0123456789abcdef", "007", "-1", noYear, "never", "9223372036s", "0", "null", "sk-svcacct-FAKE-0123456789abcdef")
	f.Add("../key_1", "99999999999999999999", "three", "0001-01-01T00:00:00Z", "2026-11-01T11:00:00.5+01:00", "1ns", "x", manyRetiring(4000), "\xff\xfe")
	f.Fuzz(func(t *testing.T, keyID, serial, pending, issued, born, granted, expiresIn, retiring, text string) {
		s := annotated(map[string]string{
			annotationKeyID: keyID, annotationKeySerial: serial, annotationPendingSerial: pending, annotationIssuedAt: issued, annotationScopesAppliedAt: issued, annotationIssuedAtOpenAI: born,
			annotationGrantedLifetime: granted, annotationAppliedExpiresIn: expiresIn, annotationRetiringKeys: retiring, annotationAppliedRotateRequest: text, annotationAppliedRevokeRetiring: text, annotationAppliedTrigger: text,
		})
		state, err := readKeyState(s)
		if err != nil {
			noValue(t, err.Error())
			if _, again := readKeyState(s); fmt.Sprint(again) != err.Error() {
				t.Errorf("another error the second time: %v, then %v", err, again)
			}
			return
		}
		written := annotated(nil)
		state.write(written)
		again, err := readKeyState(written)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(state, again, cmp.AllowUnexported(keyState{})); diff != "" {
			t.Fatalf("record: -written, +read:\n%s", diff)
		}
		isValidState(t, state.validated(start, time.Hour), time.Hour)
	})
}

// isValidState fails if a key state has what it cannot correctly say.
func isValidState(t *testing.T, state keyState, ahead time.Duration) {
	t.Helper()
	latest := start.Add(clockTolerance)
	if state.issued.After(latest) || state.scopesAppliedAt.After(latest) || state.issuedAtOpenAI.After(latest.Add(ahead)) {
		t.Errorf("times that have not come yet are believed: issued %s, asserted %s, born %s", state.issued, state.scopesAppliedAt, state.issuedAtOpenAI)
	}
	if state.grantedLifetime < 0 || state.grantedLifetime > maxLifetime || state.expiresIn < 0 || state.expiresIn > maxLifetime {
		t.Errorf("lives that nobody granted are believed: %s, %s", state.grantedLifetime, state.expiresIn)
	}
	for id, k := range state.retiring {
		if !isKeyID(id) || (k.ReplacedAt != nil && k.ReplacedAt.After(latest)) {
			t.Errorf("retiring key %q was replaced at %v", id, k.ReplacedAt)
		}
	}
	if len(state.retiring) > maxRetiring || len(state.rotateRequest) > maxTextBytes || len(state.revokeRetiring) > maxTextBytes {
		t.Errorf("a key state is too large: %d retiring keys, texts of %d and %d bytes", len(state.retiring), len(state.rotateRequest), len(state.revokeRetiring))
	}
}

func FuzzInFlight(f *testing.F) {
	f.Add(`{"3":"2026-11-01T11:59:30Z"}`, false)
	f.Add(`{"3":"`+farAhead+`","1073741825":"`+lastYear+`","-1":"`+noYear+`","+7":null}`, true)
	f.Add(`{"1048575":"2026-11-01T12:00:00Z","1073741824":"2026-11-01T12:00:00Z"}`, false)
	f.Add(`{`, true)
	f.Add(`["sk-svcacct-FAKE-0123456789abcdef"]`, false)
	f.Fuzz(func(t *testing.T, told string, deleted bool) {
		cr := newKey("uid-1", "checkout")
		cr.Annotations = map[string]string{annotationKeysInFlight: told}
		latest := start.Add(clockTolerance)
		if deleted {
			at := metav1.NewTime(start.Add(-time.Minute))
			cr.DeletionTimestamp = &at
		}
		u, err := readInFlight(cr, start)
		if err != nil {
			noValue(t, err.Error())
			if deleted {
				t.Errorf("a deletion is held up: %v", err)
			}
			return
		}
		o := observed{now: start, ownerHash: ownerHashOf("uid-1"), inFlight: u, timing: timing{inFlightGrace: InFlightGrace}}
		if until := o.stillInFlight().latestEnd(InFlightGrace); until.After(latest.Add(InFlightGrace)) {
			t.Errorf("keys are awaited until %s", until)
		}
		if n := o.nextSerial(); n < 1 || n > maxTrustedSerial+maxInFlight {
			t.Errorf("the next serial is %d", n)
		}
		u.write(cr)
		again, err := readInFlight(cr, start)
		if err != nil {
			t.Fatalf("what was written cannot be read: %v", err)
		}
		if diff := cmp.Diff(u, again); diff != "" {
			t.Errorf("keys in flight: -written, +read:\n%s", diff)
		}
	})
}
