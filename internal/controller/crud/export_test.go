// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"reflect"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// Client of a kind, as its controller makes it for one reconcile. The clock of OpenAI is that of
// the provider.
func (k Kind[M, O]) Client(ctx context.Context, kube client.Client, openai Opener, now func() time.Time, cr M) (managed.TypedExternalClient[M], error) {
	return k.ClientByClock(ctx, kube, openai, now, func(*adminapi.Connection) (time.Duration, bool) { return 0, true }, cr)
}

// ClientByClock is a Client for which the clock of OpenAI has an offset.
func (k Kind[M, O]) ClientByClock(ctx context.Context, kube client.Client, openai Opener, now func() time.Time, offset func(*adminapi.Connection) (time.Duration, bool), cr M) (managed.TypedExternalClient[M], error) {
	return k.connector(kube, openai, now, offset).Connect(ctx, cr)
}

func (k Kind[M, O]) connector(kube client.Client, openai Opener, now func() time.Time, offset func(*adminapi.Connection) (time.Duration, bool)) connector[M, O] {
	name, list, err := newListOf(kube.Scheme(), k.empty())
	if err != nil {
		// A kind that exists only in a test, and is never listed.
		name, list = reflect.TypeFor[M]().String(), &v1alpha1.ProjectList{}
	}
	return connector[M, O]{
		kind:      k,
		name:      name,
		openai:    openai,
		since:     func(resource.Managed) time.Time { return time.Now() },
		ownership: sharedOwnership(kube),
		write:     func(ctx context.Context, mg resource.Managed) error { return kube.Update(ctx, mg) },
		recovery:  &recovery{kube: kube, apiReader: kube, list: list, now: now, offset: offset, ownership: sharedOwnership(kube), kind: name},
		unapplied: &unappliedChanges{now: now},
	}
}

// On makes the external client of a kind for an existing connection. It writes no metadata.
func (k Kind[M, O]) On(conn *adminapi.Connection, kube client.Client, now func() time.Time) managed.TypedExternalClient[M] {
	c := k.connector(kube, nil, now, func(*adminapi.Connection) (time.Duration, bool) { return 0, true })
	c.write = func(context.Context, resource.Managed) error { return nil }
	return &external[M, O]{connector: c, conn: conn, parent: conn.Project, freshAsOf: now()}
}

// CreateBegan records in an object, as the reconciler does, that a create began.
func CreateBegan(cr reconciler.Object, at time.Time) {
	meta.SetExternalCreatePending(cr, at)
	started := metav1.NewTime(at)
	cr.OwnershipStatus().CreateStartedAt = &started
}

// sharedOwnership is the ownership index of all who use an API client.
func sharedOwnership(kube client.Client) ownership {
	c, _ := ownershipByClient.LoadOrStore(kube, &memoryOwnership{})
	m, _ := c.(*memoryOwnership)
	return m
}

var ownershipByClient sync.Map

// memoryOwnership knows only what is managed in this process.
type memoryOwnership struct{ managers sync.Map }

// CheckManager fails if another object manages the ID.
func (m *memoryOwnership) CheckManager(_ context.Context, _ string, mg reconciler.Object, id, _ string) error {
	if by, owned := m.managers.Load(id); owned && by != mg.GetUID() {
		return &reconciler.ManagedByOtherError{ID: id, By: "another object"}
	}
	return nil
}

// SetManager makes an object the one that manages an ID.
func (m *memoryOwnership) SetManager(_ context.Context, _ string, mg reconciler.Object, id string) error {
	if by, owned := m.managers.LoadOrStore(id, mg.GetUID()); owned && by != mg.GetUID() {
		return &reconciler.ManagedByOtherError{ID: id, By: "another object"}
	}
	return nil
}
