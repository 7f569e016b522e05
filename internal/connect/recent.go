// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"maps"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

const (
	// recentFor is how long an admin key, or the labels of a namespace, are used before
	// they are read again. Thousands of objects that are reconciled together need not
	// each read the same Secret.
	recentFor = 5 * time.Second

	// mostLabels is the most bytes of labels that are kept of one namespace. One that has
	// more is read each time.
	mostLabels = 16 << 10
)

// A recent reader answers with what it read within the last seconds. Of an object it keeps
// no more than was asked for, since Secrets have up to 1 MB. Failures are not kept.
type recent struct {
	client.Reader
	life time.Duration

	entries   memory[secretEntry, entry]
	labelSets memory[string, labels.Set]
}

// A secretEntry is one value in a Secret.
type secretEntry struct {
	secret client.ObjectKey
	key    string
}

// An entry is as much of a value as was asked for, whether it is there, and of which Secret.
type entry struct {
	value  string
	ok     bool
	secret types.UID
}

// secretEntry gets a value in a Secret. No more of it is returned than tells that it exceeds
// longestKey.
func (r *recent) secretEntry(ctx context.Context, secret client.ObjectKey, key string) (entry, error) {
	k := secretEntry{secret: secret, key: key}
	if have, known := r.entries.get(k, r.life); known {
		return have, nil
	}
	s := &corev1.Secret{}
	if err := r.Get(ctx, secret, s); err != nil {
		return entry{}, err
	}
	whole, ok := s.Data[key]
	e := entry{value: string(whole[:min(len(whole), adminapi.MaxKeyBytes+1)]), ok: ok, secret: s.GetUID()}
	r.entries.put(k, e)
	return e, nil
}

// namespaceLabels gets the labels of a namespace.
func (r *recent) namespaceLabels(ctx context.Context, name string) (labels.Set, error) {
	if have, ok := r.labelSets.get(name, r.life); ok {
		return have, nil
	}
	ns := &corev1.Namespace{}
	if err := r.Get(ctx, client.ObjectKey{Name: name}, ns); err != nil {
		return nil, err
	}
	size := 0
	for k, v := range ns.GetLabels() {
		size += len(k) + len(v)
	}
	if size <= mostLabels {
		r.labelSets.put(name, ns.GetLabels())
	}
	return ns.GetLabels(), nil
}

// forget what was read too long ago to be used.
func (r *recent) forget() {
	r.entries.forget(r.life)
	r.labelSets.forget(r.life)
}

// A memory keeps values with the time at which they were put there. The zero value is empty
// and ready for use.
type memory[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]dated[V]
}

type dated[V any] struct {
	at    time.Time
	value V
}

// get what was put there less than some time ago. All that is older is dropped.
func (m *memory[K, V]) get(k K, life time.Duration) (V, bool) {
	m.forget(life)
	m.mu.Lock()
	defer m.mu.Unlock()
	have, ok := m.kept[k]
	return have.value, ok
}

func (m *memory[K, V]) put(k K, v V) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.kept == nil {
		m.kept = map[K]dated[V]{}
	}
	m.kept[k] = dated[V]{at: time.Now(), value: v}
}

func (m *memory[K, V]) forget(life time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	maps.DeleteFunc(m.kept, func(_ K, d dated[V]) bool { return time.Since(d.at) >= life })
}
