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

// An invention is what others wrote about an honest object and its one key: the bookkeeping
// of its Secret, its status, and the names of keys at OpenAI.
type invention struct {
	serial, pending, issued, born, granted, retiring, unsettled string

	// names of keys, one a line, with TAG for the object's tag.
	names string
	// age of those keys in seconds, and which of them were used, by bits.
	age  int64
	used uint64

	// statusIssued and ahead of it, in seconds from now.
	statusIssued int64
}

// object of the fixtures, which has key_held.
func (i invention) object() *v1alpha1.ProjectAPIKey {
	cr := newKey("uid-1", "checkout")
	cr.CreationTimestamp = metav1.NewTime(start.Add(-time.Hour))
	cr.Annotations = map[string]string{annotationUnsettled: i.unsettled}
	at := metav1.NewTime(start.Add(time.Duration(i.statusIssued%(1<<31)) * time.Second))
	cr.Status.AtProvider.ID = "key_held"
	cr.Status.AtProvider.Applied = &v1alpha1.AppliedKeySettings{KeyID: "key_held", Name: "checkout", IssuedAt: &at}
	cr.Status.ManagedIDs = []string{"key_held"}
	return cr
}

// keys that OpenAI lists.
func (i invention) keys() []openai.ProjectAPIKey {
	held := ours("key_held", 3, start.Add(-time.Hour))
	out := []openai.ProjectAPIKey{held}
	for n, name := range strings.Split(i.names, "\n") {
		if n >= 60 {
			break
		}
		k := openai.ProjectAPIKey{ID: "key_other_" + string(rune('A'+n)), Name: strings.ReplaceAll(name, "TAG", string(tagFor("uid-1"))), RedactedValue: "sk-svcacct-********else", CreatedAt: start.Unix() - i.age%(1<<31)}
		if i.used>>(n%64)&1 == 1 {
			k.LastUsedAt = start.Unix() - 60
		}
		out = append(out, k)
	}
	return out
}

// secret of the object with the value of key_held.
func (i invention) secret() *corev1.Secret {
	s := annotated(map[string]string{
		annotationKeyID: "key_held", annotationSerial: i.serial, annotationPending: i.pending, annotationIssued: i.issued, annotationBorn: i.born,
		annotationGranted: i.granted, annotationRetiring: i.retiring, annotationName: "checkout", annotationScopes: fingerprint(nil), annotationProject: "proj_1",
	})
	s.Annotations[annotationSecret] = client.ObjectKeyFromObject(s).String()
	s.Labels = map[string]string{labelOwner: "uid-1"}
	s.OwnerReferences = []metav1.OwnerReference{{UID: "uid-1", Controller: yes}}
	s.Data = map[string][]byte{dataAPIKey: []byte(heldValue), dataProject: []byte("proj_1")}
	return s
}

// sees is what a look finds; false if it reports what is wrong.
func sees(cr *v1alpha1.ProjectAPIKey, s *corev1.Secret, listed []openai.ProjectAPIKey) (view, bool) {
	r, err := readRecord(s)
	if err != nil {
		return view{}, false
	}
	u, err := readUnsettled(cr, start)
	if err != nil {
		return view{}, false
	}
	v := settled()
	v.secret, v.record, v.unsettled, v.listed = s, r.believed(start, 0), u, listed
	v.served, v.appliedAt = believedApplied(cr.Status.AtProvider.Applied, start)
	v.lastID, v.committed, v.projectID = cr.Status.AtProvider.ID, committedTo(cr), "proj_1"
	rebuild(&v, cr)
	hasten(&v)
	v.issues = unplannedIssues(cr, nil, v.interrupted(), start)
	return v, true
}

// spares fails if a decision ends the key in use.
func spares(t *testing.T, d decision, id string) {
	t.Helper()
	for _, r := range d.revoke {
		if r.id == id {
			t.Errorf("the key in use is to be revoked: %s", r.reason)
		}
	}
	for _, other := range append(d.retire, d.limit...) {
		if other == id {
			t.Error("the key in use is to retire")
		}
	}
}

func FuzzDecide(f *testing.F) {
	honest := start.Add(-time.Hour).Format(time.RFC3339)
	f.Add("3", "", honest, honest, "", "", "", "", int64(3600), uint64(0), int64(-3600))
	f.Add("3", "", honest, honest, "", `{"key_held":{"revokeAt":"2020-01-01T00:00:00Z"}}`, "", "TAG-1073741824-x\nTAG-1048575-x\nTAG-007-x\nTAG-+7-x\nTAG-3-x", int64(10), uint64(5), int64(-3600))
	f.Add("1073741824", "1048575", farAhead, farAhead, "2540400h", manyRetiring(32), `{"1048575":"`+farAhead+`","4":"`+farAhead+`"}`, "TAG-4-x\nTAG-4-y", int64(-900000000), uint64(1<<63|3), int64(300000000))
	f.Add("0", "3", noYear, lastYear, "1ns", `{"key_other_A":{"revokeAt":"`+lastYear+`","requested":true}}`, "{}", strings.Repeat("TAG-2-x\n", 60), int64(600), ^uint64(0), int64(-900000000))
	f.Fuzz(func(t *testing.T, serial, pending, issued, born, granted, retiring, unsettled, names string, age int64, used uint64, statusIssued int64) {
		i := invention{serial, pending, issued, born, granted, retiring, unsettled, names, age, used, statusIssued}
		cr, s, keys := i.object(), i.secret(), i.keys()
		v, ok := sees(cr, s, keys)
		if !ok {
			return
		}
		d := decide(v)
		spares(t, d, "key_held")
		if d.issue == "" {
			return
		}

		// As issuing does.
		n := v.nextSerial()
		for k := range keys {
			if m, _ := v.tag.serial(keys[k].Name); m == n {
				t.Errorf("serial %d is taken by %q", n, keys[k].Name)
			}
		}
		r := v.record
		r.retiring = maps.Clone(v.retire(v.explained(&d)))
		r.keyID, r.serial, r.pending, r.issued, r.born, r.granted = "key_next", n, 0, start, start, 0
		r.name, r.scopes, r.account = v.name, fingerprint(nil), "user-1"
		next := s.DeepCopy()
		r.write(next)
		next.Data[dataAPIKey] = []byte("sk-svcacct-FAKE-next")
		made := ours("key_next", n, start)
		made.RedactedValue = "sk-svcacct-********next"
		cr.Status.AtProvider = v1alpha1.ProjectAPIKeyObservation{ID: "key_next", Applied: applied(r), Retiring: retiringKeys(view{record: r})}
		v, ok = sees(cr, next, append(keys, made))
		if !ok {
			t.Fatal("the record of the new key cannot be read")
		}
		if d = decide(v); d.issue != "" {
			t.Errorf("another key is to be issued at once: %s", d.issue)
		}
		spares(t, d, "key_next")
	})
}
