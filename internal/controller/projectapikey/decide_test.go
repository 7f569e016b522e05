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
	currentValue = "sk-svcacct-FAKE-held"
	redacted     = "sk-svcacct-********held"
)

// managedKey is a key of the fixtures' object.
func managedKey(id string, serial int, created time.Time) openai.ProjectAPIKey {
	return openai.ProjectAPIKey{ID: id, Name: ownerHashOf("uid-1").keyName("checkout", serial), RedactedValue: redacted, CreatedAt: created.Unix()}
}

// upToDate is the observed state of an object with one key, serial 1, for which there is
// nothing to do.
func upToDate() observed {
	return observed{
		now: start, uid: "uid-1", ownerHash: ownerHashOf("uid-1"), timing: timing{inFlightGrace: InFlightGrace},
		keys: []openai.ProjectAPIKey{managedKey("key_1", 1, start.Add(-time.Hour))},
		secret: &corev1.Secret{
			ObjectMeta: metav1.ObjectMeta{
				Labels:          map[string]string{labelOwner: "uid-1"},
				Annotations:     map[string]string{annotationSecret: "/"},
				OwnerReferences: []metav1.OwnerReference{{UID: "uid-1", Controller: yes}},
			},
			Data: map[string][]byte{dataAPIKey: []byte(currentValue), dataProject: []byte("proj_1")},
		},
		state: keyState{
			keyID: "key_1", serial: 1, name: "checkout", issued: start.Add(-time.Hour), scopes: fingerprint(nil), retiring: map[string]retiringKey{},
		},
		desired: desired{
			accountID: "user-1", name: "checkout", overlap: defaultOverlap, ownsSecret: true, details: map[string][]byte{dataProject: []byte("proj_1")},
		},
	}
}

// with changes to upToDate.
func with(changes ...func(*observed)) observed {
	o := upToDate()
	for _, c := range changes {
		c(&o)
	}
	return o
}

func also(keys ...openai.ProjectAPIKey) func(*observed) {
	return func(o *observed) { o.keys = append(o.keys, keys...) }
}

func retiring(id string, at time.Time) func(*observed) {
	return func(o *observed) { o.state.retiring[id] = retiringKey{RevokeAt: at, Expires: true} }
}

func expiring(at time.Time) func(*observed) {
	return func(o *observed) { o.keys[0].ExpiresAt = at.Unix() }
}

func TestDecide(t *testing.T) {
	young, old := start.Add(-InFlightGrace+time.Second), start.Add(-InFlightGrace)
	otherObjects := openai.ProjectAPIKey{ID: "key_9", Name: ownerHashOf("uid-2").keyName("checkout", 2), RedactedValue: redacted, CreatedAt: old.Unix()}
	person := openai.ProjectAPIKey{ID: "key_8", Name: "checkout", RedactedValue: redacted, CreatedAt: old.Unix()}

	type outcome struct {
		Current, Issue, Wait, Update string
		Move                         bool
		SetExpiry                    []string
		Revoke                       map[string]string
		ReconcileAt                  time.Time
	}
	withCurrent := func(o outcome) outcome { o.Current = "key_1"; return o }

	cases := map[string]struct {
		reason string
		v      observed
		want   outcome
	}{
		"NothingToDo": {"The Secret holds the key as desired.", upToDate(), withCurrent(outcome{})},
		"NoSecret": {
			"Without its value the key is of no use; nothing is revoked, for pods may still use it.",
			with(func(o *observed) { o.secret, o.state = nil, keyState{retiring: map[string]retiringKey{}} }),
			outcome{Issue: "there is no Secret"},
		},
		"ShellOnly": {
			"The mint was interrupted before its commit.",
			with(func(o *observed) {
				o.state, o.keys = keyState{pending: 1, retiring: map[string]retiringKey{}}, nil
				delete(o.secret.Data, dataAPIKey)
			}),
			outcome{Issue: "the Secret holds no key yet"},
		},
		"ShellAndUnclaimed": {
			"The POST was carried out, and the process died before the commit.",
			with(func(o *observed) {
				o.state = keyState{pending: 1, retiring: map[string]retiringKey{}}
				o.keys[0].CreatedAt = old.Unix()
			}),
			outcome{Issue: "the Secret holds no key yet", Revoke: map[string]string{"key_1": messageUnclaimed}},
		},
		"ValueOverwritten": {
			"Somebody put another value into the Secret.",
			with(func(o *observed) { o.secret.Data[dataAPIKey] = []byte("sk-svcacct-FAKE-else") }),
			outcome{Issue: `the Secret no longer holds the value of key "key_1"`},
		},
		"ValueRemoved": {
			"Somebody emptied the Secret.",
			with(func(o *observed) { o.secret.Data = nil }),
			outcome{Issue: `the Secret no longer holds the value of key "key_1"`},
		},
		"NoRedactedValue": {
			"What OpenAI does not tell contradicts nothing; else a key would be issued with every reconcile.",
			with(func(o *observed) { o.keys[0].RedactedValue = "" }),
			withCurrent(outcome{}),
		},
		"RedactedWithDots": {
			"OpenAI's API reference shows redacted values such as sk-abc...def.",
			with(func(o *observed) { o.keys[0].RedactedValue = "sk-svc...eld" }),
			withCurrent(outcome{}),
		},
		"YoungKeyNotListed": {
			"OpenAI's list may lag behind: issuing another key would be wrong.",
			with(func(o *observed) { o.keys, o.state.issued = nil, start.Add(-inventory.ListLag+time.Second) }),
			outcome{Wait: `OpenAI does not list key "key_1" yet`, ReconcileAt: start.Add(time.Second)},
		},
		"OldKeyNotListed": {
			"Somebody revoked the key.",
			with(func(o *observed) { o.keys, o.state.issued = nil, start.Add(-inventory.ListLag) }),
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
			withCurrent(outcome{Issue: "it is about to expire"}),
		},
		"ScopesChanged": {
			"OpenAI can change scopes in place.",
			with(func(o *observed) { o.scopes = []string{"api.all.read"} }),
			withCurrent(outcome{Update: "scopes changed"}),
		},
		"ScopesRemoved": {
			"No scopes are full permissions.",
			with(func(o *observed) { o.state.scopes = fingerprint([]string{"api.all.read"}) }),
			withCurrent(outcome{Update: "scopes changed"}),
		},
		"ExpiresInAdded": {
			"OpenAI can set an expiry in place.",
			with(func(o *observed) { o.expiresIn = time.Hour }),
			withCurrent(outcome{Update: "expiresIn changed"}),
		},
		"ExpiresInChanged": {
			"OpenAI can move an expiry.",
			with(func(o *observed) { o.expiresIn, o.state.expiresIn = time.Hour, 2*time.Hour }),
			withCurrent(outcome{Update: "expiresIn changed"}),
		},
		"ExpiresInRemoved": {
			"OpenAI cannot remove an expiry: only another key has none.",
			with(func(o *observed) { o.state.expiresIn = time.Hour }),
			withCurrent(outcome{Issue: "expiresIn was removed"}),
		},
		"DetailChanged": {
			"A consumer's SDK would call another project.",
			with(func(o *observed) { o.secret.Data[dataProject] = []byte("proj_2") }),
			withCurrent(outcome{Update: "the Secret's details changed"}),
		},
		"DetailAdded": {
			"The configuration now names an organization.",
			with(func(o *observed) { o.details[dataOrganization] = []byte("org-1") }),
			withCurrent(outcome{Update: "the Secret's details changed"}),
		},
		"DetailNoLongerWanted": {
			"It would mislead a consumer's SDK.",
			with(func(o *observed) { o.secret.Data[dataBaseURL] = []byte("https://old.example.org") }),
			withCurrent(outcome{Update: "the Secret's details changed"}),
		},
		"OtherDataInTheSecret": {
			"Others may add to the Secret.",
			with(func(o *observed) { o.secret.Data["theirs"] = []byte("x") }),
			withCurrent(outcome{}),
		},
		"RetiringBeforeDue": {
			"Consumers have time to pick up the successor.",
			with(also(managedKey("key_0", 1, old)), retiring("key_0", start.Add(time.Second))),
			withCurrent(outcome{ReconcileAt: start.Add(time.Second)}),
		},
		"RetiringDue": {
			"The overlap is over, to the second.",
			with(also(managedKey("key_0", 1, old)), retiring("key_0", start)),
			withCurrent(outcome{Revoke: map[string]string{"key_0": messageRetired}}),
		},
		"UnclaimedYoung": {
			"It may still be on its way into the Secret.",
			with(also(managedKey("key_2", 2, young))),
			withCurrent(outcome{ReconcileAt: young.Add(InFlightGrace)}),
		},
		"UnclaimedOld": {
			"Nobody ever read its value.",
			with(also(managedKey("key_2", 2, old))),
			withCurrent(outcome{Revoke: map[string]string{"key_2": messageUnclaimed}}),
		},
		"UnclaimedAndRetiring": {
			"A retiring key is none that nobody knows.",
			with(also(managedKey("key_0", 1, old), managedKey("key_2", 3, old)), retiring("key_0", start.Add(time.Hour))),
			withCurrent(outcome{Revoke: map[string]string{"key_2": messageUnclaimed}, ReconcileAt: start.Add(time.Hour)}),
		},
		"KeysOfOthers": {
			"Keys of other objects and of people are none of ours, however old.",
			with(also(otherObjects, person)),
			withCurrent(outcome{}),
		},
		"RetiringWithoutExpiry": {
			"OpenAI is to end the key even if this cluster is down.",
			with(also(managedKey("key_0", 1, old)), func(o *observed) { o.state.retiring["key_0"] = retiringKey{RevokeAt: start.Add(time.Hour)} }),
			withCurrent(outcome{SetExpiry: []string{"key_0"}, ReconcileAt: start.Add(time.Hour)}),
		},
		"RetiringAndGone": {
			"What OpenAI no longer knows cannot be given an expiry.",
			with(func(o *observed) { o.state.retiring["key_0"] = retiringKey{RevokeAt: start.Add(time.Hour)} }),
			withCurrent(outcome{ReconcileAt: start.Add(time.Hour)}),
		},
		"SecretRenamed": {
			"The value moves; nothing else is done before it has.",
			with(func(o *observed) { o.previousSecret, o.secret, o.scopes = o.secret, nil, []string{"api.all.read"} }, also(managedKey("key_2", 2, old))),
			withCurrent(outcome{Move: true}),
		},
		"FormerSecretLeft": {
			"The previous Secret holds a copy of the value.",
			with(func(o *observed) { o.state.previousSecret = "old" }),
			withCurrent(outcome{Update: "the Secret's name changed"}),
		},
		"OwnerReferenceUnwanted": {
			"The only copy of a key that stays valid must not be collected.",
			with(func(o *observed) { o.ownsSecret = false }),
			withCurrent(outcome{Update: "whether the Secret goes with its ProjectAPIKey changed"}),
		},
		"ReassertDue": {
			"Whether somebody changed the scopes cannot be determined.",
			with(func(o *observed) { o.scopesReapplyInterval, o.state.scopesAppliedAt = time.Hour, start.Add(-time.Hour) }),
			withCurrent(outcome{Update: "scopes are due to be applied again, since it cannot be determined whether somebody changed them", ReconcileAt: start}),
		},
		"ReassertNotDue": {
			"Every update counts towards the rate limit.",
			with(func(o *observed) {
				o.scopesReapplyInterval, o.state.scopesAppliedAt = time.Hour, start.Add(-time.Minute)
			}),
			withCurrent(outcome{ReconcileAt: start.Add(59 * time.Minute)}),
		},
		"AdoptedScopesStay": {
			"Nobody asked to change them, and giving full permissions could be a surprise.",
			with(func(o *observed) { o.scopesReapplyInterval, o.state.scopes = time.Hour, scopesAsFound }),
			withCurrent(outcome{}),
		},
		"AdoptedScopesWanted": {
			"They are asked for.",
			with(func(o *observed) { o.state.scopes, o.scopes = scopesAsFound, []string{"api.all.read"} }),
			withCurrent(outcome{Update: "scopes changed"}),
		},
		"IntervalOver": {
			"The key is as old as the interval, to the second.",
			with(func(o *observed) { o.interval = time.Hour }),
			withCurrent(outcome{Issue: "its rotation interval is over"}),
		},
		"IntervalNotOver": {
			"The key is younger.",
			with(func(o *observed) { o.interval = time.Hour + time.Second }),
			withCurrent(outcome{ReconcileAt: start.Add(time.Second)}),
		},
		"TwoThirdsOfLife": {
			"Without a rotation the key is replaced before it expires.",
			with(expiring(start.Add(30*time.Minute)), func(o *observed) { o.expiresIn, o.state.expiresIn = 90*time.Minute, 90*time.Minute }),
			withCurrent(outcome{Issue: "it is about to expire"}),
		},
		"LessThanTwoThirdsOfLife": {
			"There is time.",
			with(expiring(start.Add(31*time.Minute)), func(o *observed) { o.expiresIn, o.state.expiresIn = 90*time.Minute, 90*time.Minute }),
			withCurrent(outcome{ReconcileAt: start.Add(time.Minute)}),
		},
		"TriggerChanged": {
			"Somebody wants another key now.",
			with(func(o *observed) { o.trigger, o.state.trigger = "2026-11-22", "2026-11-21" }),
			withCurrent(outcome{Issue: `rotation.trigger changed to "2026-11-22"`}),
		},
		"TriggerRemoved": {
			"Nothing is asked for.",
			with(func(o *observed) { o.state.trigger = "2026-11-21" }),
			withCurrent(outcome{}),
		},
		"NameChanged": {
			"OpenAI cannot rename a key.",
			with(func(o *observed) { o.name = "other" }),
			withCurrent(outcome{Issue: `its name changed to "other"`}),
		},
		"NameNormalised": {
			"OpenAI shows the name in another form than it was given.",
			with(func(o *observed) {
				o.state.name, o.name = "My  Key", "My  Key"
				o.keys[0].Name = "my key-" + string(o.ownerHash) + "-1"
			}),
			withCurrent(outcome{}),
		},
		"NameOfAnAdoptedKey": {
			"It has a name of its own.",
			with(func(o *observed) { o.keys[0].Name = "by hand" }),
			withCurrent(outcome{}),
		},
		"EarliestWake": {
			"Whatever falls due first counts.",
			with(expiring(start.Add(3*time.Hour)), also(managedKey("key_0", 1, old), managedKey("key_2", 2, young)), retiring("key_0", start.Add(2*time.Hour))),
			withCurrent(outcome{ReconcileAt: young.Add(InFlightGrace)}),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			d := decide(tc.v)
			got := outcome{Issue: d.issueReason, Wait: d.waitReason, Update: d.updateReason, Move: d.move, SetExpiry: d.setExpiry, ReconcileAt: d.reconcileAt}
			if d.current != nil {
				got.Current = d.current.ID
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
			if want := tc.want.Issue == "" && tc.want.Update == "" && !tc.want.Move && tc.want.SetExpiry == nil && tc.want.Revoke == nil; d.upToDate() != want {
				t.Errorf("\n%s\nupToDate: want %t, got %t", tc.reason, want, d.upToDate())
			}
		})
	}
}
