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

	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

// connector adds to the connector of a kind what all kinds have in common.
type connector struct {
	managed.ExternalConnector
	client client.Client
	ids    idKeeper
	poll   time.Duration
}

// Connect an object to OpenAI, unless it has nothing to do there.
func (c connector) Connect(ctx context.Context, mg resource.Managed) (managed.ExternalClient, error) {
	if meta.WasDeleted(mg) {
		restoreReferences(mg)
	}
	unresolvedReference := stateOf(ctx).unresolvedReference
	switch {
	case meta.WasDeleted(mg) && c.ids.canSkipDelete(mg):
		return external{ExternalClient: &managed.NopClient{}, connector: c}, nil
	case unresolvedReference != "":
		return waitForReferences(unresolvedReference), nil
	}
	e, err := c.ExternalConnector.Connect(ctx, mg)
	if err != nil && meta.WasDeleted(mg) && c.ids.canIgnoreConnectError(ctx, mg, err) {
		// Otherwise its deletion would never end.
		return external{ExternalClient: &managed.NopClient{}, connector: c}, nil
	}
	if err != nil {
		return nil, recordError(ctx, err)
	}
	return external{ExternalClient: e, connector: c}, nil
}

// waitForReferences is an external client for an object that refers to an object without an ID.
func waitForReferences(why string) managed.ExternalClient {
	return managed.ExternalClientFns{
		ObserveFn: func(_ context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
			mg.SetConditions(xpv2.Creating().WithMessage(why).WithObservedGeneration(mg.GetGeneration()))
			return managed.ExternalObservation{ResourceExists: true, ResourceUpToDate: true}, nil
		},
		DisconnectFn: func(context.Context) error { return nil },
	}
}

// external adds to the external client of a kind what all kinds have in common.
type external struct {
	managed.ExternalClient
	connector
}

// managedID is the ID that an object manages, or is about to: its external name, unless that is not all of
// the ID.
func (e external) managedID(mg resource.Managed) string {
	if c, ok := e.ExternalClient.(withManagedID); ok {
		if id := c.ManagedID(); id != "" {
			return id
		}
	}
	return meta.GetExternalName(mg)
}

// Disconnect from OpenAI.
func (e external) Disconnect(ctx context.Context) error { return e.ExternalClient.Disconnect(ctx) }

// Create the resource of an object, and record what proves that it manages that.
func (e external) Create(ctx context.Context, mg resource.Managed) (managed.ExternalCreation, error) {
	if err := reconcilestate.Of(ctx).DeletionOnly(); err != nil {
		return managed.ExternalCreation{}, recordError(ctx, err)
	}
	listed := ""
	if c, ok := e.ExternalClient.(withListedBefore); ok {
		listed = c.ListedBefore()
	}
	if err := e.ids.recordCreateStarted(ctx, mg, listed); err != nil {
		return managed.ExternalCreation{}, recordError(ctx, err)
	}
	c, err := e.ExternalClient.Create(ctx, mg)
	if err == nil {
		err = e.ids.recordCreated(ctx, mg, e.managedID(mg))
	}
	return c, recordError(ctx, err)
}

// Update the resource of an object, unless only deletions are allowed.
func (e external) Update(ctx context.Context, mg resource.Managed) (managed.ExternalUpdate, error) {
	if err := reconcilestate.Of(ctx).DeletionOnly(); err != nil {
		return managed.ExternalUpdate{}, recordError(ctx, err)
	}
	u, err := e.ExternalClient.Update(ctx, mg)
	return u, recordError(ctx, err)
}

// Delete the resource of an object.
func (e external) Delete(ctx context.Context, mg resource.Managed) (managed.ExternalDelete, error) {
	d, err := e.ExternalClient.Delete(ctx, mg)
	return d, recordError(ctx, err)
}

// Observe the resource of an object.
func (e external) Observe(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
	o, err := e.observe(ctx, mg)
	return o, recordError(ctx, err)
}

func (e external) observe(ctx context.Context, mg resource.Managed) (managed.ExternalObservation, error) {
	before := ObservedID(mg)
	o, err := e.ExternalClient.Observe(ctx, mg)
	var moved error
	if !meta.WasDeleted(mg) {
		moved = cmp.Or(reconcilestate.Of(ctx).DeletionOnly(), stateOf(ctx).referenceChanged)
	}
	if err != nil {
		showNotRecreated(ctx, mg, err, e.poll)
		if moved != nil {
			err = fmt.Errorf("%w; %w", err, moved)
		}
		return o, err
	}
	if err := e.ids.recordOwnership(ctx, mg, e.managedID(mg), o.ResourceExists); err != nil {
		return managed.ExternalObservation{}, err
	}
	if ready := mg.GetCondition(xpv2.TypeReady); !o.ResourceExists && ready.Reason == xpv2.ReasonUnavailable {
		stateOf(ctx).unavailable = &ready
	}
	if !o.ResourceExists && IsReadOnly(mg) && !meta.WasDeleted(mg) {
		// The runtime sets Synced, and leaves Ready as it was.
		err := terminal.Errorf("what is only observed does not exist at OpenAI")
		mg.SetConditions(xpv2.Unavailable().WithMessage(err.Error()).WithObservedGeneration(mg.GetGeneration()))
		// OpenAI assigns IDs: only the user can correct one that does not exist.
		_ = recordError(ctx, err)
	}
	if changed := e.ids.externalNameChanged(mg, before); changed != nil {
		emit(ctx, mg, *changed)
	}
	if waits := showOtherFinalizers(mg); waits != nil {
		// After this the runtime returns without writing the status.
		if err := e.client.Status().Update(ctx, mg); err != nil {
			return o, fmt.Errorf("cannot write to the status what the deletion waits for: %w", err)
		}
		emit(ctx, mg, *waits)
	}
	return o, moved
}
