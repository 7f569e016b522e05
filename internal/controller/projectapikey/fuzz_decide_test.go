// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A forgery is what others wrote about an object and its one key: the state annotations of its
// Secret, its status, and the names of keys at OpenAI.
type forgery struct {
	serial, pending, issued, born, granted, retiring, unsettled string

	// names of keys, one a line, with HASH for the object's owner hash.
	names string
	// age of those keys in seconds, and which of them were used, by bits.
	age  int64
	used uint64

	// statusIssued and ahead of it, in seconds from now.
	statusIssued int64
}

// object of the fixtures, which has key_held.
func (i forgery) object() *v1alpha1.ProjectAPIKey {
	cr := newKey("uid-1", "checkout")
	cr.CreationTimestamp = metav1.NewTime(start.Add(-time.Hour))
	cr.Annotations = map[string]string{annotationKeysInFlight: i.unsettled}
	at := metav1.NewTime(start.Add(time.Duration(i.statusIssued%(1<<31)) * time.Second))
	cr.Status.AtProvider.ID = "key_held"
	cr.Status.AtProvider.Applied = &v1alpha1.AppliedKeySettings{KeyID: "key_held", Name: "checkout", IssuedAt: &at}
	cr.Status.ManagedIDs = []string{"key_held"}
	return cr
}

// keys that OpenAI lists.
func (i forgery) keys() []openai.ProjectAPIKey {
	held := managedKey("key_held", 3, start.Add(-time.Hour))
	out := []openai.ProjectAPIKey{held}
	for n, name := range strings.Split(i.names, "\n") {
		if n >= 60 {
			break
		}
		k := openai.ProjectAPIKey{ID: "key_other_" + string(rune('A'+n)), Name: strings.ReplaceAll(name, "HASH", string(ownerHashOf("uid-1"))), RedactedValue: "sk-svcacct-********else", CreatedAt: start.Unix() - i.age%(1<<31)}
		if i.used>>(n%64)&1 == 1 {
			k.LastUsedAt = start.Unix() - 60
		}
		out = append(out, k)
	}
	return out
}

// secret of the object with the value of key_held.
func (i forgery) secret() *corev1.Secret {
	s := annotated(map[string]string{
		annotationKeyID: "key_held", annotationKeySerial: i.serial, annotationPendingSerial: i.pending, annotationIssuedAt: i.issued, annotationIssuedAtOpenAI: i.born,
		annotationGrantedLifetime: i.granted, annotationRetiringKeys: i.retiring, annotationAppliedName: "checkout", annotationAppliedScopes: fingerprint(nil), annotationProjectID: "proj_1",
	})
	s.Annotations[annotationSecret] = client.ObjectKeyFromObject(s).String()
	s.Labels = map[string]string{labelOwner: "uid-1"}
	s.OwnerReferences = []metav1.OwnerReference{{UID: "uid-1", Controller: yes}}
	s.Data = map[string][]byte{dataAPIKey: []byte(currentValue), dataProject: []byte("proj_1")}
	return s
}

// observes is what the provider observes; false if it reports an error.
func observes(cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, listed []openai.ProjectAPIKey) (observed, bool) {
	state, err := readKeyState(s)
	if err != nil {
		return observed{}, false
	}
	u, err := readInFlight(cr, start)
	if err != nil {
		return observed{}, false
	}
	o := upToDate()
	o.secret, o.state, o.inFlight, o.keys = s, state.validated(start, 0), u, listed
	o.statusApplied, o.statusIssuedAt = validApplied(cr.Status.AtProvider.Applied, start)
	o.lastObservedID, o.publishedIDs, o.projectID = cr.Status.AtProvider.ID, publishedIDsOf(cr), "proj_1"
	rebuild(&o, cr)
	applyEarlyRevocation(&o)
	o.unplanned = unplannedRotations(cr, nil, o.interrupted(), start)
	return o, true
}

// sparesCurrent fails if a decision ends the current key.
func sparesCurrent(t *testing.T, d decision, id string) {
	t.Helper()
	for _, r := range d.revoke {
		if r.id == id {
			t.Errorf("the key in use is to be revoked: %s", r.reason)
		}
	}
	for _, other := range append(d.retire, d.setExpiry...) {
		if other == id {
			t.Error("the key in use is to retire")
		}
	}
}

func FuzzDecide(f *testing.F) {
	honest := start.Add(-time.Hour).Format(time.RFC3339)
	f.Add("3", "", honest, honest, "", "", "", "", int64(3600), uint64(0), int64(-3600))
	f.Add("3", "", honest, honest, "", `{"key_held":{"revokeAt":"2020-01-01T00:00:00Z"}}`, "", "HASH-1073741824-x\nTAG-1048575-x\nTAG-007-x\nTAG-+7-x\nTAG-3-x", int64(10), uint64(5), int64(-3600))
	f.Add("1073741824", "1048575", farAhead, farAhead, "2540400h", manyRetiring(32), `{"1048575":"`+farAhead+`","4":"`+farAhead+`"}`, "HASH-4-x\nTAG-4-y", int64(-900000000), uint64(1<<63|3), int64(300000000))
	f.Add("0", "3", noYear, lastYear, "1ns", `{"key_other_A":{"revokeAt":"`+lastYear+`","requested":true}}`, "{}", strings.Repeat("HASH-2-x\n", 60), int64(600), ^uint64(0), int64(-900000000))
	f.Fuzz(func(t *testing.T, serial, pending, issued, born, granted, retiring, unsettled, names string, age int64, used uint64, statusIssued int64) {
		i := forgery{serial, pending, issued, born, granted, retiring, unsettled, names, age, used, statusIssued}
		cr, s, keys := i.object(), i.secret(), i.keys()
		o, ok := observes(cr, s, keys)
		if !ok {
			return
		}
		d := decide(o)
		sparesCurrent(t, d, "key_held")
		if d.issueReason == "" {
			return
		}

		// As issuing does.
		n := o.nextSerial()
		for k := range keys {
			if m, _ := o.ownerHash.serial(keys[k].Name); m == n {
				t.Errorf("serial %d is taken by %q", n, keys[k].Name)
			}
		}
		state := o.state
		state.retiring = maps.Clone(o.retiringAfterIssue(o.explainedOrigin(&d)))
		state.keyID, state.serial, state.pending, state.issued, state.issuedAtOpenAI, state.grantedLifetime = "key_next", n, 0, start, start, 0
		state.name, state.scopes, state.account = o.name, fingerprint(nil), "user-1"
		next := s.DeepCopy()
		state.write(next)
		next.Data[dataAPIKey] = []byte("sk-svcacct-FAKE-next")
		made := managedKey("key_next", n, start)
		made.RedactedValue = "sk-svcacct-********next"
		cr.Status.AtProvider = v1alpha1.ProjectAPIKeyObservation{ID: "key_next", Applied: appliedSettings(state), Retiring: retiringStatus(observed{state: state})}
		o, ok = observes(cr, next, append(keys, made))
		if !ok {
			t.Fatal("the key state of the new key cannot be read")
		}
		if d = decide(o); d.issueReason != "" {
			t.Errorf("another key is to be issued at once: %s", d.issueReason)
		}
		sparesCurrent(t, d, "key_next")
	})
}
