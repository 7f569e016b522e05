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
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
)

func TestLiveReaderReadsEachValueOncePerTTL(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reads := 0
		stored := secret("a", "admin", map[string]string{"key": "first", "other": "second key"})
		kube := fake.NewClientBuilder().WithObjects(stored).
			WithInterceptorFuncs(interceptor.Funcs{Get: func(ctx context.Context, c client.WithWatch, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
				reads++
				return c.Get(ctx, key, o, opts...)
			}}).Build()
		r, nn := newCachingReader(kube, cacheTTL), client.ObjectKeyFromObject(stored)
		get := func(key, want string, wantExists bool) {
			t.Helper()
			got, err := r.secretValue(t.Context(), nn, key)
			if err != nil {
				t.Fatal(err)
			}
			if got.value != want || got.exists != wantExists {
				t.Errorf("%s: want %q and %t, got %q and %t", key, want, wantExists, got.value, got.exists)
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
		time.Sleep(cacheTTL + time.Nanosecond)
		get("key", "second", true)

		if err := kube.Delete(t.Context(), stored); err != nil {
			t.Fatal(err)
		}
		time.Sleep(cacheTTL + time.Nanosecond)
		if _, err := r.secretValue(t.Context(), nn, "key"); !kerrors.IsNotFound(err) {
			t.Errorf("a Secret that is gone: want not found, got %v", err)
		}
	})
}

func TestLiveReaderCachesLittleOfWhatItRead(t *testing.T) {
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
		read   func(ctx context.Context, r *cachingReader) error
		// most bytes that may be cached.
		most int
		// reads when it is asked for twice.
		reads int
	}{
		"ALongValue": {
			reason: "Its beginning shows that it is too long.",
			object: secret("a", "o", map[string]string{"key": large}),
			read: func(ctx context.Context, r *cachingReader) error {
				_, err := r.secretValue(ctx, nnOf("a", "o"), "key")
				return err
			},
			most: adminapi.MaxKeyBytes + 1, reads: 1,
		},
		"AnotherValueOfTheSecret": {
			reason: "Nobody asked for it.",
			object: secret("a", "o", map[string]string{"key": apitest.FakeKey, "other": large}),
			read: func(ctx context.Context, r *cachingReader) error {
				_, err := r.secretValue(ctx, nnOf("a", "o"), "key")
				return err
			},
			most: len(apitest.FakeKey), reads: 1,
		},
		"LabelsOfANamespace": {
			reason: "Namespaces with many labels are rare, but honest.",
			object: namespace("a", lots),
			read:   func(ctx context.Context, r *cachingReader) error { _, err := r.namespaceLabels(ctx, "a"); return err },
			most:   maxLabelBytes, reads: 1,
		},
		"TooManyLabelsOfANamespace": {
			reason: "They are read again instead.",
			object: namespace("a", tooMany),
			read:   func(ctx context.Context, r *cachingReader) error { _, err := r.namespaceLabels(ctx, "a"); return err },
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
			r := newCachingReader(kube, time.Hour)
			for range 2 {
				if err := tc.read(t.Context(), r); err != nil {
					t.Fatalf("%s\nread: %v", tc.reason, err)
				}
			}
			cached := 0
			for _, k := range r.cached.Keys() {
				entry, _ := r.cached.Get(k)
				switch entry := entry.(type) {
				case secretValue:
					cached += len(entry.value)
				case labels.Set:
					for k, v := range entry {
						cached += len(k) + len(v)
					}
				default:
					t.Errorf("the cache holds a %T", entry)
				}
			}
			if cached > tc.most || reads != tc.reads {
				t.Errorf("%s\nwant at most %d bytes cached and %d reads, got %d and %d", tc.reason, tc.most, tc.reads, cached, reads)
			}
		})
	}
}

func TestLiveReaderBoundsItsCache(t *testing.T) {
	t.Parallel()
	kube := fake.NewClientBuilder().WithObjects(secret("a", "o", map[string]string{"key": apitest.FakeKey})).Build()
	r := newCachingReader(kube, time.Hour)
	for n := range maxCached + 10 {
		if _, err := r.secretValue(t.Context(), nnOf("a", "o"), fmt.Sprint("key-", n)); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(r.cached.Keys()); got != maxCached {
		t.Errorf("entries: want %d, got %d", maxCached, got)
	}
	r.dropCached()
	if got := r.cached.Keys(); len(got) > 0 {
		t.Errorf("an admin key that nobody uses must not stay in memory, got %d entries", len(got))
	}
}

func nnOf(namespace, name string) client.ObjectKey {
	return client.ObjectKey{Namespace: namespace, Name: name}
}
