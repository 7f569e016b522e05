// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// pages answers lists of as many objects as an API server does.
type pages struct {
	client.Reader
	have, calls int
}

func (p *pages) List(_ context.Context, l client.ObjectList, opts ...client.ListOption) error {
	p.calls++
	o := (&client.ListOptions{}).ApplyOptions(opts)
	from, _ := strconv.Atoi(o.Continue)
	to := p.have
	if o.Limit > 0 {
		to = min(to, from+int(o.Limit))
	}
	m, ok := l.(*metav1.PartialObjectMetadataList)
	if !ok {
		return fmt.Errorf("%T holds more than the metadata", l)
	}
	for i := from; i < to; i++ {
		m.Items = append(m.Items, metav1.PartialObjectMetadata{ObjectMeta: metav1.ObjectMeta{Name: fmt.Sprintf("k%d", i), UID: types.UID(fmt.Sprintf("uid-%d", i))}})
	}
	if to < p.have {
		m.Continue = strconv.Itoa(to)
	}
	return nil
}

// TestTheOwnerOfASecretIsFoundAmongThousandsInFewCalls shows that objects whose Secrets have an
// old label, as after a restore, do not keep the API server busy.
func TestTheOwnerOfASecretIsFoundAmongThousandsInFewCalls(t *testing.T) {
	p := &pages{have: 5000}
	s := &corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "team-a", Name: "checkout-openai", Labels: map[string]string{labelOwner: "uid-4999"}}, Type: resource.SecretTypeConnection}
	if err := mayWrite(t.Context(), p, newKey("uid-x", "checkout"), s); err == nil || !strings.Contains(err.Error(), `"k4999"`) {
		t.Errorf("want an error that names the owner, got %v", err)
	}
	if p.calls > 20 {
		t.Errorf("want 20 calls to the API server for 5,000 objects, got %d", p.calls)
	}
}

func TestOnlyANameOfASecretIsTakenForThePreviousOne(t *testing.T) {
	cases := map[string]struct {
		reason, told, want string
	}{
		"Name":   {"A Secret can be called so.", "checkout.openai-2", "checkout.openai-2"},
		"None":   {"There was none.", "", ""},
		"Path":   {"It could not be asked for, and the deletion would never end.", "a/b", ""},
		"Long":   {"Nothing is called so.", strings.Repeat("a", 300), ""},
		"Capped": {"As above.", "Checkout", ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(tc.want, previousSecretName(tc.told)); diff != "" {
				t.Errorf("\n%s\nformerName(...): -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestOpenAIsClockIsUsedBeforeItsFirstReply shows that what a key state has of OpenAI's clock is
// not lost when the provider starts, and is trusted only as far as clocks can be wrong.
func TestOpenAIsClockIsUsedBeforeItsFirstReply(t *testing.T) {
	cases := map[string]struct {
		reason string
		ahead  time.Duration
		kept   bool
	}{
		"AnHour": {"It was so when the key was issued.", time.Hour, true},
		"AYear":  {"No clock is so wrong.", 365 * 24 * time.Hour, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			state := keyState{issued: start, issuedAtOpenAI: start.Add(tc.ahead)}.validated(start.Add(time.Second), 0)
			if kept := !state.issuedAtOpenAI.IsZero(); kept != tc.kept {
				t.Errorf("\n%s\nbelieved: want kept %t, got %s", tc.reason, tc.kept, state.issuedAtOpenAI)
			}
		})
	}
}

// TestTheStatusDecidesWhichProjectAKeyIsIn shows that an annotation of the Secret that somebody
// changed leads neither to another project nor to an error.
func TestTheStatusDecidesWhichProjectAKeyIsIn(t *testing.T) {
	f := newFixture(t)
	id := f.mustIssue(t)
	f.apply(t)
	f.cr.Status.AtProvider.ProjectID = f.external().conn.Project
	f.cr.Status.Add(id)
	f.change(t, func(s *corev1.Secret) { s.Annotations[annotationProjectID] = "proj_other" })
	if d := decide(f.observe(t)); d.current == nil || d.current.ID != id {
		t.Errorf("want the key in use, got %+v", d)
	}
}
