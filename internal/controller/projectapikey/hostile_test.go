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
	named := func(serials ...int) func(*view) {
		return func(v *view) {
			for _, n := range serials {
				v.listed = append(v.listed, ours(fmt.Sprintf("key_hostile_%d", n), n, start))
			}
		}
	}
	cases := map[string]struct {
		reason string
		v      view
		want   int
	}{
		"Honest":        {"It follows the highest.", with(named(7)), 8},
		"HighestName":   {"Somebody named a key at OpenAI so.", with(named(mostSerials)), 2},
		"AtTheBound":    {"It would leave no room.", with(named(plausibleSerials - 1)), 2},
		"Taken":         {"No name is used twice.", with(named(plausibleSerials-1, 2, 3)), 4},
		"HighestRecord": {"Somebody edited the Secret.", with(func(v *view) { v.record.serial = mostSerials }), 2},
		"PendingRecord": {"As above.", with(func(v *view) { v.record.pending = plausibleSerials - 1 }), 2},
		"Unsettled":     {"Somebody edited the object.", with(func(v *view) { v.unsettled = unsettled{mostSerials: start, plausibleSerials - 1: start, 5: start} }), 2},
		"Issues": {
			"A backup brought another status.",
			with(func(v *view) { v.issues = []v1alpha1.UnplannedRotation{{Serial: 1 << 62}, {Serial: 9}} }),
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
	mine := string(tagFor("uid-1"))
	for name, want := range map[string]bool{
		mine + "-7-checkout": true, strings.ToUpper(mine) + "-7-checkout": true, mine + "-7-": true,
		mine + "-007-checkout": false, mine + "-+7-checkout": false, mine + "--7-checkout": false, mine + "-0-checkout": false,
		mine + "-7": false, mine + "-1073741825-checkout": false, mine + "-7_0-checkout": false, mine + "-0x7-checkout": false,
	} {
		if _, ok := tagFor("uid-1").serial(name); ok != want {
			t.Errorf("%q passes as a key of the object: %t, want %t", name, ok, want)
		}
	}
}

func TestAForeignKeyWithTheTagStopsNoRotation(t *testing.T) {
	f := newFixture(t)
	first := f.mustMint(t)
	tag := tagFor(f.cr.UID)
	for _, serial := range []int{mostSerials, plausibleSerials - 1, 1, 2} {
		f.issue(t, tag.name("hostile", serial))
	}
	second := f.mustMint(t)
	f.holds(t, second)
	if second == first {
		t.Error("the key was not replaced")
	}
	third := f.mustMint(t)
	f.holds(t, third)
	if d := decide(f.look(t)); d.held == nil || d.held.ID != third || d.issue != "" {
		t.Errorf("want the third key held, and no other issued, got %+v", d)
	}
}

func TestDatesThatHaveNotComeDelayNoRotation(t *testing.T) {
	for _, date := range []string{farAhead, lastYear, "9999-01-01T00:00:00Z", noYear, "0001-01-01T00:00:00Z"} {
		t.Run(date, func(t *testing.T) {
			f := newFixture(t)
			f.cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Interval: duration(48 * time.Hour)}
			id := f.mustMint(t)
			f.change(t, func(s *corev1.Secret) {
				for _, key := range []string{annotationIssued, annotationBorn, annotationAsserted} {
					s.Annotations[key] = date
				}
				s.Annotations[annotationGranted], s.Annotations[annotationExpiresIn] = "2540400h0m0s", "-5h"
			})
			at, err := time.Parse(time.RFC3339, farAhead)
			if err != nil {
				t.Fatal(err)
			}
			f.cr.Status.AtProvider.Applied.IssuedAt = &metav1.Time{Time: at}
			v := f.look(t)
			d := decide(v)
			if d.held == nil || d.held.ID != id || d.issue != "" {
				t.Fatalf("want the key held, and none issued, got %+v", d)
			}
			if at, _ := v.nextRotation(d.held); at.Sub(start.Add(48*time.Hour)).Abs() > clockTolerance {
				t.Errorf("the next rotation is at %s", at)
			}
			if v.record.expiresIn != 0 || v.record.granted != 0 || !v.record.asserted.IsZero() {
				t.Errorf("record: %+v", v.record)
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
			v := with(also(ours("key_0", 1, start)), retiring("key_0", start.AddDate(10, 0, 0)), retiring("key_1", start.Add(-time.Hour)))
			cr := newKey("uid-1", "checkout")
			cr.Status.AtProvider.Retiring = tc.status
			rebuild(&v, cr)
			if got := v.record.retiring["key_0"].RevokeAt; !got.Equal(tc.want) {
				t.Errorf("%s\nit is revoked at %s, want %s", tc.reason, got, tc.want)
			}
			if d := decide(v); len(d.revoke) > 0 {
				t.Errorf("%s\nthe key in use is to be revoked, as a record says that it retires: %+v", tc.reason, d.revoke)
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
		"Thousands":        {"Somebody wrote them.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiring] = manyRetiring(200) }, false, "", mostRetiring},
		"TooLong":          {"As above.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiring] = manyRetiring(3000) }, false, "too long", 0},
		"ThousandsDeleted": {"The names at OpenAI and the status tell.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiring] = manyRetiring(3000) }, true, "", 1},
		"AsManyAsFit":      {"A record may hold them.", func(_ *fixture, s *corev1.Secret) { s.Annotations[annotationRetiring] = manyRetiring(mostRetiring) }, false, "", mostRetiring},
		"Status": {
			"A backup brought another status.",
			func(f *fixture, _ *corev1.Secret) {
				for i := range 500 {
					id := fmt.Sprintf("key_restored_%d", i)
					f.cr.Status.ManagedIDs = append(f.cr.Status.ManagedIDs, id)
					f.cr.Status.AtProvider.Retiring = append(f.cr.Status.AtProvider.Retiring, v1alpha1.RetiringKey{ID: id, RevokeAt: metav1.NewTime(start.Add(time.Hour))})
				}
			},
			true, "", mostAsked,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.mustMint(t)
			f.change(t, func(s *corev1.Secret) { tc.change(f, s) })
			f.apply(t)
			f.ResetCalls()
			if tc.deleted {
				f.cr.DeletionTimestamp = &metav1.Time{Time: start}
			}
			v, err := f.external().look(t.Context(), f.cr)
			if !strings.Contains(text(err), tc.wantError) || (err == nil) != (tc.wantError == "") || (err != nil && !terminal.Is(err)) {
				t.Errorf("%s\nlook: want %q, got %v", tc.reason, tc.wantError, err)
			}
			if n := len(f.CallsTo(simulator.RouteGetProjectAPIKey)); n > tc.mostCalls {
				t.Errorf("%s\n%d calls, want at most %d", tc.reason, n, tc.mostCalls)
			}
			if n := len(retiringKeys(v)); n > mostRetiring {
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
	adopted := string(tagFor("uid-1")) + "/"
	cases := map[string]struct {
		change func(f *fixture, s *corev1.Secret)
		// waits reports that the deletion has to wait for a key that may be on its way.
		waits bool
	}{
		"UnreadableUnsettled":  {annotated(annotationUnsettled, "{"), true},
		"UnsettledFarAhead":    {annotated(annotationUnsettled, `{"9":"`+farAhead+`","1073741825":"`+lastYear+`"}`), true},
		"UnsettledLongAgo":     {annotated(annotationUnsettled, `{"9":"`+noYear+`"}`), false},
		"CreatedFarAhead":      {annotated(meta.AnnotationKeyExternalCreateSucceeded, farAhead), false},
		"NameThatIsNoID":       {annotated(meta.AnnotationKeyExternalName, "../../proj_1/api_keys/key_1"), false},
		"ValueAsName":          {annotated(meta.AnnotationKeyExternalName, pasted), false},
		"AdoptedThatIsNoID":    {annotated(annotationAdopted, adopted+"../key"), false},
		"ValueAsAdopted":       {annotated(annotationAdopted, adopted+pasted), false},
		"KeyIDThatIsNoID":      {recorded(annotationKeyID, "a b"), false},
		"ValueAsKeyID":         {recorded(annotationKeyID, pasted), false},
		"RetiringThatAreNoIDs": {recorded(annotationRetiring, `{"../key":{"revokeAt":"`+farAhead+`"}}`), false},
		"ValuesAsRetiring":     {recorded(annotationRetiring, `{"`+pasted+`":{"revokeAt":"`+farAhead+`"}}`), false},
		"ProjectThatIsNoID":    {recorded(annotationProject, "../proj"), false},
		"IssuedFarAhead":       {recorded(annotationIssued, farAhead), false},
		"UnreadableSerial":     {recorded(annotationSerial, "99999999999999999999"), false},
		"StatusThatIsNoID": {func(f *fixture, _ *corev1.Secret) {
			f.cr.Status.AtProvider.ID, f.cr.Status.ManagedIDs = "../key", []string{"../key", pasted}
		}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.mustMint(t)
			f.change(t, func(s *corev1.Secret) { tc.change(f, s) })
			f.apply(t)
			f.cr.DeletionTimestamp = &metav1.Time{Time: start}
			exists := true
			for range 2 {
				e := f.external()
				o, err := e.Observe(t.Context(), f.cr)
				if err != nil {
					t.Fatalf("Observe: %v", err)
				}
				if exists = o.ResourceExists; exists {
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
			f.keyring.now = func() time.Time { return start.Add(InFlightGrace) }
			o, err := f.external().Observe(t.Context(), f.cr)
			if err != nil || o.ResourceExists {
				t.Errorf("once the grace is over: exists %t, %v", o.ResourceExists, err)
			}
		})
	}
}

func TestGarbageInARecordOfALiveObjectIsReportedWithoutIt(t *testing.T) {
	const pasted = "sk-svcacct-FAKE-0123456789abcdef"
	for name, tc := range map[string]struct{ key, value string }{
		"ValueAsKeyID":     {annotationKeyID, pasted},
		"ValueAsProject":   {annotationProject, pasted},
		"ValueAsTime":      {annotationIssued, pasted},
		"ValueAsSerial":    {annotationSerial, pasted},
		"ValueAsDuration":  {annotationGranted, pasted},
		"ValueAsRetiring":  {annotationRetiring, `{"key_1":{"revokeAt":"` + pasted + `"}}`},
		"ValueThatRetires": {annotationRetiring, `{"` + pasted + `":{"revokeAt":"2026-11-01T12:00:00Z"}}`},
		"PathThatRetires":  {annotationRetiring, `{"../key_1":{"revokeAt":"2026-11-01T12:00:00Z"}}`},
		"PathAsKeyID":      {annotationKeyID, "../key_1"},
		"LongTrigger":      {annotationTrigger, strings.Repeat("x", 200_000)},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readRecord(annotatedWith(tc.key, tc.value))
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
	f.mustMint(t)
	for i, request := range []string{strings.Repeat("x", 200_000), strings.Repeat("x", 200_000) + "y", "sk-svcacct-FAKE-0123456789abcdef"} {
		meta.AddAnnotations(f.cr, map[string]string{annotationRotateRequested: request, annotationRevokeRetiring: "all " + strings.Repeat("1", 3000+i)})
		if d := decide(f.look(t)); d.origin != asked || d.issue == "" {
			t.Fatalf("request %d is not served: %+v", i, d)
		}
		f.mustMint(t)
		if d := decide(f.look(t)); d.issue != "" {
			t.Errorf("request %d is served again: %s", i, d.issue)
		}
		for key, v := range f.secret(t).Annotations {
			if len(v) > longestAnnotation {
				t.Errorf("annotation %q has %d bytes", key, len(v))
			}
			noValue(t, v)
		}
		noValue(t, f.cr.Status.AtProvider.Applied.RotateRequestedAt)
	}
}

func TestARecordNeverHoldsMoreThanCanBeReadAgain(t *testing.T) {
	v := with(func(v *view) { v.secret, v.record, v.lastID = nil, record{retiring: map[string]retiree{}}, "key_1" })
	v.committed = map[string]bool{"key_1": true}
	for i := range 100 {
		k := ours(fmt.Sprintf("key_flood_%d", i), i+2, start)
		v.listed = append(v.listed, k)
	}
	got := v.retire(unplanned)
	if _, kept := got["key_1"]; !kept || len(got) != mostRetiring {
		t.Errorf("%d keys retire, the one that was in use among them: %t", len(got), kept)
	}
	r := record{retiring: got}
	s := annotated(nil)
	r.write(s)
	again, err := readRecord(s)
	if err != nil {
		t.Fatalf("readRecord: %v", err)
	}
	if diff := cmp.Diff(len(got), len(again.retiring)); diff != "" {
		t.Errorf("retiring keys: -written, +read:\n%s", diff)
	}
}

func TestTheReplyAboutAKeyThatWasThereBeforeSettlesNothing(t *testing.T) {
	f := newFixture(t)
	f.mustMint(t)
	theirs, _ := f.issue(t, tagFor(f.cr.UID).name("hostile", 2))
	v := f.look(t)
	if f.keyring.settle(t.Context(), v, 2, fmt.Errorf("no reply")) {
		t.Error("a key that was there before the POST is taken for the one that it made")
	}
	if v.find(theirs) == nil || len(f.live()) != 2 {
		t.Errorf("live keys: %v", f.live())
	}
	for _, name := range []string{tagFor("uid-2").name("x", 3), tagFor(f.cr.UID).name("x", 4)} {
		if err := confirmNew(&openai.AdminOrganizationProjectServiceAccountAPIKeyNewResponse{ID: "key_new", Name: name, Value: "sk-svcacct-FAKE-0123456789abcdef"}, v); err == nil {
			t.Errorf("a reply about %q passes for one about serial %d", name, v.nextSerial())
		}
	}
}
