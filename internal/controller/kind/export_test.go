// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kind

import (
	"context"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/controller/setup"
)

// Client of a kind, as its controller makes it for one reconcile. OpenAI's clock is ours.
func (k Kind[M, O]) Client(ctx context.Context, kube client.Client, openai Opener, now func() time.Time, cr M) (managed.TypedExternalClient[M], error) {
	return k.ClientByClock(ctx, kube, openai, now, func(*adminapi.Connection) (time.Duration, bool) { return 0, true }, cr)
}

// ClientByClock is a Client for which OpenAI's clock is ahead.
func (k Kind[M, O]) ClientByClock(ctx context.Context, kube client.Client, openai Opener, now func() time.Time, offset func(*adminapi.Connection) (time.Duration, bool), cr M) (managed.TypedExternalClient[M], error) {
	return connector[M, O]{
		kind:       k,
		openai:     openai,
		since:      func(resource.Managed) time.Time { return time.Now() },
		recovery:   &recovery{kube: kube, live: kube, list: k.List, now: now, offset: offset, claims: taken(kube)},
		unanswered: &unanswered{now: now},
	}.Connect(ctx, cr)
}

// CreateBegan notes in an object, as the provider does, that a create began.
func CreateBegan(cr setup.Object, at time.Time) {
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

// Take a claim.
func (m *memory) Take(_ context.Context, _ string, mg setup.Object, id string) error {
	if by, taken := m.holders.LoadOrStore(id, mg.GetUID()); taken && by != mg.GetUID() {
		return &setup.TakenError{ID: id, By: "another object"}
	}
	return nil
}
