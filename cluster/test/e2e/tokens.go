// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// requestToken requests a token of a ServiceAccount from the API server.
func requestToken(ctx context.Context, kube client.Client, namespace, account string, spec authv1.TokenRequestSpec) (authv1.TokenRequestStatus, error) {
	r := &authv1.TokenRequest{Spec: spec}
	sa := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: account}}
	if err := kube.SubResource("token").Create(ctx, sa, r); err != nil {
		return authv1.TokenRequestStatus{}, fmt.Errorf("cannot get a token of ServiceAccount %q in namespace %q: %w", account, namespace, err)
	}
	return r.Status, nil
}

// boundTo is what a token names that is valid only as long as a pod is there.
func boundTo(pod *corev1.Pod) *authv1.BoundObjectReference {
	return &authv1.BoundObjectReference{APIVersion: "v1", Kind: "Pod", Name: pod.Name, UID: pod.UID}
}

// A tokenFile holds a projected token of a pod's ServiceAccount. Like the real kubelet, this one
// replaces it once 80 % of its life are over.
type tokenFile struct {
	path    string
	request func(context.Context) (authv1.TokenRequestStatus, error)

	mu      sync.Mutex
	renewAt time.Time
}

// isDue reports whether the token has to be replaced.
func (f *tokenFile) isDue(now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return !now.Before(f.renewAt)
}

// renew replaces the token. Whoever reads the file finds the old token or the new one, never a part.
func (f *tokenFile) renew(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := time.Now()
	token, err := f.request(ctx)
	if err != nil {
		return err
	}
	next := f.path + ".next"
	if err := os.WriteFile(next, []byte(token.Token), 0o600); err != nil {
		return fmt.Errorf("cannot write a token: %w", err)
	}
	if err := os.Rename(next, f.path); err != nil {
		return fmt.Errorf("cannot replace a token: %w", err)
	}
	f.renewAt = now.Add(token.ExpirationTimestamp.Sub(now) * 8 / 10)
	return nil
}

// renewTokens replaces the pod's projected tokens for which a condition holds.
func (p *pod) renewTokens(ctx context.Context, condition func(*tokenFile) bool) error {
	for _, f := range p.tokens {
		if !condition(f) {
			continue
		}
		if err := f.renew(ctx); err != nil {
			return err
		}
	}
	return nil
}

// renewTokens replaces the projected tokens of all pods now, however long they are valid.
func (k *kubelet) renewTokens(ctx context.Context) error {
	for _, p := range k.all() {
		if err := p.renewTokens(ctx, func(*tokenFile) bool { return true }); err != nil {
			return fmt.Errorf("pod %q: %w", p.name, err)
		}
	}
	return nil
}
