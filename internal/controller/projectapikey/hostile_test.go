// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

func TestThereIsAlwaysANextSerial(t *testing.T) {
	named := func(serials ...int) func(*observed) {
		return func(o *observed) {
			for _, n := range serials {
				o.keys = append(o.keys, managedKey(fmt.Sprintf("key_hostile_%d", n), n, start))
			}
		}
	}
	cases := map[string]struct {
		reason string
		v      observed
		want   int
	}{
		"Honest":        {"It follows the highest.", with(named(7)), 8},
		"HighestName":   {"Somebody named a key at OpenAI so.", with(named(maxSerial)), 2},
		"AtTheBound":    {"It would leave no room.", with(named(maxTrustedSerial - 1)), 2},
		"Taken":         {"No name is used twice.", with(named(maxTrustedSerial-1, 2, 3)), 4},
		"HighestRecord": {"Somebody edited the Secret.", with(func(o *observed) { o.state.serial = maxSerial }), 2},
		"PendingRecord": {"As above.", with(func(o *observed) { o.state.pending = maxTrustedSerial - 1 }), 2},
		"Unsettled":     {"Somebody edited the object.", with(func(o *observed) { o.inFlight = inFlight{maxSerial: start, maxTrustedSerial - 1: start, 5: start} }), 2},
		"Issues": {
			"A backup brought another status.",
			with(func(o *observed) { o.unplanned = []v1alpha1.UnplannedRotation{{Serial: 1 << 62}, {Serial: 9}} }),
			10,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := tc.v.nextSerial(); got != tc.want {
				t.Errorf("\n%s\nnextSerial: want %d, got %d", tc.reason, tc.want, got)
			}
		})
	}
}

func TestOnlyNamesAsTheProviderWritesThemAreOfItsKeys(t *testing.T) {
	mine := string(ownerHashOf("uid-1"))
	for name, want := range map[string]bool{
		mine + "-7-checkout": true, strings.ToUpper(mine) + "-7-checkout": true, mine + "-7-": true,
		mine + "-007-checkout": false, mine + "-+7-checkout": false, mine + "--7-checkout": false, mine + "-0-checkout": false,
		mine + "-7": false, mine + "-1073741825-checkout": false, mine + "-7_0-checkout": false, mine + "-0x7-checkout": false,
	} {
		if _, ok := ownerHashOf("uid-1").serial(name); ok != want {
			t.Errorf("%q passes as a key of the object: %t, want %t", name, ok, want)
		}
	}
}

func TestAKeyOfSomebodyElseWithTheOwnerHashStopsNoRotation(t *testing.T) {
	f := newFixture(t)
	first := f.mustIssue(t)
	hash := ownerHashOf(f.cr.UID)
	for _, serial := range []int{maxSerial, maxTrustedSerial - 1, 1, 2} {
		f.issueBehindItsBack(t, hash.keyName("hostile", serial))
	}
	second := f.mustIssue(t)
	f.holds(t, second)
	if second == first {
		t.Error("the key was not replaced")
	}
	third := f.mustIssue(t)
	f.holds(t, third)
	if d := decide(f.observe(t)); d.current == nil || d.current.ID != third || d.issueReason != "" {
		t.Errorf("want the third key held, and no other issued, got %+v", d)
	}
}

func TestDatesThatHaveNotComeDelayNoRotation(t *testing.T) {
	for _, date := range []string{farAhead, lastYear, "9999-01-01T00:00:00Z", noYear, "0001-01-01T00:00:00Z"} {
		t.Run(date, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Interval: duration(48 * time.Hour)}
			id := f.mustIssue(t)
			f.change(t, func(s *corev1.Secret) {
				for _, key := range []string{annotationIssuedAt, annotationIssuedAtOpenAI, annotationScopesAppliedAt} {
					s.Annotations[key] = date
				}
				s.Annotations[annotationGrantedLifetime], s.Annotations[annotationAppliedExpiresIn] = "2540400h0m0s", "-5h"
			})
			at, err := time.Parse(time.RFC3339, farAhead)
			if err != nil {
				t.Fatal(err)
			}
			f.cr.Status.AtProvider.Applied.IssuedAt = &metav1.Time{Time: at}
			o := f.observe(t)
			d := decide(o)
			if d.current == nil || d.current.ID != id || d.issueReason != "" {
				t.Fatalf("want the key held, and none issued, got %+v", d)
			}
			if at, _ := o.nextRotation(d.current); at.Sub(start.Add(48*time.Hour)).Abs() > clockTolerance {
				t.Errorf("the next rotation is at %s", at)
			}
			if o.state.expiresIn != 0 || o.state.grantedLifetime != 0 || !o.state.scopesAppliedAt.IsZero() {
				t.Errorf("record: %+v", o.state)
			}
		})
	}
}

func TestARetiringKeyNeverLivesForLongerThanItsOverlap(t *testing.T) {
	longest := start.Add(defaultOverlap)
	cases := map[string]struct {
		reason string
		status []v1alpha1.RetiringKey
		want   time.Time
	}{
		"Record":      {"Somebody edited the Secret.", nil, longest},
		"KnownBefore": {"The end does not move with each look.", []v1alpha1.RetiringKey{{ID: "key_0", RevokeAt: metav1.NewTime(start.Add(time.Hour))}}, start.Add(time.Hour)},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			o := with(also(managedKey("key_0", 1, start)), retiring("key_0", start.AddDate(10, 0, 0)), retiring("key_1", start.Add(-time.Hour)))
			cr := newKey("uid-1", "checkout")
			cr.Status.AtProvider.Retiring = tc.status
			rebuild(&o, cr)
			if got := o.state.retiring["key_0"].RevokeAt; !got.Equal(tc.want) {
				t.Errorf("%s\nit is revoked at %s, want %s", tc.reason, got, tc.want)
			}
			if d := decide(o); len(d.revoke) > 0 {
				t.Errorf("%s\nthe key in use is to be revoked, as a key state says that it retires: %+v", tc.reason, d.revoke)
			}
		})
	}
}

func TestInventedKeysAreNotAskedForOneByOne(t *testing.T) {
	cases := map[string]struct {
		reason    string
		change    func(f *fixture, s *corev1.Secret)
		deleted   bool
		wantError string
		mostCalls int
	}{
		"Thousands":        {"Somebody wrote them.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiringKeys] = manyRetiring(200) }, false, "", maxRetiring},
		"TooLong":          {"As above.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiringKeys] = manyRetiring(3000) }, false, "too long", 0},
		"ThousandsDeleted": {"The names at OpenAI and the status tell.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiringKeys] = manyRetiring(3000) }, true, "", 1},
		"AsManyAsFit":      {"A record may hold them.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiringKeys] = manyRetiring(maxRetiring) }, false, "", maxRetiring},
		"Status": {
			"A backup brought another status.",
			func(f *fixture, _ *corev1.Secret) {
				for i := range 500 {
					id := fmt.Sprintf("key_restored_%d", i)
					f.cr.Status.ManagedIDs = append(f.cr.Status.ManagedIDs, id)
					f.cr.Status.AtProvider.Retiring = append(f.cr.Status.AtProvider.Retiring, v1alpha1.RetiringKey{ID: id, RevokeAt: metav1.NewTime(start.Add(time.Hour))})
				}
			},
			true, "", maxLookups,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.mustIssue(t)
			f.change(t, func(s *corev1.Secret) { tc.change(f, s) })
			f.apply(t)
			f.ResetCalls()
			if tc.deleted {
				f.cr.DeletionTimestamp = &metav1.Time{Time: start}
			}
			o, err := f.external().observe(t.Context(), f.cr)
			if !strings.Contains(text(err), tc.wantError) || (err == nil) != (tc.wantError == "") || (err != nil && !terminal.Is(err)) {
				t.Errorf("%s\nlook: want %q, got %v", tc.reason, tc.wantError, err)
			}
			if n := len(f.CallsTo(simulator.RouteGetProjectAPIKey)); n > tc.mostCalls {
				t.Errorf("%s\n%d calls, want at most %d", tc.reason, n, tc.mostCalls)
			}
			if n := len(retiringStatus(o)); n > maxRetiring {
				t.Errorf("%s\n%d retiring keys in the status", tc.reason, n)
			}
		})
	}
}

func TestADeletionIsHeldUpByNoGarbage(t *testing.T) {
	const pasted = "sk-svcacct-FAKE-0123456789abcdef"
	annotated := func(key, value string) func(*fixture, *corev1.Secret) {
		return func(f *fixture, _ *corev1.Secret) { meta.AddAnnotations(f.cr, map[string]string{key: value}) }
	}
	recorded := func(key, value string) func(*fixture, *corev1.Secret) {
		return func(_ *fixture, s *corev1.Secret) { s.Annotations[key] = value }
	}
	adopted := string(ownerHashOf("uid-1")) + "/"
	cases := map[string]struct {
		change func(f *fixture, s *corev1.Secret)
		// waits reports that the deletion has to wait for a key that may be on its way.
		waits bool
	}{
		"UnreadableUnsettled":  {annotated(annotationKeysInFlight, "{"), true},
		"UnsettledFarAhead":    {annotated(annotationKeysInFlight, `{"9":"`+farAhead+`","1073741825":"`+lastYear+`"}`), true},
		"UnsettledLongAgo":     {annotated(annotationKeysInFlight, `{"9":"`+noYear+`"}`), false},
		"CreatedFarAhead":      {annotated(meta.AnnotationKeyExternalCreateSucceeded, farAhead), false},
		"NameThatIsNoID":       {annotated(meta.AnnotationKeyExternalName, "../../proj_1/api_keys/key_1"), false},
		"ValueAsName":          {annotated(meta.AnnotationKeyExternalName, pasted), false},
		"AdoptedThatIsNoID":    {annotated(annotationAdopted, adopted+"../key"), false},
		"ValueAsAdopted":       {annotated(annotationAdopted, adopted+pasted), false},
		"KeyIDThatIsNoID":      {recorded(annotationKeyID, "a b"), false},
		"ValueAsKeyID":         {recorded(annotationKeyID, pasted), false},
		"RetiringThatAreNoIDs": {recorded(annotationRetiringKeys, `{"../key":{"revokeAt":"`+farAhead+`"}}`), false},
		"ValuesAsRetiring":     {recorded(annotationRetiringKeys, `{"`+pasted+`":{"revokeAt":"`+farAhead+`"}}`), false},
		"ProjectThatIsNoID":    {recorded(annotationProjectID, "../proj"), false},
		"IssuedFarAhead":       {recorded(annotationIssuedAt, farAhead), false},
		"UnreadableSerial":     {recorded(annotationKeySerial, "99999999999999999999"), false},
		"StatusThatIsNoID": {func(f *fixture, _ *corev1.Secret) {
			f.cr.Status.AtProvider.ID, f.cr.Status.ManagedIDs = "../key", []string{"../key", pasted}
		}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.mustIssue(t)
			f.change(t, func(s *corev1.Secret) { tc.change(f, s) })
			f.apply(t)
			f.cr.DeletionTimestamp = &metav1.Time{Time: start}
			exists := true
			for range 2 {
				e := f.external()
				out, err := e.Observe(t.Context(), f.cr)
				if err != nil {
					t.Fatalf("Observe: %v", err)
				}
				if exists = out.ResourceExists; exists {
					if _, err := e.Delete(t.Context(), f.cr); err != nil {
						t.Fatalf("Delete: %v", err)
					}
				}
			}
			if live := f.live(); len(live) > 0 {
				t.Errorf("keys live on: %v", live)
			}
			if exists != tc.waits {
				t.Errorf("the deletion waits: %t, want %t", exists, tc.waits)
			}
			f.keyClient.now = func() time.Time { return start.Add(InFlightGrace) }
			out, err := f.external().Observe(t.Context(), f.cr)
			if err != nil || out.ResourceExists {
				t.Errorf("once the grace is over: exists %t, %v", out.ResourceExists, err)
			}
		})
	}
}

func TestGarbageInTheKeyStateOfALiveObjectIsReportedWithoutIt(t *testing.T) {
	const pasted = "sk-svcacct-FAKE-0123456789abcdef"
	for name, tc := range map[string]struct{ key, value string }{
		"ValueAsKeyID":     {annotationKeyID, pasted},
		"ValueAsProject":   {annotationProjectID, pasted},
		"ValueAsTime":      {annotationIssuedAt, pasted},
		"ValueAsSerial":    {annotationKeySerial, pasted},
		"ValueAsDuration":  {annotationGrantedLifetime, pasted},
		"ValueAsRetiring":  {annotationRetiringKeys, `{"key_1":{"revokeAt":"` + pasted + `"}}`},
		"ValueThatRetires": {annotationRetiringKeys, `{"` + pasted + `":{"revokeAt":"2026-11-01T12:00:00Z"}}`},
		"PathThatRetires":  {annotationRetiringKeys, `{"../key_1":{"revokeAt":"2026-11-01T12:00:00Z"}}`},
		"PathAsKeyID":      {annotationKeyID, "../key_1"},
		"LongTrigger":      {annotationAppliedTrigger, strings.Repeat("x", 200_000)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readKeyState(annotatedWith(tc.key, tc.value))
			if !terminal.Is(err) || !strings.Contains(text(err), "remove it") || len(text(err)) > 500 {
				t.Errorf("want an error with a remedy, got %v", err)
			}
			noValue(t, text(err))
		})
	}
}

func annotatedWith(key, value string) *corev1.Secret { return annotated(map[string]string{key: value}) }

func TestALongRequestIsServedOnceAndFitsIntoTheSecret(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	for i, request := range []string{strings.Repeat("x", 200_000), strings.Repeat("x", 200_000) + "y", "sk-svcacct-FAKE-0123456789abcdef"} {
		meta.AddAnnotations(f.cr, map[string]string{annotationRotateRequested: request, annotationRevokeRetiring: "all " + strings.Repeat("1", 3000+i)})
		if d := decide(f.observe(t)); d.origin != originRequested || d.issueReason == "" {
			t.Fatalf("request %d is not served: %+v", i, d)
		}
		f.mustIssue(t)
		if d := decide(f.observe(t)); d.issueReason != "" {
			t.Errorf("request %d is served again: %s", i, d.issueReason)
		}
		for key, v := range f.secret(t).Annotations {
			if len(v) > maxAnnotationBytes {
				t.Errorf("annotation %q has %d bytes", key, len(v))
			}
			noValue(t, v)
		}
		noValue(t, f.cr.Status.AtProvider.Applied.RotateRequestedAt)
	}
}

func TestKeyStateNeverHoldsMoreThanCanBeReadAgain(t *testing.T) {
	o := with(func(o *observed) {
		o.secret, o.state, o.lastObservedID = nil, keyState{retiring: map[string]retiringKey{}}, "key_1"
	})
	o.publishedIDs = map[string]bool{"key_1": true}
	for i := range 100 {
		k := managedKey(fmt.Sprintf("key_flood_%d", i), i+2, start)
		o.keys = append(o.keys, k)
	}
	got := o.retiringAfterIssue(originUnplanned)
	if _, kept := got["key_1"]; !kept || len(got) != maxRetiring {
		t.Errorf("%d keys retire, the one that was in use among them: %t", len(got), kept)
	}
	state := keyState{retiring: got}
	s := annotated(nil)
	state.write(s)
	again, err := readKeyState(s)
	if err != nil {
		t.Fatalf("readRecord: %v", err)
	}
	if diff := cmp.Diff(len(got), len(again.retiring)); diff != "" {
		t.Errorf("retiring keys: -written, +read:\n%s", diff)
	}
}

func TestTheReplyAboutAKeyThatWasThereBeforeSettlesNothing(t *testing.T) {
	f := newFixture(t)
	f.mustIssue(t)
	theirs, _ := f.issueBehindItsBack(t, ownerHashOf(f.cr.UID).keyName("hostile", 2))
	o := f.observe(t)
	if f.keyClient.revokeIfListed(t.Context(), o, 2, fmt.Errorf("no reply")) {
		t.Error("a key that was there before the POST is taken for the one that it made")
	}
	if o.find(theirs) == nil || len(f.live()) != 2 {
		t.Errorf("live keys: %v", f.live())
	}
	for _, name := range []string{ownerHashOf("uid-2").keyName("x", 3), ownerHashOf(f.cr.UID).keyName("x", 4)} {
		if err := validateIssued(&openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse{ID: "key_new", Name: name, Value: "sk-svcacct-FAKE-0123456789abcdef"}, o); err == nil {
			t.Errorf("a reply about %q passes for one about serial %d", name, o.nextSerial())
		}
	}
}
