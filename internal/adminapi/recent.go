// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"reflect"
	"sync"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// recentFor is how long an admin key, or the labels of a namespace, are used before
// they are read again. Thousands of objects that are reconciled together need not
// each read the same Secret.
const recentFor = 5 * time.Second

// A recent reader answers with what it read within the last seconds. Failures are
// not kept.
type recent struct {
	client.Reader
	life time.Duration

	mu   sync.Mutex
	read map[recentKey]reading
}

type recentKey struct {
	kind reflect.Type
	key  client.ObjectKey
}

type reading struct {
	at     time.Time
	object client.Object
}

// Get an object.
func (r *recent) Get(ctx context.Context, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
	k := recentKey{kind: reflect.TypeOf(o), key: key}
	if have, ok := r.have(k); ok {
		reflect.ValueOf(o).Elem().Set(reflect.ValueOf(have.DeepCopyObject()).Elem())
		return nil
	}
	if err := r.Reader.Get(ctx, key, o, opts...); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.read == nil {
		r.read = map[recentKey]reading{}
	}
	copied, ok := o.DeepCopyObject().(client.Object)
	if ok {
		r.read[k] = reading{at: time.Now(), object: copied}
	}
	return nil
}

// have what was read recently. All that is older is dropped.
func (r *recent) have(k recentKey) (client.Object, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for k, read := range r.read {
		if time.Since(read.at) >= r.life {
			delete(r.read, k)
		}
	}
	read, ok := r.read[k]
	return read.object, ok
}
