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

// Client of a kind, as its controller makes it for one reconcile. OpenAI's clock is ours.
func (k Kind[M, O]) Client(ctx context.Context, kube client.Client, openai Opener, now func() time.Time, cr M) (managed.TypedExternalClient[M], error) {
	return k.ClientByClock(ctx, kube, openai, now, func(*adminapi.Connection) (time.Duration, bool) { return 0, true }, cr)
}

// ClientByClock is a Client for which OpenAI's clock is ahead.
func (k Kind[M, O]) ClientByClock(ctx context.Context, kube client.Client, openai Opener, now func() time.Time, offset func(*adminapi.Connection) (time.Duration, bool), cr M) (managed.TypedExternalClient[M], error) {
	return k.connector(kube, openai, now, offset).Connect(ctx, cr)
}

func (k Kind[M, O]) connector(kube client.Client, openai Opener, now func() time.Time, offset func(*adminapi.Connection) (time.Duration, bool)) connector[M, O] {
	name, list, err := listOf(kube.Scheme(), k.empty())
	if err != nil {
		// A kind of a test that is never listed.
		name, list = reflect.TypeFor[M]().String(), &v1alpha1.ProjectList{}
	}
	return connector[M, O]{
		kind:       k,
		name:       name,
		openai:     openai,
		since:      func(resource.Managed) time.Time { return time.Now() },
		claims:     taken(kube),
		write:      func(ctx context.Context, mg resource.Managed) error { return kube.Update(ctx, mg) },
		recovery:   &recovery{kube: kube, live: kube, list: list, now: now, offset: offset, claims: taken(kube), kind: name},
		unanswered: &unanswered{now: now},
	}
}

// On makes the external client of a kind for a connection that is there already. It writes
// nothing.
func (k Kind[M, O]) On(conn *adminapi.Connection, kube client.Client, now func() time.Time) managed.TypedExternalClient[M] {
	c := k.connector(kube, nil, now, func(*adminapi.Connection) (time.Duration, bool) { return 0, true })
	c.write = func(context.Context, resource.Managed) error { return nil }
	return &external[M, O]{connector: c, conn: conn, parent: conn.Project, from: now()}
}

// CreateBegan notes in an object, as the provider does, that a create began.
func CreateBegan(cr reconciler.Object, at time.Time) {
	meta.SetExternalCreatePending(cr, at)
	started := metav1.NewTime(at)
	cr.OwnershipStatus().CreateStartedAt = &started
}

// taken are claims of all who use a client.
func taken(kube client.Client) claims {
	c, _ := takenBy.LoadOrStore(kube, &memory{})
	m, _ := c.(*memory)
	return m
}

var takenBy sync.Map

// memory are claims that are not looked up anywhere.
type memory struct{ holders sync.Map }

// MayHave reports whether nobody else took a claim.
func (m *memory) CheckOwner(_ context.Context, _ string, mg reconciler.Object, id, _ string) error {
	if by, taken := m.holders.Load(id); taken && by != mg.GetUID() {
		return &reconciler.ManagedByOtherError{ID: id, By: "another object"}
	}
	return nil
}

// Take a claim.
func (m *memory) Acquire(_ context.Context, _ string, mg reconciler.Object, id string) error {
	if by, taken := m.holders.LoadOrStore(id, mg.GetUID()); taken && by != mg.GetUID() {
		return &reconciler.ManagedByOtherError{ID: id, By: "another object"}
	}
	return nil
}
