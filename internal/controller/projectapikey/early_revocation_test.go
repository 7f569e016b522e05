// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestALeakedKeyIsEndedWhicheverItIs(t *testing.T) {
	cases := map[string]struct {
		reason string
		// request of a user, for keys of the object from the oldest to the current one.
		request func(f *fixture, keys []string)
		// left are the keys that stay valid, by their places.
		left []int
		says string
	}{
		"OneThatRetires": {
			reason:  "Only the key that leaked ends; others may still be in use.",
			request: func(f *fixture, keys []string) { f.cr.Annotations[annotationRevokeRetiring] = keys[0] },
			left:    []int{1, 2},
		},
		"SomeThatRetire": {
			reason: "Several IDs can be given, as people write lists.",
			request: func(f *fixture, keys []string) {
				f.cr.Annotations[annotationRevokeRetiring] = keys[1] + ",\n" + keys[0]
			},
			left: []int{2},
		},
		"AllThatRetire": {
			reason:  "Whoever does not know which one leaked ends all but the one in use.",
			request: func(f *fixture, _ []string) { f.cr.Annotations[annotationRevokeRetiring] = "all" },
			left:    []int{2},
		},
		"InUse": {
			reason:  "A key in use has no successor yet: the user learns how to end it.",
			request: func(f *fixture, keys []string) { f.cr.Annotations[annotationRevokeRetiring] = keys[2] },
			left:    []int{0, 1, 2},
			says:    annotationRotateRequested,
		},
		"InUseWithRotation": {
			reason: "With a rotation it ends as soon as its successor is issued.",
			request: func(f *fixture, keys []string) {
				f.cr.Annotations[annotationRevokeRetiring] = keys[2]
				f.cr.Annotations[annotationRotateRequested] = "now"
			},
			left: []int{0, 1, 3},
		},
		"InUseWithRotationLater": {
			reason: "As above, as people do it who read the hint.",
			request: func(f *fixture, keys []string) {
				f.cr.Annotations[annotationRevokeRetiring] = keys[2]
				f.later = func() { f.cr.Annotations[annotationRotateRequested] = "now" }
			},
			left: []int{0, 1, 3},
		},
		"InUseWithScheduleLater": {
			reason: "Consumers have the overlap of a rotation that nobody asked for.",
			request: func(f *fixture, keys []string) {
				f.cr.Annotations[annotationRevokeRetiring] = keys[2]
				f.later = func() {
					f.Advance(time.Hour)
					f.cr.Spec.ForProvider.Rotation.Interval = duration(time.Hour)
				}
			},
			left: []int{0, 1, 2, 3},
			says: "",
		},
		"AllAndATime": {
			reason:  "The time makes another request of it.",
			request: func(f *fixture, _ []string) { f.cr.Annotations[annotationRevokeRetiring] = "ALL 2026-11-26T10:00:00Z" },
			left:    []int{2},
		},
		"AllButOne": {
			reason:  "A sentence is not understood, and must not end what it spares.",
			request: func(f *fixture, keys []string) { f.cr.Annotations[annotationRevokeRetiring] = "all except " + keys[0] },
			left:    []int{0, 1, 2},
			says:    "not understood",
		},
		"AllAmongIDs": {
			reason:  "As above.",
			request: func(f *fixture, keys []string) { f.cr.Annotations[annotationRevokeRetiring] = keys[0] + ",all" },
			left:    []int{0, 1, 2},
			says:    "not understood",
		},
		"AllWithRotation": {
			reason: "Whatever was there before the rotation is meant.",
			request: func(f *fixture, _ []string) {
				f.cr.Annotations[annotationRevokeRetiring] = "all"
				f.cr.Annotations[annotationRotateRequested] = "now"
			},
			left: []int{3},
		},
		"ShorterOverlap": {
			reason:  "It holds for keys that retire already.",
			request: func(f *fixture, _ []string) { f.cr.Spec.ForProvider.Rotation.Overlap = duration(30 * time.Minute) },
			left:    []int{1, 2},
		},
		"LongerOverlap": {
			reason:  "OpenAI was told when they end.",
			request: func(f *fixture, _ []string) { f.cr.Spec.ForProvider.Rotation.Overlap = duration(1000 * time.Hour) },
			left:    []int{0, 1, 2},
		},
		"OneOfThemMistyped": {
			reason: "The others end, and the user learns which one did not.",
			request: func(f *fixture, keys []string) {
				f.cr.Annotations[annotationRevokeRetiring] = keys[0] + ",key_mistyped"
			},
			left: []int{1, 2},
			says: `"key_mistyped"`,
		},
		"AnotherObjectsKey": {
			reason:  "Only keys of the object are ended.",
			request: func(f *fixture, _ []string) { f.cr.Annotations[annotationRevokeRetiring] = "key_ofSomebodyElse" },
			left:    []int{0, 1, 2},
			says:    "key_ofSomebodyElse",
		},
		"Misspelled": {
			reason:  "What is not understood must not end anything.",
			request: func(f *fixture, _ []string) { f.cr.Annotations[annotationRevokeRetiring] = "everything!" },
			left:    []int{0, 1, 2},
			says:    "not understood",
		},
		"Value": {
			reason: "A value in an annotation has leaked once more, and must not be repeated.",
			request: func(f *fixture, _ []string) {
				f.cr.Annotations[annotationRevokeRetiring] = `{"key":"sk-svcacct-FAKEFAKEFAKEFAKE"}`
			},
			left: []int{0, 1, 2},
			says: "value of a key",
		},
		"EncodedValue": {
			reason: "As above, as a Secret shows it.",
			request: func(f *fixture, _ []string) {
				f.cr.Annotations[annotationRevokeRetiring] = "c2stc3ZjYWNjdC1GQUtFRkFLRQ=="
			},
			left: []int{0, 1, 2},
			says: "not understood",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(24 * time.Hour)}
			f.cr.Annotations = map[string]string{}
			f.mustIssue(t)
			for _, text := range []string{"first", "second"} {
				f.mustReconcile(t)
				f.Advance(time.Hour)
				f.cr.Annotations[annotationRotateRequested] = text
				f.mustReconcile(t)
			}
			f.Advance(time.Minute)
			keys := f.live()
			if len(keys) != 3 {
				t.Fatalf("want three keys to begin with, got %v", keys)
			}
			tc.request(f, keys)
			for range 3 {
				f.mustReconcile(t)
				f.Advance(time.Second)
				if f.later != nil {
					f.later()
					f.later = nil
				}
			}
			now := f.live()
			all := append([]string{}, keys...)
			if id := f.keyState(t).keyID; id != keys[2] {
				all = append(all, id)
			}
			var want []string
			for _, i := range tc.left {
				want = append(want, all[i])
			}
			if diff := cmp.Diff(want, now); diff != "" {
				t.Errorf("\n%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
			message := f.cr.GetCondition("Ready").Message
			if !strings.Contains(message, tc.says) || (tc.says == "" && strings.Contains(message, annotationRevokeRetiring)) {
				t.Errorf("\n%s\nReady: want %q to be said, got %q", tc.reason, tc.says, message)
			}
			noValue(t, message)
			if strings.Contains(message, "c2st") {
				t.Errorf("\n%s\nReady tells an encoded value: %q", tc.reason, message)
			}
			if got := len(f.cr.Status.AtProvider.Retiring); got != len(now)-1 {
				t.Errorf("\n%s\nretiring keys in the status: want %d, got %d", tc.reason, len(now)-1, got)
			}
			if s := f.secret(t); s == nil || !f.Works(string(s.Data[dataAPIKey])) {
				t.Errorf("\n%s\nwant a key that works", tc.reason)
			}
		})
	}
}

func TestARequestToEndAllKeysIsServedOnce(t *testing.T) {
	f := newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(24 * time.Hour)}
	f.cr.Annotations = map[string]string{annotationRevokeRetiring: "all"}
	f.mustIssue(t)
	f.mustReconcile(t)

	rotate := func(text string) {
		t.Helper()
		f.Advance(time.Minute)
		f.cr.Annotations[annotationRotateRequested] = text
		for range 3 {
			f.mustReconcile(t)
		}
	}
	rotate("first")
	if n := len(f.live()); n != 2 {
		t.Errorf("an annotation that stays must not take the overlap from later rotations: want 2 keys, got %d", n)
	}
	// Another key is issued after somebody deleted the Secret, which had the request that was
	// carried out.
	f.remove(t)
	f.Advance(time.Minute)
	for range 3 {
		_ = f.reconcile(t)
	}
	f.mustReconcile(t)
	if n := len(f.live()); n != 3 {
		t.Errorf("the status tells as well that the request was served: want 3 keys, got %d", n)
	}
	f.cr.Annotations[annotationRevokeRetiring] = "all 2"
	f.mustReconcile(t)
	if n := len(f.live()); n != 1 {
		t.Errorf("another text asks again: want 1 key, got %d", n)
	}
	rotate("second")
	delete(f.cr.Annotations, annotationRevokeRetiring)
	f.mustReconcile(t)
	f.cr.Annotations[annotationRevokeRetiring] = "all 2"
	f.mustReconcile(t)
	if n := len(f.live()); n != 1 {
		t.Errorf("a request that was removed and made again asks again: want 1 key, got %d", n)
	}
}

// newRotated has a key that retires for a day, and a current one.
func newRotated(t *testing.T) (f *fixture, retiring string) {
	t.Helper()
	f = newFixture(t)
	f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: duration(24 * time.Hour), Trigger: new("first")}
	retiring = f.mustIssue(t)
	f.mustReconcile(t)
	f.Advance(time.Minute)
	f.cr.Spec.ForProvider.Rotation.Trigger = new("second")
	f.mustReconcile(t)
	return f, retiring
}

func TestARetiringKeyThatSomebodyEndedLeavesTheStatus(t *testing.T) {
	f, first := newRotated(t)
	if n := len(f.cr.Status.AtProvider.Retiring); n != 1 {
		t.Fatalf("retiring keys: want 1, got %d", n)
	}
	if _, err := f.conn.Organization.Projects.APIKeys.Delete(t.Context(), f.project, first); err != nil {
		t.Fatal(err)
	}
	// The cached list has what calls returned a moment ago.
	conn, err := f.connect(t).InProject(t.Context(), &f.project)
	if err != nil {
		t.Fatal(err)
	}
	f.keyClient.conn = conn
	f.Advance(time.Minute)
	f.mustReconcile(t)
	if r := f.cr.Status.AtProvider.Retiring; len(r) != 0 {
		t.Errorf("retiring keys in the status: want none, got %v", r)
	}
	f.Advance(time.Minute)
	f.ResetCalls()
	f.mustReconcile(t)
	if n := f.CountCalls(simulator.RouteGetProjectAPIKey); n != 0 {
		t.Errorf("what is gone must not be asked for at each look, got %d calls", n)
	}
}

func TestReplacedAtSurvivesTheKeyState(t *testing.T) {
	f, first := newRotated(t)
	want := metav1.NewTime(f.Now().Truncate(time.Second))
	f.change(t, func(s *corev1.Secret) { s.Annotations = nil })
	f.Advance(time.Hour)
	f.cr.Spec.ForProvider.Rotation.Overlap = duration(30 * time.Minute)
	if r := f.cr.Status.AtProvider.Retiring; len(r) != 1 || r[0].ReplacedAt == nil || !r[0].ReplacedAt.Equal(&want) {
		t.Errorf("want the status to tell that the key was replaced at %s, got %v", want, r)
	}
	f.mustReconcile(t)
	f.mustReconcile(t)
	for _, id := range f.live() {
		if id == first {
			t.Errorf("want a shorter overlap to hold for %s", id)
		}
	}
}

func TestALeakedKeyIsRevokedWhateverElseFails(t *testing.T) {
	refuse := func(route simulator.Route) func(t *testing.T, f *fixture) {
		return func(t *testing.T, f *fixture) {
			t.Helper()
			f.fault(t, simulator.Fault{Kind: simulator.FaultError, Route: route, Status: http.StatusForbidden, Message: "a policy forbids this"})
		}
	}
	cases := map[string]struct {
		reason string
		fails  func(t *testing.T, f *fixture)
		change func(f *fixture)
	}{
		"Rotation": {
			"A policy forbids new keys.", refuse(simulator.RouteCreateServiceAccountAPIKey),
			func(f *fixture) { f.cr.Spec.ForProvider.Rotation.Trigger = new("now") },
		},
		"Scopes": {
			"A policy forbids changes of keys.", refuse(simulator.RouteUpdateProjectAPIKey),
			func(f *fixture) { f.cr.Spec.ForProvider.ReadOnly = new(true) },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f, first := newRotated(t)
			second := f.keyState(t).keyID
			tc.fails(t, f)
			tc.change(f)
			meta.AddAnnotations(f.cr, map[string]string{annotationRevokeRetiring: first})
			if err := f.reconcile(t); err == nil {
				t.Errorf("%s\nwant the failure to be told", tc.reason)
			}
			if diff := cmp.Diff([]string{second}, f.live()); diff != "" {
				t.Errorf("%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
