// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	authv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/types"
)

// mount writes the Secrets and the projected tokens of a pod to folders, and returns these by their
// paths in the container.
func (k *kubelet) mount(ctx context.Context, o *corev1.Pod, p *pod, dir string) (map[string]string, error) {
	mounts := map[string]string{}
	for _, v := range o.Spec.Volumes {
		for _, m := range o.Spec.Containers[0].VolumeMounts {
			if m.Name != v.Name {
				continue
			}
			var err error
			folder := filepath.Join(dir, v.Name)
			switch {
			case v.Secret != nil:
				err = k.writeSecret(ctx, o.Namespace, v.Secret.SecretName, folder)
			case v.Projected != nil:
				err = k.project(ctx, o, p, v.Projected.Sources, folder)
			default:
				continue
			}
			if err != nil {
				return nil, err
			}
			mounts[m.MountPath] = folder
		}
	}
	return mounts, nil
}

// project writes the tokens of a projected volume. The pod's later tokens are written to the same
// files.
func (k *kubelet) project(ctx context.Context, o *corev1.Pod, p *pod, sources []corev1.VolumeProjection, dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make a folder for tokens: %w", err)
	}
	for _, s := range sources {
		if s.ServiceAccountToken == nil {
			return fmt.Errorf("a projected volume of pod %q has a source that is no serviceAccountToken", o.Name)
		}
		spec := authv1.TokenRequestSpec{ExpirationSeconds: s.ServiceAccountToken.ExpirationSeconds, BoundObjectRef: boundTo(o)}
		if a := s.ServiceAccountToken.Audience; a != "" {
			spec.Audiences = []string{a}
		}
		namespace, account := o.Namespace, o.Spec.ServiceAccountName
		f := &tokenFile{
			path: filepath.Join(dir, s.ServiceAccountToken.Path),
			request: func(ctx context.Context) (authv1.TokenRequestStatus, error) {
				return requestToken(ctx, k.kube, namespace, account, spec)
			},
		}
		if err := f.renew(ctx); err != nil {
			return err
		}
		p.tokens = append(p.tokens, f)
	}
	return nil
}

// writeSecret writes the data of a Secret as files, as a kubelet mounts it.
func (w *environment) writeSecret(ctx context.Context, namespace, name, dir string) error {
	s := &corev1.Secret{}
	if err := w.kube.Get(ctx, types.NamespacedName{Namespace: namespace, Name: name}, s); err != nil {
		return fmt.Errorf("cannot read Secret %q: %w", name, err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("cannot make a folder for Secret %q: %w", name, err)
	}
	for _, key := range slices.Sorted(maps.Keys(s.Data)) {
		if err := os.WriteFile(filepath.Join(dir, key), s.Data[key], 0o600); err != nil {
			return fmt.Errorf("cannot write %q of Secret %q: %w", key, name, err)
		}
	}
	return nil
}
