// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
)

func TestLive(t *testing.T) {
	cases := map[string]struct {
		reason string
		v      view
		want   []string
	}{
		"None":     {"Nothing was issued.", with(func(v *view) { v.listed = nil }), nil},
		"Ours":     {"All that were minted for the object go with it, by their name.", with(also(ours("key_2", 2, start)), func(v *view) { v.record = record{} }), []string{"key_1", "key_2"}},
		"Adopted":  {"A key that was adopted has a name of its own.", with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), proven("key_5"), func(v *view) { v.record.keyID = "key_5" }), []string{"key_1", "key_5"}},
		"Retiring": {"A key that was adopted and replaced, too.", with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), proven("key_5"), retiring("key_5", start)), []string{"key_1", "key_5"}},
		"Named":    {"Whoever may write the Secret or the object can name any key.", with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), retiring("key_5", start), func(v *view) { v.adopted, v.record.keyID = "key_5", "key_5" }), []string{"key_1"}},
		"Moved":    {"A key of another service account is not the object's.", with(also(ownedBy("user-2", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), proven("key_5"), retiring("key_5", start)), []string{"key_1"}},
		"Others":   {"Keys of others are not touched.", with(also(openai.ProjectAPIKey{ID: "key_9", Name: tagFor("uid-2").name("checkout", 1)})), []string{"key_1"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.v.live()); diff != "" {
				t.Errorf("\n%s\nlive: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// proven keys of the object.
func proven(ids ...string) func(*view) {
	return func(v *view) {
		v.proven = map[string]bool{}
		for _, id := range ids {
			v.proven[id] = true
		}
	}
}

func ownedBy(account string, k openai.ProjectAPIKey) openai.ProjectAPIKey {
	k.Owner.ServiceAccount.ID = account
	return k
}

func TestOpen(t *testing.T) {
	begun := func(serial int, since time.Time) func(*view) {
		return func(v *view) { v.unsettled = v.unsettled.with(serial, since) }
	}
	young, old := start.Add(-InFlightGrace+time.Second), start.Add(-InFlightGrace)
	cases := map[string]struct {
		reason string
		v      view
		want   unsettled
	}{
		"NothingBegun": {"No mint was begun.", settled(), unsettled{}},
		"Young":        {"A key may yet appear in the list.", with(begun(2, young)), unsettled{2: young}},
		"Old":          {"A key would have appeared.", with(begun(2, old)), unsettled{}},
		"Appeared":     {"The key is in the list, and is dealt with there.", with(begun(2, young), also(ours("key_2", 2, start))), unsettled{}},
		"OneOfTwo":     {"A later mint does not make an earlier one forgotten.", with(begun(2, young), begun(3, start), also(ours("key_3", 3, start))), unsettled{2: young}},
		"OfAnother":    {"The same serial of another object is not it.", with(begun(2, young), also(openai.ProjectAPIKey{ID: "key_9", Name: tagFor("uid-2").name("checkout", 2)})), unsettled{2: young}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.v.open()); diff != "" {
				t.Errorf("\n%s\nopen: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestNextSerial(t *testing.T) {
	cases := map[string]struct {
		reason string
		v      view
		want   int
	}{
		"First":   {"Serials begin with 1.", view{tag: tagFor("uid-1")}, 1},
		"Record":  {"A revoked key's name is not used again.", with(func(v *view) { v.listed, v.record.serial = nil, 4 }), 5},
		"Pending": {"A key of the pending serial may exist, although it is not listed.", with(func(v *view) { v.record.pending = 7 }), 8},
		"Listed":  {"The Secret with the record may have been deleted.", with(also(ours("key_2", 9, start))), 10},
		"Others":  {"Serials of other objects do not count.", with(also(openai.ProjectAPIKey{Name: tagFor("uid-2").name("checkout", 50)})), 2},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := tc.v.nextSerial(); got != tc.want {
				t.Errorf("\n%s\nnextSerial: want %d, got %d", tc.reason, tc.want, got)
			}
		})
	}
}

func TestRetire(t *testing.T) {
	replaced := start
	due := retiree{ReplacedAt: &replaced, RevokeAt: start.Add(defaultOverlap)}
	cases := map[string]struct {
		reason string
		v      view
		want   map[string]retiree
	}{
		"Held":    {"Consumers have time to pick up the successor.", settled(), map[string]retiree{"key_1": due}},
		"Already": {"A key that retires does not gain time by another rotation.", with(also(ours("key_0", 1, start)), retiring("key_0", start.Add(time.Hour))), map[string]retiree{"key_0": {RevokeAt: start.Add(time.Hour), Expires: true}, "key_1": due}},
		"Expired": {"Nobody can use it any more.", with(expiring(start)), map[string]retiree{}},
		"ExpiresSooner": {
			"OpenAI ends it before the overlap is over.", with(expiring(start.Add(time.Hour))),
			map[string]retiree{"key_1": {ReplacedAt: &replaced, RevokeAt: start.Add(defaultOverlap), Expires: true}},
		},
		"ExpiresLater": {"The overlap ends first.", with(expiring(start.Add(defaultOverlap + time.Second))), map[string]retiree{"key_1": due}},
		"Overlap":      {"The object may ask for another.", with(func(v *view) { v.overlap = 0 }), map[string]retiree{"key_1": {ReplacedAt: &replaced, RevokeAt: start}}},
		"Replaces": {
			"The trigger allows to replace a key made elsewhere.",
			with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), func(v *view) { v.replaces = "key_5" }),
			map[string]retiree{"key_1": due, "key_5": due},
		},
		"Leftover": {"Nobody ever had its value.", with(also(ours("key_2", 2, start))), map[string]retiree{"key_1": due}},
		"NoSecret": {
			"Any of ours may be the one that consumers have; those of others are not touched.",
			with(also(ours("key_2", 2, start), openai.ProjectAPIKey{ID: "key_9", Name: "by hand"}), func(v *view) {
				v.secret, v.record = nil, record{retiring: map[string]retiree{}}
			}),
			map[string]retiree{"key_1": due, "key_2": due},
		},
		"SuccessorNeverIssued": {
			"The Secret was deleted, and the mint of a successor failed for longer than the overlap: until there is a successor the overlap has not begun.",
			with(func(v *view) {
				v.record.retiring["key_1"] = retiree{RevokeAt: start.Add(-time.Hour)}
				v.record.keyID, v.record.serial, v.record.pending = "", 0, 2
			}),
			map[string]retiree{"key_1": due},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := len(tc.v.record.retiring)
			if diff := cmp.Diff(tc.want, tc.v.retire(scheduled)); diff != "" {
				t.Errorf("\n%s\nretire: -want, +got:\n%s", tc.reason, diff)
			}
			if len(tc.v.record.retiring) != before {
				t.Errorf("\n%s\nretire changed the record that it was given", tc.reason)
			}
		})
	}
}
