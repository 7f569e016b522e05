// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	corev1 "k8s.io/api/core/v1"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"
)

func TestRecentReadsOftenNeededObjectsSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		kube := fake.NewClientBuilder().
			WithObjects(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: "a", Name: "admin"}, Data: map[string][]byte{"key": []byte("first")}}).
			WithInterceptorFuncs(interceptor.Funcs{Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
				reads++
				return c.Get(ctx, key, o, opts...)
			}}).Build()
		r := &recent{Reader: kube, life: recentFor}
		get := func(want string) *corev1.Secret {
			t.Helper()
			s := &corev1.Secret{}
			if err := r.Get(t.Context(), types.NamespacedName{Namespace: "a", Name: "admin"}, s); err != nil {
				t.Fatal(err)
			}
			if got := string(s.Data["key"]); got != want {
				t.Errorf("key: want %q, got %q", want, got)
			}
			return s
		}

		s := get("first")
		s.Data["key"] = []byte("changed by who was given it")
		get("first")
		if reads != 1 {
			t.Errorf("reads: want 1, got %d", reads)
		}
		stored := s.DeepCopy()
		stored.Data["key"] = []byte("second")
		if err := kube.Update(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		time.Sleep(recentFor)
		get("second")

		if err := kube.Delete(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		time.Sleep(recentFor)
		if err := r.Get(t.Context(), client.ObjectKeyFromObject(stored), &corev1.Secret{}); !kerrors.IsNotFound(err) {
			t.Errorf("a Secret that is gone: want not found, got %v", err)
		}
	})
}
