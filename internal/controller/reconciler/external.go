// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// Connector of a kind, for a Resource.
func Connector[M resource.Managed](c managed.TypedExternalConnector[M]) managed.ExternalConnector {
	return managed.ExternalConnectorFn(func(ctx context.Context, mg resource.Managed) (managed.ExternalClient, error) {
		cr, ok := mg.(M)
		if !ok {
			return nil, fmt.Errorf("%T is not of the kind that is reconciled", mg)
		}
		e, err := c.Connect(ctx, cr)
		if err != nil {
			return nil, err
		}
		return typed[M]{e}, nil
	})
}

// typed makes the client of a kind one of any managed resource.
type typed[M resource.Managed] struct {
	of managed.TypedExternalClient[M]
}

func (t typed[M]) Observe(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
	return t.of.Observe(ctx, mg.(M)) //nolint:forcetypeassert // Connect made sure.
}

func (t typed[M]) Create(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
	return t.of.Create(ctx, mg.(M)) //nolint:forcetypeassert // As above.
}

func (t typed[M]) Update(ctx context.Context, mg resource.Managed) (managed.ExternalUpdate, error) {
	return t.of.Update(ctx, mg.(M)) //nolint:forcetypeassert // As above.
}

func (t typed[M]) Delete(ctx context.Context, mg resource.Managed) (managed.ExternalDelete, error) {
	return t.of.Delete(ctx, mg.(M)) //nolint:forcetypeassert // As above.
}

func (t typed[M]) Disconnect(ctx context.Context) error { return t.of.Disconnect(ctx) }

// Claim of what an external client observed or created; empty: it is the external name.
func (t typed[M]) Claim() string {
	if c, ok := t.of.(interface{ Claim() string }); ok {
		return c.Claim()
	}
	return ""
}

// ListedBefore are the things that were there before one is created; empty: nobody asked.
func (t typed[M]) ListedBefore() string {
	if c, ok := t.of.(interface{ ListedBefore() string }); ok {
		return c.ListedBefore()
	}
	return ""
}

// connector does for every kind what does not depend on the kind.
type connector struct {
	managed.ExternalConnector
	client   client.Client
	identity identity
	poll     time.Duration
}

// Connect an object to OpenAI, if that is of use.
func (c connector) Connect(ctx context.Context, mg resource.Managed) (managed.ExternalClient, error) {
	if meta.WasDeleted(mg) {
		leadBack(mg)
	}
	waitsFor := stateOf(ctx).waitsFor
	switch {
	case meta.WasDeleted(mg) && c.identity.nothingMade(mg):
		return observing{ExternalClient: &managed.NopClient{}, connector: c}, nil
	case waitsFor != "":
		return waitingClient(waitsFor), nil
	}
	e, err := c.ExternalConnector.Connect(ctx, mg)
	if err != nil && meta.WasDeleted(mg) && c.identity.endsNothing(ctx, mg, err) {
		// It would wait for ever to be allowed to end nothing.
		return observing{ExternalClient: &managed.NopClient{}, connector: c}, nil
	}
	if err != nil {
		return nil, recordError(ctx, err)
	}
	return observing{ExternalClient: e, connector: c}, nil
}

// waitingClient is a client for an object that refers to something without an ID.
func waitingClient(why string) managed.ExternalClient {
	return managed.ExternalClientFns{
		ObserveFn: func(_ context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
			mg.SetConditions(xpv2.Creating().WithMessage(why).WithObservedGeneration(mg.GetGeneration()))
			return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
		},
		DisconnectFn: func(context.Context) error { return nil },
	}
}

// observing says of an object what follows from its observation, whatever its kind.
type observing struct {
	managed.ExternalClient
	connector
}

// claim of what an object has: its external name, unless that does not tell all.
func (e observing) claim(mg resource.Managed) string {
	if c, ok := e.ExternalClient.(interface{ Claim() string }); ok {
		if id := c.Claim(); id != "" {
			return id
		}
	}
	return meta.GetExternalName(mg)
}

// Disconnect from OpenAI.
func (e observing) Disconnect(ctx context.Context) error { return e.ExternalClient.Disconnect(ctx) }

// Create what an object manages.
func (e observing) Create(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
	if err := ratelimit.AccessRevoked(ctx); err != nil {
		return managed.ExternalCreation{}, recordError(ctx, err)
	}
	listed := ""
	if c, ok := e.ExternalClient.(interface{ ListedBefore() string }); ok {
		listed = c.ListedBefore()
	}
	if err := e.identity.noteCreate(ctx, mg, listed); err != nil {
		return managed.ExternalCreation{}, recordError(ctx, err)
	}
	c, err := e.ExternalClient.Create(ctx, mg)
	if err == nil {
		err = e.identity.noteCreated(ctx, mg, e.claim(mg))
	}
	return c, recordError(ctx, err)
}

// Update what an object manages.
func (e observing) Update(ctx context.Context, mg resource.Managed) (managed.ExternalUpdate, error) {
	if err := ratelimit.AccessRevoked(ctx); err != nil {
		return managed.ExternalUpdate{}, recordError(ctx, err)
	}
	u, err := e.ExternalClient.Update(ctx, mg)
	return u, recordError(ctx, err)
}

// Delete what an object manages.
func (e observing) Delete(ctx context.Context, mg resource.Managed) (managed.ExternalDelete, error) {
	d, err := e.ExternalClient.Delete(ctx, mg)
	return d, recordError(ctx, err)
}

// Observe an object.
func (e observing) Observe(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
	o, err := e.observe(ctx, mg)
	return o, recordError(ctx, err)
}

func (e observing) observe(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
	before := ObservedID(mg)
	o, err := e.ExternalClient.Observe(ctx, mg)
	var moved error
	if !meta.WasDeleted(mg) {
		moved = cmp.Or(ratelimit.AccessRevoked(ctx), stateOf(ctx).referenceMoved)
	}
	if err != nil {
		sayGone(ctx, mg, err, e.poll)
		if moved != nil {
			err = fmt.Errorf("%w; %w", err, moved)
		}
		return o, err
	}
	if err := e.identity.noteOwnership(ctx, mg, e.claim(mg), o.ResourceExists); err != nil {
		return managed.ExternalObservation{}, err
	}
	if ready := mg.GetCondition(xpv2.TypeReady); !o.ResourceExists && ready.Reason == xpv2.ReasonUnavailable {
		stateOf(ctx).unavailable = &ready
	}
	if !o.ResourceExists && OnlyObserves(mg) && !meta.WasDeleted(mg) {
		// The runtime says so in Synced, and leaves Ready as it was.
		err := terminal.Errorf("what is only observed does not exist at OpenAI")
		mg.SetConditions(xpv2.Unavailable().WithMessage(err.Error()).WithObservedGeneration(mg.GetGeneration()))
		// OpenAI assigns IDs, so that one that it does not know comes from the user.
		_ = recordError(ctx, err)
	}
	if changed := e.identity.changedName(mg, before); changed != nil {
		emit(ctx, mg, *changed)
	}
	if heldUp := sayHeldUp(mg); heldUp != nil {
		// The runtime returns without a word after this.
		if err := e.client.Status().Update(ctx, mg); err != nil {
			return o, fmt.Errorf("cannot say what the deletion waits for: %w", err)
		}
		emit(ctx, mg, *heldUp)
	}
	return o, moved
}
