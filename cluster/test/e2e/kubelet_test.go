// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestAPodsEnvironmentIsWhatItsSpecificationSays(t *testing.T) {
	from := func(path string) *corev1.EnvVarSource {
		return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}
	}
	o := &corev1.Pod{ObjectMeta: metav1.ObjectMeta{Namespace: "crossplane-system", Name: "pod", Labels: map[string]string{"pkg.crossplane.io/provider": "openai"}}}
	o.Spec.Containers = []corev1.Container{{Env: []corev1.EnvVar{
		{Name: "POD_NAMESPACE", ValueFrom: from("metadata.namespace")},
		{Name: "PROVIDER_NAME", ValueFrom: from("metadata.labels['pkg.crossplane.io/provider']")},
		{Name: "TLS_SERVER_CERTS_DIR", Value: "/tls/server"},
		{Name: "WEBHOOK_TLS_CERT_DIR", Value: "$(TLS_SERVER_CERTS_DIR)"},
	}}}
	configMaps := map[string]string{"TOKEN_FILE": "/var/run/openai/token", "OTHER_FILE": "/var/run/openai-other/token", "ID": "wip_1"}
	mounts := map[string]string{"/tls/server": "/tmp/certs", "/var/run/openai/": "/tmp/token", "/var/run": "/tmp/run"}
	want := []string{
		"ID=wip_1", "OTHER_FILE=/tmp/run/openai-other/token", "TOKEN_FILE=/tmp/token/token",
		"POD_NAMESPACE=crossplane-system", "PROVIDER_NAME=openai",
		"TLS_SERVER_CERTS_DIR=/tmp/certs", "WEBHOOK_TLS_CERT_DIR=/tmp/certs",
	}
	if diff := cmp.Diff(want, podEnvironment(o, configMaps, mounts)); diff != "" {
		t.Errorf("environment: -want, +got:\n%s", diff)
	}
}

func TestATokenIsReplacedAfterFourFifthsOfItsLife(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	began := time.Now()
	var refusal error
	f := &tokenFile{path: file, request: func(context.Context) (authv1.TokenRequestStatus, error) {
		return authv1.TokenRequestStatus{Token: "first", ExpirationTimestamp: metav1.NewTime(began.Add(time.Hour))}, refusal
	}}
	if !f.isDue(began) {
		t.Error("a token that was never written is not due")
	}
	if err := f.renew(t.Context()); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]bool{47 * time.Minute: false, 49 * time.Minute: true} {
		if got := f.isDue(began.Add(after)); got != want {
			t.Errorf("whether a token of an hour is due after %s: want %t, got %t", after, want, got)
		}
	}
	refusal = errors.New("the API server restarts")
	if err := f.renew(t.Context()); !errors.Is(err, refusal) {
		t.Errorf("without a new token: want the refusal, got %v", err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "first" {
		t.Errorf("without a new token: want the previous one in the file, got %q and %v", got, err)
	}
}
