// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestConnectionDetailsOfAnotherProviderAreLeftAlone(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	// The Secret has no owner, as after a restore or an orphaning deletion.
	others := &corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "database"},
		Type:       resource.SecretTypeConnection,
		StringData: map[string]string{"password": "precious"},
	}
	tn.create(others)
	key := tn.key("database")
	tn.create(key)
	if got := tn.awaitProblem(key); !strings.Contains(got, "belongs to somebody else") {
		t.Errorf("the problem is %q", got)
	}
	tn.delete(key)
	tn.awaitGone(key)
	s := tn.secret("database")
	if s == nil {
		t.Fatal("the Secret of another provider was deleted")
	}
	if diff := cmp.Diff(map[string][]byte{"password": []byte("precious")}, s.Data); diff != "" {
		t.Errorf("the Secret of another provider: -before, +after:\n%s", diff)
	}
	if n := tn.issueCalls(); n != 0 {
		t.Errorf("%d keys were issued, want none", n)
	}
}
