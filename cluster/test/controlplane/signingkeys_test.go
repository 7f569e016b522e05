// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package controlplane

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

func TestSigningKeysAreRotatedInSteps(t *testing.T) {
	c := startForTest(t, Options{ControllerManager: true})
	kube := newClient(t, c)
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "account"}}
	create(t, kube, account)

	atStart := newToken(t, kube, account)
	first := headerOf(t, atStart)
	keys, err := c.RotatingKeys()
	if err != nil {
		t.Fatal(err)
	}
	publishes(t, c, first.KeyID, keys.Current())

	previous, before := keys.Current(), newToken(t, kube, account)
	if diff := cmp.Diff(TokenHeader{KeyID: previous, Algorithm: "RS256"}, headerOf(t, before)); diff != "" {
		t.Errorf("a token before the rotation: -want, +got:\n%s", diff)
	}

	next, err := keys.Publish()
	if err != nil {
		t.Fatal(err)
	}
	publishes(t, c, first.KeyID, previous, next)
	if got := headerOf(t, newToken(t, kube, account)); got.KeyID != previous {
		t.Errorf("a token once the new key is published: want key %q, got %+v", previous, got)
	}

	if err := keys.Sign(); err != nil {
		t.Fatal(err)
	}
	publishes(t, c, first.KeyID, previous, next)
	after := newToken(t, kube, account)
	if diff := cmp.Diff(TokenHeader{KeyID: next, Algorithm: "ES256"}, headerOf(t, after)); diff != "" {
		t.Errorf("a token once the new key signs: -want, +got:\n%s", diff)
	}
	accepts(t, kube, map[string]bool{atStart: true, before: true, after: true})

	if err := keys.Drop(); err != nil {
		t.Fatal(err)
	}
	publishes(t, c, first.KeyID, next)
	accepts(t, kube, map[string]bool{atStart: true, before: false, after: true})
	if got := keys.Current(); got != next {
		t.Errorf("the current key after a rotation: want %q, got %q", next, got)
	}

	atOnce, err := keys.SignAtOnce()
	if err != nil {
		t.Fatal(err)
	}
	publishes(t, c, first.KeyID, next, atOnce)
	if got := headerOf(t, newToken(t, kube, account)); got.KeyID != atOnce {
		t.Errorf("a token once a new key signs at once: want key %q, got %+v", atOnce, got)
	}

	// kube-controller-manager has to be at work again.
	owner := &corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{Namespace: "default", Name: "owner"}}
	create(t, kube, owner)
	dependent := createDependent(t, kube, owner, "v1", "ConfigMap")
	if err := kube.Delete(t.Context(), owner); err != nil {
		t.Fatal(err)
	}
	if err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, time.Minute, true, func(ctx context.Context) (bool, error) {
		err := kube.Get(ctx, client.ObjectKeyFromObject(dependent), dependent)
		return kerrors.IsNotFound(err), client.IgnoreNotFound(err)
	}); err != nil {
		t.Errorf("after rotations no garbage is collected: %v", err)
	}
}

func TestAKeyIsPublishedBeforeItSigns(t *testing.T) {
	k := &SigningKeys{}
	for step, do := range map[string]func() error{"Sign": k.Sign, "Drop": k.Drop} {
		if err := do(); err == nil || !strings.Contains(err.Error(), "publish one first") {
			t.Errorf("%s without Publish: want a refusal, got %v", step, err)
		}
	}
}

func newToken(t *testing.T, kube client.Client, account *corev1.ServiceAccount) string {
	t.Helper()
	r := &authv1.TokenRequest{}
	if err := kube.SubResource("token").Create(t.Context(), account, r); err != nil {
		t.Fatalf("cannot get a token: %v", err)
	}
	return r.Status.Token
}

func headerOf(t *testing.T, token string) TokenHeader {
	t.Helper()
	h, err := HeaderOf(token)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// publishes fails the test unless the API server publishes keys with exactly these IDs.
func publishes(t *testing.T, c *ControlPlane, want ...string) {
	t.Helper()
	set, err := kubernetes.NewForConfig(c.Config)
	if err != nil {
		t.Fatal(err)
	}
	data, err := set.RESTClient().Get().AbsPath("/openid/v1/jwks").DoRaw(t.Context())
	if err != nil {
		t.Fatalf("cannot read the published keys: %v", err)
	}
	var published struct {
		Keys []TokenHeader `json:"keys"`
	}
	if err := json.Unmarshal(data, &published); err != nil {
		t.Fatalf("cannot parse the published keys: %v", err)
	}
	var got []string
	for _, k := range published.Keys {
		got = append(got, k.KeyID)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("published keys: -want, +got:\n%s", diff)
	}
}

// accepts fails the test unless the API server accepts the tokens as it should.
func accepts(t *testing.T, kube client.Client, tokens map[string]bool) {
	t.Helper()
	for token, want := range tokens {
		r := &authv1.TokenReview{Spec: authv1.TokenReviewSpec{Token: token}}
		if err := kube.Create(t.Context(), r); err != nil {
			t.Fatalf("cannot review a token: %v", err)
		}
		if got := r.Status.Authenticated; got != want {
			t.Errorf("whether a token of key %q is accepted: want %t, got %t: %s", headerOf(t, token).KeyID, want, got, r.Status.Error)
		}
	}
}
