// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// issuedAtMost is the number of keys that an object issues without a requested rotation: the first
// one and a burst of unplanned rotations.
const issuedAtMost = 1 + 3

// issueCalls counts the calls that issue a key for the tenant, successful or not.
func (tn *tenant) issueCalls() int {
	tn.Helper()
	return tn.calls(simulator.RouteCreateServiceAccountAPIKey)
}

func expiresIn(d time.Duration) func(*v1alpha1.ProjectAPIKey) {
	return func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ExpiresIn = &metav1.Duration{Duration: d} }
}

func interval(d time.Duration) func(*v1alpha1.ProjectAPIKeyRotation) {
	return func(r *v1alpha1.ProjectAPIKeyRotation) { r.Interval = &metav1.Duration{Duration: d} }
}

func TestTimesThatAreWrongInRepliesRotateNothing(t *testing.T) {
	t.Parallel()
	asAtOpenAI := func(k simulator.KeySnapshot) time.Time { return k.ExpiresAt }
	cases := map[string]struct {
		reason  string
		rewrite rewriting
		mod     func(cr *v1alpha1.ProjectAPIKey)
		// expiry that the status must show; nil: any.
		expiry func(k simulator.KeySnapshot) time.Time
	}{
		"TooEarly": {"Only a quarter of the life would be left.", shiftedTimes(-45 * time.Minute), expiresIn(time.Hour), nil},
		"TooLate":  {"It would be created in the future.", shiftedTimes(45 * time.Minute), expiresIn(time.Hour), nil},
		"TooEarlyForTheInterval": {
			"It would be older than it may get.", shiftedTimes(-45 * time.Minute), rotation(overlap(5*time.Minute), interval(30*time.Minute)), nil,
		},
		"AnExpirySoonerThanAsked": {
			"The organization limits it. Two thirds of what was granted are as good as of what was asked for.",
			shorterLived(3), expiresIn(time.Hour), func(k simulator.KeySnapshot) time.Time { return k.CreatedAt.Add(k.ExpiresAt.Sub(k.CreatedAt) / 3) },
		},
		"NoCreation": {"It would be half a century old.", withoutField("created_at"), rotation(interval(720 * time.Hour)), nil},
		"NoExpiry":   {"Though it was asked for.", withoutField("expires_at"), expiresIn(time.Hour), nil},
		"AsTheyAre":  {"For comparison.", eachResource(func(map[string]any) {}), expiresIn(time.Hour), asAtOpenAI},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			g.intercept(interception{matches: aboutKeys, rewrite: tc.rewrite})
			key := tn.key("timed", tc.mod)
			tn.create(key)
			tn.awaitReady(key)
			value := tn.workingKey("timed")
			before, _ := sim.KeyByValue(value)
			tn.reconcileAgain(6, key)
			// The status must suffice when the state annotations are gone.
			change(tn, tn.secret("timed"), keyStateRemovals["all-annotations"])
			tn.reconcileAgain(3, key)
			tn.awaitReady(key)
			if n := tn.issueCalls(); n != 1 || tn.workingKey("timed") != value {
				t.Errorf("%s\n%d keys were issued, want one", tc.reason, n)
			}
			after, _ := sim.KeyByValue(value)
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("%s\nthe key at OpenAI: -before, +after:\n%s", tc.reason, diff)
			}
			if tc.expiry == nil {
				return
			}
			at := key.Status.AtProvider.ExpiresAt
			if want := tc.expiry(before).Truncate(time.Second); at == nil || at.Sub(want).Abs() > time.Second {
				t.Errorf("%s\nthe status shows that it expires at %v, want %v", tc.reason, at, want)
			}
		})
	}
}

func TestAnOpenAIWithAnotherClockRotatesNothing(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{"Behind": -45 * time.Minute, "Ahead": 45 * time.Minute} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, own := newTenantWithClock(t, ahead)
			keys := map[string]*v1alpha1.ProjectAPIKey{
				"expiring": tn.key("expiring", expiresIn(time.Hour)),
				"aging":    tn.key("aging", rotation(overlap(5*time.Minute), interval(30*time.Minute))),
			}
			for _, key := range keys {
				tn.create(key)
			}
			for _, key := range keys {
				tn.awaitReady(key)
				tn.reconcileAgain(6, key)
				tn.awaitReady(key)
			}
			if n := own.CountCalls(simulator.RouteCreateServiceAccountAPIKey); n != len(keys) {
				t.Errorf("%d keys were issued, want one for each of %d objects", n, len(keys))
			}
			for name := range keys {
				if !own.Works(string(tn.secret(name).Data["OPENAI_API_KEY"])) {
					t.Errorf("the key in Secret %q does not work", name)
				}
			}
		})
	}
}

func TestAKeyThatIsLostAgainAndAgainIsReplacedThriceUnlessSomebodyAsksForMore(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		// overwrites returns the value to write over the one in the Secret, given the first value;
		// nil: the Secret is deleted.
		overwrites func(first string) string
		says       []string
	}{
		"overwritten": {
			reason:     "Two that write one Secret do so for ever.",
			overwrites: func(string) string { return "what the mirror has" },
			says:       []string{"mirror", "rotation.trigger"},
		},
		"set-back": {
			reason:     "What the mirror has is a key that still works.",
			overwrites: func(first string) string { return first },
			says:       []string{"mirror", "rotation.trigger"},
		},
		"deleted": {
			reason: "A tool that deletes what it does not know.",
			says:   []string{"rotation.trigger"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key(name)
			began := time.Now().Add(-2 * time.Second)
			tn.create(key)
			tn.awaitReady(key)
			mirrored := ""
			if tc.overwrites != nil {
				mirrored = tc.overwrites(tn.workingKey(name))
			}
			lose := func() { tn.loseKey(name, mirrored) }
			if mirrored == tn.workingKey(name) {
				// The mirror must overwrite a successor; this replaces the first key.
				change(tn, tn.secret(name), func(s *corev1.Secret) { s.Data = nil })
			}
			tn.await("the end of the replacements", func() (bool, string) {
				lose()
				tn.get(key)
				c := key.GetCondition(xpv2.TypeReady)
				reported := !slices.ContainsFunc(tc.says, func(word string) bool { return !strings.Contains(c.Message, word) })
				if n := tn.issueCalls(); n > issuedAtMost {
					t.Fatalf("%s\n%d keys were issued: %s", tc.reason, n, asJSON(t, key.Status))
				}
				return c.Status == corev1.ConditionFalse && reported, asJSON(t, key.Status)
			})
			for range 3 {
				lose()
				tn.reconcileAgain(1, key)
			}
			if n := tn.issueCalls(); n != issuedAtMost {
				t.Errorf("%s\n%d keys were issued, want %d", tc.reason, n, issuedAtMost)
			}
			assertUnplannedRotations(tn, key, began)

			change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("it is repaired")}
			})
			tn.awaitSuccessor(name, mirrored)
			tn.awaitReady(key)
			if n := tn.issueCalls(); n != issuedAtMost+1 {
				t.Errorf("%s\n%d keys were issued with the one that was asked for, want %d", tc.reason, n, issuedAtMost+1)
			}
		})
	}
}

// loseKey overwrites a new key in a Secret as field manager mirror, or deletes the Secret if there
// is nothing to write.
func (tn *tenant) loseKey(name, mirrored string) {
	tn.Helper()
	s := tn.secret(name)
	if s == nil || len(s.Data["OPENAI_API_KEY"]) == 0 || string(s.Data["OPENAI_API_KEY"]) == mirrored {
		return
	}
	if mirrored == "" {
		tn.delete(s)
		return
	}
	was := s.DeepCopy()
	s.Data["OPENAI_API_KEY"] = []byte(mirrored)
	tn.must(kube.Patch(context.Background(), s, client.MergeFrom(was), client.FieldOwner("mirror")))
}

// assertUnplannedRotations asserts that the status lists the keys that were issued without a
// request, with times and reasons.
func assertUnplannedRotations(tn *tenant, key *v1alpha1.ProjectAPIKey, began time.Time) {
	tn.Helper()
	tn.get(key)
	var serials []int64
	for _, u := range key.Status.AtProvider.UnplannedRotations {
		serials = append(serials, u.Serial)
		if u.IssuedAt.Time.Before(began) || u.IssuedAt.After(time.Now()) || u.Cause == "" {
			tn.Errorf("the status shows an issue since %s: %+v", began, u)
		}
	}
	if diff := cmp.Diff([]int64{2, 3, 4}, serials); diff != "" {
		tn.Errorf("serials of unplanned keys: -want, +got:\n%s", diff)
	}
}
