// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestRemovedKeyStateIsRebuilt(t *testing.T) {
	everything := func(s *corev1.Secret) { s.Annotations = nil }
	only := func(keys ...string) func(s *corev1.Secret) {
		return func(s *corev1.Secret) {
			for _, k := range keys {
				delete(s.Annotations, k)
			}
		}
	}
	noStatus := func(f *fixture) { f.cr.Status = v1alpha1.ProjectAPIKeyStatus{} }
	cases := map[string]struct {
		reason string
		remove func(s *corev1.Secret)
		change func(f *fixture)
	}{
		"All":                  {"A mirroring tool writes what it knows.", everything, nil},
		"AllAndLabels":         {"And of the labels, too.", func(s *corev1.Secret) { s.Annotations, s.Labels = nil, nil }, nil},
		"AllAndTheStatus":      {"A backup restores no status.", everything, noStatus},
		"TheTrigger":           {"Somebody removes what seems to be of no use.", only(annotationAppliedTrigger), nil},
		"TheExpiry":            {"As above.", only(annotationAppliedExpiresIn), nil},
		"TheScopes":            {"As above.", only(annotationAppliedScopes, annotationScopesAppliedAt), nil},
		"TheName":              {"As above.", only(annotationAppliedName), nil},
		"TheTimes":             {"As above.", only(annotationIssuedAt, annotationIssuedAtOpenAI, annotationGrantedLifetime), nil},
		"TheSerialAndTheKeyID": {"As above.", only(annotationKeySerial, annotationKeyID), nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Annotations = map[string]string{annotationRotateRequested: "once"}
			f.cr.Spec.ForProvider.ReadOnly = yes
			f.cr.Spec.ForProvider.ExpiresIn = duration(30 * 24 * time.Hour)
			f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("first"), Overlap: duration(time.Hour)}
			id := f.mustIssue(t)
			f.mustReconcile(t)
			want := f.keyState(t)

			f.change(t, tc.remove)
			if tc.change != nil {
				tc.change(f)
			}
			f.Advance(time.Minute)
			f.ResetCalls()
			f.mustReconcile(t)
			f.mustReconcile(t)
			f.holds(t, id)
			if n := f.CountCalls(simulator.RouteCreateServiceAccountAPIKey) + f.CountCalls(simulator.RouteUpdateProjectAPIKey); n != 0 {
				t.Errorf("\n%s\nwant no key issued and none changed, got %d calls", tc.reason, n)
			}
			got := f.keyState(t)
			// Only the key state had these.
			got.issuedAtOpenAI, got.grantedLifetime, got.scopesAppliedAt = want.issuedAtOpenAI, want.grantedLifetime, want.scopesAppliedAt
			if diff := cmp.Diff(want, got, cmp.AllowUnexported(keyState{})); diff != "" {
				t.Errorf("\n%s\nrecord: -want, +got:\n%s", tc.reason, diff)
			}

			f.cr.Spec.ForProvider.Rotation.Trigger = new("second")
			f.mustReconcile(t)
			if n := f.CountCalls(simulator.RouteCreateServiceAccountAPIKey); n != 1 {
				t.Errorf("\n%s\nwant one rotation when the trigger changes, got %d", tc.reason, n)
			}
		})
	}
}

func TestASecretThatIsRolledBackServesNoRequestAgain(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(p *v1alpha1.ProjectAPIKeyParameters)
		// made is how many keys ten restorations lead to at most, with the first two.
		made int
	}{
		"Trigger": {"It was served.", func(p *v1alpha1.ProjectAPIKeyParameters) {
			p.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("again")}
		}, 2},
		"Name": {"The key has another name, and its like was issued before.", func(p *v1alpha1.ProjectAPIKeyParameters) { p.Name = new("another") }, 2 + rotationBurst},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.mustIssue(t)
			f.mustReconcile(t)
			old := f.secret(t)
			f.Advance(time.Second)
			tc.change(&f.cr.Spec.ForProvider)
			f.mustReconcile(t)
			for range 10 {
				f.change(t, func(s *corev1.Secret) { s.Annotations, s.Data = old.Annotations, old.Data })
				f.Advance(time.Second)
				f.mustReconcile(t)
				f.mustReconcile(t)
			}
			if n := len(f.live()); n > tc.made {
				t.Errorf("\n%s\nliving keys: want %d at most, got %d", tc.reason, tc.made, n)
			}
		})
	}
}

func TestARetiringKeyKeepsItsTime(t *testing.T) {
	cases := map[string]struct {
		reason string
		lose   func(t *testing.T, f *fixture)
	}{
		"Annotations": {"A tool clears them.", func(t *testing.T, f *fixture) {
			t.Helper()
			f.change(t, func(s *corev1.Secret) { s.Annotations = nil })
		}},
		"Secret": {"Somebody deletes it.", func(t *testing.T, f *fixture) {
			t.Helper()
			f.remove(t)
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.mustIssue(t)
			f.mustReconcile(t)
			f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("again"), Overlap: duration(time.Hour)}
			f.mustReconcile(t)
			want := f.keyState(t).retiring

			f.Advance(30 * time.Minute)
			tc.lose(t, f)
			f.mustReconcile(t)
			f.mustReconcile(t)
			got := f.keyState(t).retiring
			for id, r := range want {
				if !got[id].RevokeAt.Equal(r.RevokeAt) {
					t.Errorf("\n%s\nkey %q is to be revoked at %s: want %s", tc.reason, id, got[id].RevokeAt, r.RevokeAt)
				}
			}
		})
	}
}

func TestAKeyThatShowsUpAgainRetires(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(time.Hour)}
	first := f.mustIssue(t)
	f.mustReconcile(t)
	f.Advance(time.Minute)
	// As if OpenAI had lost it: the Secret names a key that is neither listed nor found.
	o := f.observe(t)
	o.keys = nil
	second, err := f.issueKeyFrom(t.Context(), t, o)
	if err != nil {
		t.Fatal(err)
	}
	f.cr.Annotations["crossplane.io/external-name"] = second
	f.mustReconcile(t)
	want := map[string]retiringKey{first: {RevokeAt: f.Now().Add(time.Hour), Expires: true, Unplanned: true}}
	if diff := cmp.Diff(want, f.keyState(t).retiring, cmpopts.IgnoreFields(retiringKey{}, "ReplacedAt")); diff != "" {
		t.Errorf("retiring: -want, +got:\n%s", diff)
	}
	if diff := cmp.Diff([]string{first, second}, f.live()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
	f.Advance(time.Hour)
	f.mustReconcile(t)
	if diff := cmp.Diff([]string{second}, f.live()); diff != "" {
		t.Errorf("live keys after the overlap: -want, +got:\n%s", diff)
	}
}

func TestWhoOverwritesASecret(t *testing.T) {
	entry := func(manager string, at time.Time, fields string) metav1.ManagedFieldsEntry {
		t := metav1.NewTime(at)
		return metav1.ManagedFieldsEntry{Manager: manager, Time: &t, FieldsV1: &metav1.FieldsV1{Raw: []byte(fields)}}
	}
	const value, other = `{"f:data":{"f:OPENAI_API_KEY":{}}}`, `{"f:data":{"f:OPENAI_ORG_ID":{}}}`
	cases := map[string]struct {
		reason  string
		entries []metav1.ManagedFieldsEntry
		want    string
	}{
		"Nobody":     {"It is as the provider wrote it.", []metav1.ManagedFieldsEntry{entry(string(fieldManager), start, value)}, ""},
		"Mirror":     {"A tool wrote it.", []metav1.ManagedFieldsEntry{entry(string(fieldManager), start, other), entry("mirror", start, value)}, "mirror"},
		"TheLast":    {"Two tools wrote it.", []metav1.ManagedFieldsEntry{entry("last", start.Add(time.Second), value), entry("first", start, value)}, "last"},
		"OtherData":  {"A tool adds something.", []metav1.ManagedFieldsEntry{entry("mirror", start, other)}, ""},
		"Unreadable": {"Nothing is told.", []metav1.ManagedFieldsEntry{entry("mirror", start, `[]`)}, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{ManagedFields: tc.entries}}
			if got := overwriter(s); got != tc.want {
				t.Errorf("\n%s\noverwriter: want %q, got %q", tc.reason, tc.want, got)
			}
		})
	}
}
