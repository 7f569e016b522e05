// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/cluster/test/controlplane"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAPodOfATenantExchangesItsTokenAtOpenAI(t *testing.T) {
	if testing.Short() {
		t.Skip("it needs etcd and kube-apiserver: run make test")
	}
	t.Chdir(filepath.Join("..", "..", ".."))
	w, openAI := startNodeForTest(t)
	labels := map[string]string{"app": "checkout-keyless"}
	unknown := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: tenant, Name: "other"}}
	unknown.Spec.Containers = []corev1.Container{{Name: "other", Image: "registry.example.org/other:v1"}}
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tenant, Name: "checkout"}}
	if err := w.create(t.Context(), &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tenant}}, account, unknown); err != nil {
		t.Fatal(err)
	}
	if err := w.loadConsumer(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := w.applyKeyless(t.Context(), "3-deployment.yaml", consumer(tenant)); err != nil {
		t.Fatal(err)
	}

	// The pod waits for its ConfigMap.
	variables := &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Namespace: tenant, Name: "checkout-openai"},
		Data: map[string]string{
			"OPENAI_IDENTITY_PROVIDER_ID": "wip_1", "OPENAI_SERVICE_ACCOUNT_ID": "user-1",
			"OPENAI_IDENTITY_TOKEN_FILE": "/var/run/secrets/openai/token",
		},
	}
	if err := w.create(t.Context(), variables); err != nil {
		t.Fatal(err)
	}
	if err := await(t.Context(), func(context.Context) (string, error) {
		if n := openAI.listed(); n < 2 {
			return fmt.Sprintf("models were listed %d times, want 2", n), nil
		}
		return "", nil
	}); err != nil {
		t.Fatal(err)
	}
	want := "wip_1 user-1 system:serviceaccount:" + tenant + ":checkout"
	if got := openAI.exchanges(); !slices.Equal(got, []string{want}) {
		t.Errorf("exchanges of a client: want one of %q, got %q", want, got)
	}

	pods := w.kubelet.running(tenant, labels)
	if len(pods) != 1 {
		t.Fatalf("running pods: want 1, got %d", len(pods))
	}
	if env := strings.Join(pods[0].command.Env, " "); strings.Contains(env, "KUBECONFIG") {
		t.Errorf("a pod without automountServiceAccountToken has a kubeconfig: %s", env)
	}
	if n := w.kubelet.running(tenant, nil); len(n) != 1 {
		t.Errorf("running pods of the tenant, one of whose images was not loaded: want 1, got %d", len(n))
	}
	file := pods[0].tokens[0].path
	before := content(t, file)
	if err := w.kubelet.renewTokens(t.Context()); err != nil {
		t.Fatal(err)
	}
	if content(t, file) == before {
		t.Error("the token in the pod's file was not replaced")
	}
	log := content(t, w.log("pod-"+pods[0].name))
	if !strings.Contains(log, " 1 models\n") || strings.Contains(log, "cannot") {
		t.Errorf("the log of the example: want only models, got %q", log)
	}
}

func TestAnExchangerTellsWhichExchangesFailed(t *testing.T) {
	token := func(kid string) string {
		return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"RS256","kid":"`+kid+`"}`)) + ".e30.c2lnbmF0dXJl"
	}
	var mu sync.Mutex
	subject, unavailable := token("old"), errors.New("the API server restarts")
	set := func(s string, err error) {
		mu.Lock()
		defer mu.Unlock()
		subject, unavailable = s, err
	}
	openAI := &openAIStub{review: func(_ context.Context, token string) (string, error) {
		if h, err := controlplane.HeaderOf(token); err != nil || h.KeyID == "unknown" {
			return "", errors.New("unknown key")
		}
		return "somebody", nil
	}}
	i, err := newInternet(t.Context(), t.TempDir(), openAI)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(i.close)
	n, err := newNetwork(t.Context(), nil, nil, i)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(n.close)
	e := &exchanger{identityProviderID: "wip_1", serviceAccountID: "user-1", subject: func(context.Context) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		return subject, unavailable
	}}
	if e.http, err = n.client(); err != nil {
		t.Fatal(err)
	}
	e.start(t.Context())
	for _, kid := range []string{"old", "new"} {
		set(token(kid), nil)
		if err := await(t.Context(), e.exchanged(kid)); err != nil {
			t.Fatal(err)
		}
	}
	set(token("unknown"), nil)
	if err := await(t.Context(), func(context.Context) (string, error) {
		e.mu.Lock()
		defer e.mu.Unlock()
		if len(e.failed) == 0 {
			return "no exchange failed", nil
		}
		return "", nil
	}); err != nil {
		t.Fatal(err)
	}
	made, failed := e.finish()
	if made < 3 || made <= len(failed) || len(failed) == 0 {
		t.Errorf("want exchanges of which some failed, got %d of %d", len(failed), made)
	}
	if got := failed[0].Error(); !strings.Contains(got, `key "unknown"`) || !strings.Contains(got, "invalid_grant") || strings.Contains(got, subject) {
		t.Errorf("want an error with the key and OpenAI's refusal and without the token, got %q", got)
	}
}

func TestAnOutageIsFromTheFirstFailureToTheFirstSuccess(t *testing.T) {
	began := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	exchange := func(second int, keyID, reason string) simulator.Exchange {
		e := simulator.Exchange{Time: began.Add(time.Duration(second) * time.Second), KeyID: keyID, Result: simulator.ExchangeOK}
		if reason != "" {
			e.Result, e.Reason = "invalid_grant", reason
		}
		return e
	}
	const unknown = `the identity provider has no key "new"`
	cases := map[string]struct {
		log  []simulator.Exchange
		want time.Duration
		err  bool
	}{
		"Some failed":     {log: []simulator.Exchange{exchange(0, "old", ""), exchange(1, "new", unknown), exchange(2, "new", unknown), exchange(4, "new", ""), exchange(5, "new", "")}, want: 3 * time.Second},
		"None failed":     {log: []simulator.Exchange{exchange(0, "old", ""), exchange(1, "new", "")}},
		"Another key":     {log: []simulator.Exchange{exchange(0, "old", unknown), exchange(1, "new", "")}, err: true},
		"Another reason":  {log: []simulator.Exchange{exchange(0, "new", "it is disabled"), exchange(1, "new", "")}, err: true},
		"After a success": {log: []simulator.Exchange{exchange(0, "new", ""), exchange(1, "new", unknown)}, err: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := outage(tc.log, "new")
			if got != tc.want || (err != nil) != tc.err {
				t.Errorf("want %s and an error %t, got %s and %v", tc.want, tc.err, got, err)
			}
		})
	}
}
