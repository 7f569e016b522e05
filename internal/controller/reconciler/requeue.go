// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/errors"
	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

const (
	// afterProgress is how soon to observe what was just created or deleted.
	afterProgress = time.Second

	// afterCreate is how soon to observe what was created if nothing else triggers a
	// reconcile: the write of its external name does, once the cache shows it. A reconcile
	// before that would write the name again.
	afterCreate = 10 * time.Second

	// shortestWait is the shortest wait for the rate limit.
	shortestWait = time.Second

	// longestReferenceWait is the longest pause between two checks whether a referenced object
	// has an ID. A check makes no call to OpenAI.
	longestReferenceWait = 20 * time.Second
)

// A requeuer wraps the runtime's reconciler. It requeues an object after the delay that its calls
// to OpenAI asked for, else with the controller's back-off.
type requeuer struct {
	// newRuntime returns the runtime's reconciler, with a recorder of events. The runtime gives
	// its recorder no context, so that each reconcile needs one of its own.
	newRuntime func(events event.Recorder) reconcile.Reconciler

	o          Options
	kind       string
	record     event.Recorder
	waitEvents *waitEvents
	ids        idKeeper
	ownership  *Ownership
}

// Reconcile an object.
func (r requeuer) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	ctx, callState := reconcilestate.New(ctx, r.kind+" "+req.String())
	defer callState.Release()
	s := &reconcileState{State: callState, ownership: r.ownership}
	s.events = recorder{Recorder: r.record, state: s}
	ctx = context.WithValue(ctx, stateKey{}, s)

	res, err := r.newRuntime(s.events).Reconcile(ctx, req)
	if s.emitHandled != nil && !s.throttled {
		s.emitHandled()
	}
	if s.object != nil {
		r.ownership.keepProven(s.object)
	}
	until, throttled := s.Throttled()
	switch {
	case !throttled:
		r.waitEvents.forget(req.NamespacedName)
	case s.ended:
		r.waitEvents.emit(s.object, until)
	}
	switch {
	case err != nil:
		return res, err
	case s.ended && s.object.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcilePaused:
		// The runtime does nothing for a paused object, which may be deleted all the same.
		return errors.SilentlyRequeueOnConflict(res, r.ids.restore(ctx, s.object))
	case s.unresolvedReference != "":
		return reconcile.Result{RequeueAfter: r.o.Jitter(untilReference(s.object))}, nil
	case s.onlyCreated && !throttled:
		return reconcile.Result{RequeueAfter: afterCreate}, nil
	}
	return r.next(res, callState), nil
}

// untilReference is how soon to check again whether a referenced object has an ID: the later, the
// longer the object exists, as no watch reports it.
func untilReference(o client.Object) time.Duration {
	return min(max(time.Since(o.GetCreationTimestamp().Time)/2, shortestWait), longestReferenceWait)
}

// next is when to reconcile again after a result of the runtime.
func (r requeuer) next(res reconcile.Result, callState *reconcilestate.State) reconcile.Result {
	failed := res.Requeue //nolint:staticcheck // crossplane-runtime v2.4 asks for a back-off with Requeue.
	if failed && callState.Progressed() {
		return reconcile.Result{RequeueAfter: afterProgress}
	}
	if until, throttled := callState.Throttled(); throttled {
		wait := untilAllowed(until)
		if by := callState.ReconcileBy(); !by.IsZero() {
			wait = min(wait, max(time.Until(by), 0)+shortestWait)
		}
		if until.IsZero() || (!failed && res.RequeueAfter <= wait) {
			return res
		}
		return reconcile.Result{RequeueAfter: wait}
	}
	if wait := callState.Wait(); failed && wait > 0 {
		return reconcile.Result{RequeueAfter: r.o.Jitter(wait)}
	}
	return res
}

// untilAllowed is how long until the rate limit allows a call, and a little longer, so that
// objects that wait for the same time are spread.
func untilAllowed(until time.Time) time.Duration {
	wait := max(time.Until(until), 0)
	late := rand.Float64() * float64(min(wait/10, time.Second)) //nolint:gosec // Spreading reconciles needs no secure randomness.
	return max(wait+time.Duration(late), shortestWait)
}
