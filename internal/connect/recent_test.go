// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestRecentReadsOftenNeededObjectsSeldom(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		stored := secret("a", "admin", map[string]string{"key": "first", "other": "second key"})
		kube := fake.NewClientBuilder().WithObjects(stored).
			WithInterceptorFuncs(interceptor.Funcs{Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
				reads++
				return c.Get(ctx, key, o, opts...)
			}}).Build()
		r, nn := &recent{Reader: kube, life: recentFor}, client.ObjectKeyFromObject(stored)
		get := func(key, want string, wantOK bool) {
			t.Helper()
			got, err := r.secretEntry(t.Context(), nn, key)
			if err != nil {
				t.Fatal(err)
			}
			if got.value != want || got.ok != wantOK {
				t.Errorf("%s: want %q and %t, got %q and %t", key, want, wantOK, got.value, got.ok)
			}
		}

		get("key", "first", true)
		get("key", "first", true)
		if reads != 1 {
			t.Errorf("reads: want 1, got %d", reads)
		}
		get("other", "second key", true)
		get("missing", "", false)
		get("missing", "", false)
		if reads != 3 {
			t.Errorf("reads of three entries: want 3, got %d", reads)
		}
		if err := kube.Get(t.Context(), nn, stored); err != nil {
			t.Fatal(err)
		}
		stored.Data["key"] = []byte("second")
		if err := kube.Update(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		time.Sleep(recentFor)
		get("key", "second", true)

		if err := kube.Delete(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		time.Sleep(recentFor)
		if _, err := r.secretEntry(t.Context(), nn, "key"); !kerrors.IsNotFound(err) {
			t.Errorf("a Secret that is gone: want not found, got %v", err)
		}
	})
}

func TestRecentKeepsLittleOfWhatItRead(t *testing.T) {
	t.Parallel()
	large := strings.Repeat("x", 1<<20)
	lots := map[string]string{}
	for i := range 100 {
		lots[fmt.Sprint("team-", i)] = strings.Repeat("x", 63)
	}
	tooMany := map[string]string{}
	for i := range 1000 {
		tooMany[fmt.Sprint("team-", i)] = strings.Repeat("x", 63)
	}
	cases := map[string]struct {
		reason string
		object client.Object
		read   func(ctx context.Context, r *recent) error
		// most bytes that may be kept.
		most int
		// reads when it is asked for twice.
		reads int
	}{
		"ALongValue": {
			reason: "That it is too long can be told by its beginning.",
			object: secret("a", "o", map[string]string{"key": large}),
			read: func(ctx context.Context, r *recent) error {
				_, err := r.secretEntry(ctx, nnOf("a", "o"), "key")
				return err
			},
			most: adminapi.MaxKeyBytes + 1, reads: 1,
		},
		"AnotherValueOfTheSecret": {
			reason: "Nobody asked for it.",
			object: secret("a", "o", map[string]string{"key": apitest.FakeKey, "other": large}),
			read: func(ctx context.Context, r *recent) error {
				_, err := r.secretEntry(ctx, nnOf("a", "o"), "key")
				return err
			},
			most: len(apitest.FakeKey), reads: 1,
		},
		"LabelsOfANamespace": {
			reason: "Namespaces with many labels are rare, but honest.",
			object: namespace("a", lots),
			read:   func(ctx context.Context, r *recent) error { _, err := r.namespaceLabels(ctx, "a"); return err },
			most:   mostLabels, reads: 1,
		},
		"TooManyLabelsOfANamespace": {
			reason: "They are read again instead.",
			object: namespace("a", tooMany),
			read:   func(ctx context.Context, r *recent) error { _, err := r.namespaceLabels(ctx, "a"); return err },
			most:   0, reads: 2,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.object.SetAnnotations(map[string]string{"example.org/large": large[:200<<10]})
			reads := 0
			kube := fake.NewClientBuilder().WithObjects(tc.object).
				WithInterceptorFuncs(interceptor.Funcs{Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
					reads++
					return c.Get(ctx, key, o, opts...)
				}}).Build()
			r := &recent{Reader: kube, life: time.Hour}
			for range 2 {
				if err := tc.read(t.Context(), r); err != nil {
					t.Fatalf("%s\nread: %v", tc.reason, err)
				}
			}
			kept := 0
			for _, d := range r.entries.kept {
				kept += len(d.value.value)
			}
			for _, d := range r.labelSets.kept {
				for k, v := range d.value {
					kept += len(k) + len(v)
				}
			}
			if kept > tc.most || reads != tc.reads {
				t.Errorf("%s\nwant at most %d bytes kept and %d reads, got %d and %d", tc.reason, tc.most, tc.reads, kept, reads)
			}
		})
	}
}

func nnOf(namespace, name string) client.ObjectKey {
	return client.ObjectKey{Namespace: namespace, Name: name}
}
