// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
)

const (
	heldValue = "sk-svcacct-FAKE-held"
	redacted  = "sk-svcacct-********held"
)

// ours is a key of the fixtures' object.
func ours(id string, serial int, created time.Time) openai.ProjectAPIKey {
	return openai.ProjectAPIKey{ID: id, Name: tagFor("uid-1").name("checkout", serial), RedactedValue: redacted, CreatedAt: created.Unix()}
}

// settled is the view of an object with one key, serial 1, for which there is
// nothing to do.
func settled() view {
	return view{
		now: start, uid: "uid-1", tag: tagFor("uid-1"), timing: timing{grace: InFlightGrace},
		listed: []openai.ProjectAPIKey{ours("key_1", 1, start.Add(-time.Hour))},
		secret: &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Labels:          map[string]string{labelOwner: "uid-1"},
				Annotations:     map[string]string{annotationSecret: "/"},
				OwnerReferences: []metav1.OwnerReference{{UID: "uid-1", Controller: yes}},
			},
			Data: map[string][]byte{dataAPIKey: []byte(heldValue), dataProject: []byte("proj_1")},
		},
		record: record{
			keyID: "key_1", serial: 1, name: "checkout", issued: start.Add(-time.Hour), scopes: fingerprint(nil), retiring: map[string]retiree{},
		},
		wanted: wanted{
			accountID: "user-1", name: "checkout", overlap: defaultOverlap, owned: true, details: map[string][]byte{dataProject: []byte("proj_1")},
		},
	}
}

// with changes the settled view.
func with(changes ...func(*view)) view {
	v := settled()
	for _, c := range changes {
		c(&v)
	}
	return v
}

func also(keys ...openai.ProjectAPIKey) func(*view) {
	return func(v *view) { v.listed = append(v.listed, keys...) }
}

func retiring(id string, at time.Time) func(*view) {
	return func(v *view) { v.record.retiring[id] = retiree{RevokeAt: at, Expires: true} }
}

func expiring(at time.Time) func(*view) {
	return func(v *view) { v.listed[0].ExpiresAt = at.Unix() }
}

func TestDecide(t *testing.T) {
	young, old := start.Add(-InFlightGrace+time.Second), start.Add(-InFlightGrace)
	foreign := openai.ProjectAPIKey{ID: "key_9", Name: tagFor("uid-2").name("checkout", 2), RedactedValue: redacted, CreatedAt: old.Unix()}
	person := openai.ProjectAPIKey{ID: "key_8", Name: "checkout", RedactedValue: redacted, CreatedAt: old.Unix()}

	type outcome struct {
		Held, Issue, Wait, Update string
		Move                      bool
		Limit                     []string
		Revoke                    map[string]string
		Wake                      time.Time
	}
	held := func(o outcome) outcome { o.Held = "key_1"; return o }

	cases := map[string]struct {
		reason string
		v      view
		want   outcome
	}{
		"NothingToDo": {"The Secret holds the key as wanted.", settled(), held(outcome{})},
		"NoSecret": {
			"Without its value the key is of no use; nothing is revoked, for pods may still use it.",
			with(func(v *view) { v.secret, v.record = nil, record{retiring: map[string]retiree{}} }),
			outcome{Issue: "there is no Secret"},
		},
		"ShellOnly": {
			"The mint was interrupted before its commit.",
			with(func(v *view) {
				v.record, v.listed = record{pending: 1, retiring: map[string]retiree{}}, nil
				delete(v.secret.Data, dataAPIKey)
			}),
			outcome{Issue: "the Secret holds no key yet"},
		},
		"ShellAndLeftover": {
			"The POST was carried out, and the process died before the commit.",
			with(func(v *view) {
				v.record = record{pending: 1, retiring: map[string]retiree{}}
				v.listed[0].CreatedAt = old.Unix()
			}),
			outcome{Issue: "the Secret holds no key yet", Revoke: map[string]string{"key_1": reasonLeftover}},
		},
		"ValueOverwritten": {
			"Somebody put another value into the Secret.",
			with(func(v *view) { v.secret.Data[dataAPIKey] = []byte("sk-svcacct-FAKE-else") }),
			outcome{Issue: `the Secret no longer holds the value of key "key_1"`},
		},
		"ValueRemoved": {
			"Somebody emptied the Secret.",
			with(func(v *view) { v.secret.Data = nil }),
			outcome{Issue: `the Secret no longer holds the value of key "key_1"`},
		},
		"NoRedactedValue": {
			"What OpenAI does not tell contradicts nothing; else a key would be issued with every reconcile.",
			with(func(v *view) { v.listed[0].RedactedValue = "" }),
			held(outcome{}),
		},
		"RedactedWithDots": {
			"OpenAI's API reference shows redacted values such as sk-abc...def.",
			with(func(v *view) { v.listed[0].RedactedValue = "sk-svc...eld" }),
			held(outcome{}),
		},
		"YoungKeyNotListed": {
			"OpenAI's list may lag behind: issuing another key would be wrong.",
			with(func(v *view) { v.listed, v.record.issued = nil, start.Add(-inventory.ListLag+time.Second) }),
			outcome{Wait: `OpenAI does not list key "key_1" yet`, Wake: start.Add(time.Second)},
		},
		"OldKeyNotListed": {
			"Somebody revoked the key.",
			with(func(v *view) { v.listed, v.record.issued = nil, start.Add(-inventory.ListLag) }),
			outcome{Issue: `OpenAI no longer knows key "key_1"`},
		},
		"Expired": {
			"OpenAI no longer accepts the key, to the second.",
			with(expiring(start)),
			outcome{Issue: `key "key_1" has expired`},
		},
		"ExpiresSoon": {
			"OpenAI still accepts the key, so that its successor need not be hurried.",
			with(expiring(start.Add(time.Second))),
			held(outcome{Issue: "it is about to expire"}),
		},
		"ScopesChanged": {
			"OpenAI can change scopes in place.",
			with(func(v *view) { v.scopes = []string{"api.all.read"} }),
			held(outcome{Update: "scopes changed"}),
		},
		"ScopesRemoved": {
			"No scopes are full permissions.",
			with(func(v *view) { v.record.scopes = fingerprint([]string{"api.all.read"}) }),
			held(outcome{Update: "scopes changed"}),
		},
		"ExpiresInAdded": {
			"OpenAI can set an expiry in place.",
			with(func(v *view) { v.expiresIn = time.Hour }),
			held(outcome{Update: "expiresIn changed"}),
		},
		"ExpiresInChanged": {
			"OpenAI can move an expiry.",
			with(func(v *view) { v.expiresIn, v.record.expiresIn = time.Hour, 2*time.Hour }),
			held(outcome{Update: "expiresIn changed"}),
		},
		"ExpiresInRemoved": {
			"OpenAI cannot remove an expiry: only another key has none.",
			with(func(v *view) { v.record.expiresIn = time.Hour }),
			held(outcome{Issue: "expiresIn was removed"}),
		},
		"DetailChanged": {
			"A consumer's SDK would call another project.",
			with(func(v *view) { v.secret.Data[dataProject] = []byte("proj_2") }),
			held(outcome{Update: "the Secret's details changed"}),
		},
		"DetailAdded": {
			"The configuration now names an organization.",
			with(func(v *view) { v.details[dataOrganization] = []byte("org-1") }),
			held(outcome{Update: "the Secret's details changed"}),
		},
		"DetailNoLongerWanted": {
			"It would mislead a consumer's SDK.",
			with(func(v *view) { v.secret.Data[dataBaseURL] = []byte("https://old.example.org") }),
			held(outcome{Update: "the Secret's details changed"}),
		},
		"OtherDataInTheSecret": {
			"Others may add to the Secret.",
			with(func(v *view) { v.secret.Data["theirs"] = []byte("x") }),
			held(outcome{}),
		},
		"RetiringBeforeDue": {
			"Consumers have time to pick up the successor.",
			with(also(ours("key_0", 1, old)), retiring("key_0", start.Add(time.Second))),
			held(outcome{Wake: start.Add(time.Second)}),
		},
		"RetiringDue": {
			"The overlap is over, to the second.",
			with(also(ours("key_0", 1, old)), retiring("key_0", start)),
			held(outcome{Revoke: map[string]string{"key_0": reasonRetired}}),
		},
		"LeftoverYoung": {
			"It may still be on its way into the Secret.",
			with(also(ours("key_2", 2, young))),
			held(outcome{Wake: young.Add(InFlightGrace)}),
		},
		"LeftoverOld": {
			"Nobody ever read its value.",
			with(also(ours("key_2", 2, old))),
			held(outcome{Revoke: map[string]string{"key_2": reasonLeftover}}),
		},
		"LeftoverAndRetiring": {
			"A retiring key is none that nobody knows.",
			with(also(ours("key_0", 1, old), ours("key_2", 3, old)), retiring("key_0", start.Add(time.Hour))),
			held(outcome{Revoke: map[string]string{"key_2": reasonLeftover}, Wake: start.Add(time.Hour)}),
		},
		"KeysOfOthers": {
			"Keys of other objects and of people are none of ours, however old.",
			with(also(foreign, person)),
			held(outcome{}),
		},
		"RetiringWithoutExpiry": {
			"OpenAI is to end the key even if this cluster is down.",
			with(also(ours("key_0", 1, old)), func(v *view) { v.record.retiring["key_0"] = retiree{RevokeAt: start.Add(time.Hour)} }),
			held(outcome{Limit: []string{"key_0"}, Wake: start.Add(time.Hour)}),
		},
		"RetiringAndGone": {
			"What OpenAI no longer knows cannot be given an expiry.",
			with(func(v *view) { v.record.retiring["key_0"] = retiree{RevokeAt: start.Add(time.Hour)} }),
			held(outcome{Wake: start.Add(time.Hour)}),
		},
		"SecretRenamed": {
			"The value moves; nothing else is done before it has.",
			with(func(v *view) { v.former, v.secret, v.scopes = v.secret, nil, []string{"api.all.read"} }, also(ours("key_2", 2, old))),
			held(outcome{Move: true}),
		},
		"FormerSecretLeft": {
			"The former Secret holds a copy of the value.",
			with(func(v *view) { v.record.former = "old" }),
			held(outcome{Update: "the Secret's name changed"}),
		},
		"OwnerReferenceUnwanted": {
			"The only copy of a key that lives on must not be collected.",
			with(func(v *view) { v.owned = false }),
			held(outcome{Update: "whether the Secret goes with its ProjectAPIKey changed"}),
		},
		"ReassertDue": {
			"OpenAI does not tell whether somebody changed the scopes.",
			with(func(v *view) { v.reassert, v.record.asserted = time.Hour, start.Add(-time.Hour) }),
			held(outcome{Update: "scopes are due to be applied again, since OpenAI does not tell whether somebody changed them", Wake: start}),
		},
		"ReassertNotDue": {
			"Every update counts towards the rate limit.",
			with(func(v *view) { v.reassert, v.record.asserted = time.Hour, start.Add(-time.Minute) }),
			held(outcome{Wake: start.Add(59 * time.Minute)}),
		},
		"AdoptedScopesStay": {
			"Nobody asked to change them, and giving full permissions could be a surprise.",
			with(func(v *view) { v.reassert, v.record.scopes = time.Hour, scopesAsFound }),
			held(outcome{}),
		},
		"AdoptedScopesWanted": {
			"They are asked for.",
			with(func(v *view) { v.record.scopes, v.scopes = scopesAsFound, []string{"api.all.read"} }),
			held(outcome{Update: "scopes changed"}),
		},
		"IntervalOver": {
			"The key is as old as the interval, to the second.",
			with(func(v *view) { v.interval = time.Hour }),
			held(outcome{Issue: "its rotation interval is over"}),
		},
		"IntervalNotOver": {
			"The key is younger.",
			with(func(v *view) { v.interval = time.Hour + time.Second }),
			held(outcome{Wake: start.Add(time.Second)}),
		},
		"TwoThirdsOfLife": {
			"Without a rotation the key is replaced before it expires.",
			with(expiring(start.Add(30*time.Minute)), func(v *view) { v.expiresIn, v.record.expiresIn = 90*time.Minute, 90*time.Minute }),
			held(outcome{Issue: "it is about to expire"}),
		},
		"LessThanTwoThirdsOfLife": {
			"There is time.",
			with(expiring(start.Add(31*time.Minute)), func(v *view) { v.expiresIn, v.record.expiresIn = 90*time.Minute, 90*time.Minute }),
			held(outcome{Wake: start.Add(time.Minute)}),
		},
		"TriggerChanged": {
			"Somebody wants another key now.",
			with(func(v *view) { v.trigger, v.record.trigger = "2026-11-22", "2026-11-21" }),
			held(outcome{Issue: `rotation.trigger changed to "2026-11-22"`}),
		},
		"TriggerRemoved": {
			"Nothing is asked for.",
			with(func(v *view) { v.record.trigger = "2026-11-21" }),
			held(outcome{}),
		},
		"NameChanged": {
			"OpenAI cannot rename a key.",
			with(func(v *view) { v.name = "other" }),
			held(outcome{Issue: `its name changed to "other"`}),
		},
		"NameNormalised": {
			"OpenAI shows the name in another form than it was given.",
			with(func(v *view) {
				v.record.name, v.name = "My  Key", "My  Key"
				v.listed[0].Name = "my key-" + string(v.tag) + "-1"
			}),
			held(outcome{}),
		},
		"NameOfAnAdoptedKey": {
			"It has a name of its own.",
			with(func(v *view) { v.listed[0].Name = "by hand" }),
			held(outcome{}),
		},
		"EarliestWake": {
			"Whatever falls due first counts.",
			with(expiring(start.Add(3*time.Hour)), also(ours("key_0", 1, old), ours("key_2", 2, young)), retiring("key_0", start.Add(2*time.Hour))),
			held(outcome{Wake: young.Add(InFlightGrace)}),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			d := decide(tc.v)
			got := outcome{Issue: d.issue, Wait: d.wait, Update: d.update, Move: d.move, Limit: d.limit, Wake: d.wake}
			if d.held != nil {
				got.Held = d.held.ID
			}
			for _, r := range d.revoke {
				if got.Revoke == nil {
					got.Revoke = map[string]string{}
				}
				got.Revoke[r.id] = r.reason
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\ndecide: -want, +got:\n%s", tc.reason, diff)
			}
			if want := tc.want.Issue == "" && tc.want.Update == "" && !tc.want.Move && tc.want.Limit == nil && tc.want.Revoke == nil; d.upToDate() != want {
				t.Errorf("\n%s\nupToDate: want %t, got %t", tc.reason, want, d.upToDate())
			}
		})
	}
}
