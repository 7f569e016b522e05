// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
)

func TestIDsToRevoke(t *testing.T) {
	cases := map[string]struct {
		reason string
		v      observed
		want   []string
	}{
		"None":     {"Nothing was issued.", with(func(o *observed) { o.keys = nil }), nil},
		"Ours":     {"All that were issued for the object go with it, by their name.", with(also(managedKey("key_2", 2, start)), func(o *observed) { o.state = keyState{} }), []string{"key_1", "key_2"}},
		"Adopted":  {"A key that was adopted has a name of its own.", with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), verified("key_5"), func(o *observed) { o.state.keyID = "key_5" }), []string{"key_1", "key_5"}},
		"Retiring": {"A key that was adopted and replaced, too.", with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), verified("key_5"), retiring("key_5", start)), []string{"key_1", "key_5"}},
		"Named":    {"Whoever may write the Secret or the object can name any key.", with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), retiring("key_5", start), func(o *observed) { o.adopted, o.state.keyID = "key_5", "key_5" }), []string{"key_1"}},
		"Moved":    {"A key of another service account is not the object's.", with(also(ownedBy("user-2", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), verified("key_5"), retiring("key_5", start)), []string{"key_1"}},
		"Others":   {"Keys of others are not touched.", with(also(openai.ProjectAPIKey{ID: "key_9", Name: ownerHashOf("uid-2").keyName("checkout", 1)})), []string{"key_1"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.v.idsToRevoke()); diff != "" {
				t.Errorf("\n%s\nlive: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// verified keys of the object.
func verified(ids ...string) func(*observed) {
	return func(o *observed) {
		o.verified = map[string]bool{}
		for _, id := range ids {
			o.verified[id] = true
		}
	}
}

func ownedBy(account string, k openai.ProjectAPIKey) openai.ProjectAPIKey {
	k.Owner.ServiceAccount.ID = account
	return k
}

func TestStillInFlight(t *testing.T) {
	begun := func(serial int, since time.Time) func(*observed) {
		return func(o *observed) { o.inFlight = o.inFlight.with(serial, since) }
	}
	young, old := start.Add(-InFlightGrace+time.Second), start.Add(-InFlightGrace)
	cases := map[string]struct {
		reason string
		v      observed
		want   inFlight
	}{
		"NothingBegun": {"No issue was begun.", upToDate(), inFlight{}},
		"Young":        {"A key may yet appear in the list.", with(begun(2, young)), inFlight{2: young}},
		"Old":          {"A key would have appeared.", with(begun(2, old)), inFlight{}},
		"Appeared":     {"The key is in the list, and is dealt with there.", with(begun(2, young), also(managedKey("key_2", 2, start))), inFlight{}},
		"OneOfTwo":     {"A later issue does not make an earlier one forgotten.", with(begun(2, young), begun(3, start), also(managedKey("key_3", 3, start))), inFlight{2: young}},
		"OfAnother":    {"The same serial of another object is not it.", with(begun(2, young), also(openai.ProjectAPIKey{ID: "key_9", Name: ownerHashOf("uid-2").keyName("checkout", 2)})), inFlight{2: young}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, tc.v.stillInFlight()); diff != "" {
				t.Errorf("\n%s\nopen: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestNextSerial(t *testing.T) {
	cases := map[string]struct {
		reason string
		v      observed
		want   int
	}{
		"First":   {"Serials begin with 1.", observed{ownerHash: ownerHashOf("uid-1")}, 1},
		"Record":  {"A revoked key's name is not used again.", with(func(o *observed) { o.keys, o.state.serial = nil, 4 }), 5},
		"Pending": {"A key of the pending serial may exist, although it is not listed.", with(func(o *observed) { o.state.pending = 7 }), 8},
		"Listed":  {"The Secret with the key state may have been deleted.", with(also(managedKey("key_2", 9, start))), 10},
		"Others":  {"Serials of other objects do not count.", with(also(openai.ProjectAPIKey{Name: ownerHashOf("uid-2").keyName("checkout", 50)})), 2},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := tc.v.nextSerial(); got != tc.want {
				t.Errorf("\n%s\nnextSerial: want %d, got %d", tc.reason, tc.want, got)
			}
		})
	}
}

func TestRetiringAfterIssue(t *testing.T) {
	replaced := start
	due := retiringKey{ReplacedAt: &replaced, RevokeAt: start.Add(defaultOverlap)}
	cases := map[string]struct {
		reason string
		v      observed
		want   map[string]retiringKey
	}{
		"Held":    {"Consumers have time to pick up the successor.", upToDate(), map[string]retiringKey{"key_1": due}},
		"Already": {"A key that retires does not gain time by another rotation.", with(also(managedKey("key_0", 1, start)), retiring("key_0", start.Add(time.Hour))), map[string]retiringKey{"key_0": {RevokeAt: start.Add(time.Hour), Expires: true}, "key_1": due}},
		"Expired": {"Nobody can use it any more.", with(expiring(start)), map[string]retiringKey{}},
		"ExpiresSooner": {
			"OpenAI ends it before the overlap is over.", with(expiring(start.Add(time.Hour))),
			map[string]retiringKey{"key_1": {ReplacedAt: &replaced, RevokeAt: start.Add(defaultOverlap), Expires: true}},
		},
		"ExpiresLater": {"The overlap ends first.", with(expiring(start.Add(defaultOverlap + time.Second))), map[string]retiringKey{"key_1": due}},
		"Overlap":      {"The object may ask for another.", with(func(o *observed) { o.overlap = 0 }), map[string]retiringKey{"key_1": {ReplacedAt: &replaced, RevokeAt: start}}},
		"Replaces": {
			"The trigger allows to replace a key made elsewhere.",
			with(also(ownedBy("user-1", openai.ProjectAPIKey{ID: "key_5", Name: "by hand"})), func(o *observed) { o.replacesID = "key_5" }),
			map[string]retiringKey{"key_1": due, "key_5": due},
		},
		"Unclaimed": {"Nobody ever had its value.", with(also(managedKey("key_2", 2, start))), map[string]retiringKey{"key_1": due}},
		"NoSecret": {
			"Any of ours may be the one that consumers have; those of others are not touched.",
			with(also(managedKey("key_2", 2, start), openai.ProjectAPIKey{ID: "key_9", Name: "by hand"}), func(o *observed) {
				o.secret, o.state = nil, keyState{retiring: map[string]retiringKey{}}
			}),
			map[string]retiringKey{"key_1": due, "key_2": due},
		},
		"SuccessorNeverIssued": {
			"The Secret was deleted, and the mint of a successor failed for longer than the overlap: until there is a successor the overlap has not begun.",
			with(func(o *observed) {
				o.state.retiring["key_1"] = retiringKey{RevokeAt: start.Add(-time.Hour)}
				o.state.keyID, o.state.serial, o.state.pending = "", 0, 2
			}),
			map[string]retiringKey{"key_1": due},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			before := len(tc.v.state.retiring)
			if diff := cmp.Diff(tc.want, tc.v.retiringAfterIssue(originScheduled)); diff != "" {
				t.Errorf("\n%s\nretire: -want, +got:\n%s", tc.reason, diff)
			}
			if len(tc.v.state.retiring) != before {
				t.Errorf("\n%s\nretire changed the key state that it was given", tc.reason)
			}
		})
	}
}
