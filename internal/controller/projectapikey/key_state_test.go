// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestKeyStateRoundTrip(t *testing.T) {
	full := keyState{
		keyID: "key_1", project: "proj_1", account: "user-1", issued: start, serial: 3, pending: 4,
		name: "checkout", scopes: fingerprint(nil), expiresIn: 90 * time.Minute,
		retiring:        map[string]retiringKey{"key_0": {RevokeAt: start.Add(time.Hour), Expires: true}, "key_00": {RevokeAt: start}},
		scopesAppliedAt: start.Add(time.Second), trigger: "2026-11-22", previousSecret: "old",
	}
	cases := map[string]struct {
		reason string
		r      keyState
	}{
		"Nothing": {"A new Secret.", keyState{retiring: map[string]retiringKey{}}},
		"Shell":   {"Before the first commit.", keyState{pending: 1, project: "proj_1", account: "user-1", retiring: map[string]retiringKey{}}},
		"Full":    {"Everything at once.", full},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			// What was there before must not shine through, what is others' must stay.
			s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{"theirs": "kept"}}}
			full.write(s)
			tc.r.write(s)
			got, err := readKeyState(s)
			if err != nil {
				t.Fatalf("\n%s\nreadRecord: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.r, got, cmp.AllowUnexported(keyState{})); diff != "" {
				t.Errorf("\n%s\nrecord: -written, +read:\n%s", tc.reason, diff)
			}
			if s.Annotations["theirs"] != "kept" {
				t.Errorf("\n%s\nsomebody else's annotation is gone", tc.reason)
			}
		})
	}
}

func TestReadKeyStateWithoutASecret(t *testing.T) {
	got, err := readKeyState(nil)
	if err != nil {
		t.Fatalf("readRecord: %v", err)
	}
	if diff := cmp.Diff(keyState{retiring: map[string]retiringKey{}}, got, cmp.AllowUnexported(keyState{})); diff != "" {
		t.Errorf("record: -want, +got:\n%s", diff)
	}
}

// TestMangledAnnotations shows that a key state which cannot be read is never taken
// for an empty one, which would have a key issued that nobody asked for.
func TestMangledAnnotations(t *testing.T) {
	cases := map[string]struct{ reason, key, value string }{
		"Serial":        {"No number.", annotationKeySerial, "three"},
		"SerialTooLong": {"No number that a counter reaches.", annotationKeySerial, "99999999999999999999"},
		"Pending":       {"No number.", annotationPendingSerial, ""},
		"Issued":        {"No time.", annotationIssuedAt, "2026-11-01"},
		"Asserted":      {"No time.", annotationScopesAppliedAt, "never"},
		"ExpiresIn":     {"No duration.", annotationAppliedExpiresIn, "90 days"},
		"Retiring":      {"No JSON.", annotationRetiringKeys, "{"},
		"RetiringForm":  {"JSON of another form.", annotationRetiringKeys, `["key_1"]`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "ns", Name: "s", Annotations: map[string]string{tc.key: tc.value}}}
			_, err := readKeyState(s)
			want := `annotation "` + tc.key + `" of Secret "ns/s" was changed by hand and cannot be read: remove it, and it is restored as far as the status shows: `
			if !strings.HasPrefix(text(err), want) {
				t.Errorf("\n%s\nreadRecord: want an error that begins with %q, got %v", tc.reason, want, err)
			}
		})
	}
}

// TestRetiringNull shows that an annotation which is valid JSON, but no object,
// does not crash the provider when a key is to retire.
func TestRetiringNull(t *testing.T) {
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Annotations: map[string]string{annotationKeyID: "key_1", annotationRetiringKeys: "null"}}}
	state, err := readKeyState(s)
	if err != nil {
		t.Fatalf("readRecord: %v", err)
	}
	defer func() {
		if p := recover(); p != nil {
			t.Errorf("retire: %v", p)
		}
	}()
	o := observed{now: start, secret: s, state: state, verified: map[string]bool{"key_1": true}, desired: desired{accountID: "user-1"}, keys: []openai.ProjectAPIKey{ownedBy("user-1", openai.ProjectAPIKey{ID: "key_1"})}}
	if _, retiring := o.retiringAfterIssue(originScheduled)["key_1"]; !retiring {
		t.Error("retire: want key_1, which consumers may still use")
	}
}
