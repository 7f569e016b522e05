// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/cache"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

const (
	// cacheTTL is how long an admin key, or the labels of a namespace, are used before they
	// are read again. Thousands of objects that are reconciled together need not each read
	// the same Secret.
	cacheTTL = 5 * time.Second

	// maxCached bounds the number of cached values and label sets. Together with the bounds
	// of each (adminapi.MaxKeyBytes, maxLabelBytes) it limits the cache to about 16 MiB.
	maxCached = 1024

	// maxLabelBytes bounds the labels cached of one namespace. A namespace with more is read
	// each time.
	maxLabelBytes = 16 << 10
)

// A cachingReader reads from the API server. It caches single values of Secrets and the labels of
// namespaces for a few seconds, never whole objects: a Secret can have 1 MB. Errors are not
// cached.
type cachingReader struct {
	client.Reader
	ttl    time.Duration
	cached *cache.LRUExpireCache
}

func newCachingReader(r client.Reader, ttl time.Duration) *cachingReader {
	return &cachingReader{Reader: r, ttl: ttl, cached: cache.NewLRUExpireCache(maxCached)}
}

// A secretCacheKey identifies one value in a Secret.
type secretCacheKey struct {
	secret client.ObjectKey
	key    string
}

// A secretValue is one value of a Secret.
type secretValue struct {
	// value is cut one byte after adminapi.MaxKeyBytes, which shows that it is too long.
	value string
	// exists reports whether the Secret has the key.
	exists bool
	secret types.UID
}

// lookUp returns what is cached for a key, or else what read reads. It is cached if that reports so.
func lookUp[V any](r *cachingReader, key any, read func() (v V, cacheable bool, err error)) (V, error) {
	if cached, ok := r.cached.Get(key); ok {
		v, _ := cached.(V)
		return v, nil
	}
	v, cacheable, err := read()
	if err == nil && cacheable {
		r.cached.Add(key, v, r.ttl)
	}
	return v, err
}

// secretValue returns one value of a Secret, cut as the type says.
func (r *cachingReader) secretValue(ctx context.Context, secret client.ObjectKey, key string) (secretValue, error) {
	return lookUp(r, secretCacheKey{secret: secret, key: key}, func() (secretValue, bool, error) {
		s := &corev1.Secret{}
		if err := r.Get(ctx, secret, s); err != nil {
			return secretValue{}, false, err
		}
		data, exists := s.Data[key]
		// string copies, so that the rest of the Secret is not retained.
		value := string(data[:min(len(data), adminapi.MaxKeyBytes+1)])
		return secretValue{value: value, exists: exists, secret: s.GetUID()}, true, nil
	})
}

// A namespaceKey identifies the labels of a namespace in the cache.
type namespaceKey string

// namespaceLabels returns the labels of a namespace.
func (r *cachingReader) namespaceLabels(ctx context.Context, name string) (labels.Set, error) {
	return lookUp(r, namespaceKey(name), func() (labels.Set, bool, error) {
		ns := &corev1.Namespace{}
		if err := r.Get(ctx, client.ObjectKey{Name: name}, ns); err != nil {
			return nil, false, err
		}
		size := 0
		for k, v := range ns.GetLabels() {
			size += len(k) + len(v)
		}
		return ns.GetLabels(), size <= maxLabelBytes, nil
	})
}

// dropCached empties the cache. Expired entries would stay until they are asked for again, and
// some are admin keys.
func (r *cachingReader) dropCached() { r.cached.RemoveAll(func(any) bool { return true }) }
