// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"

	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// A reconcileState is what the parts that crossplane-runtime calls during one reconcile tell
// each other. The context carries it.
type reconcileState struct {
	// State that the calls to OpenAI change.
	*reconcilestate.State

	// events of the object, as the runtime emits them.
	events event.Recorder
	// ownership is the index of which object owns which resource; nil outside of a reconcile.
	ownership *Ownership
	// emitHandled emits the event that a request to reconcile was handled; nil: there was none.
	emitHandled func()

	// object as it was read, with the changes of this reconcile; nil: it was not read.
	object Object
	// statusBefore is the object's status as it was read.
	statusBefore xpv2.ManagedResourceStatus
	// storedMetadata of the object at the API server; nil: the object was not read.
	storedMetadata *metadata

	// unresolvedReference names the referenced objects that have no ID yet; empty: none.
	unresolvedReference string
	// referenceChanged is why a reference that now leads elsewhere cannot be followed; nil: none does.
	referenceChanged error
	// unavailable is the Ready condition of a resource that cannot be used and is to be replaced;
	// nil: there is none.
	unavailable *xpv2.Condition
	// changes that an update made, for its event.
	changes []Change
	// postponed is why a part of the spec is applied later although the reconcile succeeds.
	postponed string
	// lastError of the external client or of what precedes it; nil: none failed.
	lastError error

	// writeStatusNow reports that the status must be written even after a create.
	writeStatusNow bool
	// ended reports that the reconcile came to writing the status.
	ended bool
	// throttled reports that the reconcile ended early only because of the rate limit.
	throttled bool
	// onlyCreated reports that all that happened is that the resource was created. The next
	// reconcile, which observes it, has more to show.
	onlyCreated bool
}

type stateKey struct{}

// stateOf the reconcile that a context belongs to. Outside of any it is a state that nobody reads.
func stateOf(ctx context.Context) *reconcileState {
	if s, ok := ctx.Value(stateKey{}).(*reconcileState); ok {
		return s
	}
	return &reconcileState{State: reconcilestate.Of(ctx), events: event.NewNopRecorder()}
}

// recordError of a reconcile, which may be nil, and return it.
func recordError(ctx context.Context, err error) error {
	if err != nil {
		stateOf(ctx).lastError = err
	}
	return err
}

// RecordPostponed records why a part of an object's spec is applied later although its reconcile
// succeeds; empty: nothing is postponed.
func RecordPostponed(ctx context.Context, why string) { stateOf(ctx).postponed = why }

// WriteStatusNow has the status written after a create, because it holds what nothing else
// does: that the object manages what was created.
func WriteStatusNow(ctx context.Context) { stateOf(ctx).writeStatusNow = true }

// isThrottled reports whether the rate limit held a call back or refused it.
func (s *reconcileState) isThrottled() bool {
	_, ok := s.Throttled()
	return ok
}

// end the reconcile with a status. For the runtime, every reconcile that ends early has
// failed.
func (s *reconcileState) end(mg resource.Managed) {
	s.ended = true
	if c := s.unavailable; c != nil && mg.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcileError {
		// The runtime has set it to Creating.
		mg.SetConditions(*c)
	}
	truncateMessages(mg)
	synced := mg.GetCondition(xpv2.TypeSynced).Reason
	s.throttled = s.isThrottled() && synced == xpv2.ReasonReconcileError
	s.onlyCreated = s.Progressed() && synced == xpv2.ReasonReconcileSuccess &&
		mg.GetCondition(xpv2.TypeReady).Reason == xpv2.ReasonCreating
}
