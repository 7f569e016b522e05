// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"sync"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// A pace is what the calls of a reconcile came to.
type pace interface {
	// Wait that OpenAI's refusals ask for.
	Wait() time.Duration
	// Progressed tells that something was created or deleted.
	Progressed() bool
	// Throttled tells that a call was held back or refused because of the rate limit,
	// and when its turn comes, if that is known.
	Throttled() (until time.Time, ok bool)
	// ReconcileBy is when the object must be looked at even if it waits; zero: nothing asks for
	// that.
	ReconcileBy() time.Time
	// Release what was reserved and not used.
	Release()
}

// An attempt is a running reconcile of an object.
type attempt struct {
	pace pace
	// object whose status was to be written at the end.
	object client.Object
	// seen is the object as the attempt read it and changed it since; nil: it was not read.
	seen Object
	// waits tells that the attempt failed only because it has to wait.
	waits bool
	// created tells that all there is to say is that something was created. The next
	// look says more.
	created bool
	// claimed tells that what was created is only told by the status to be the object's, so
	// that the status cannot wait for the next look.
	claimed bool
	// stored is the metadata of the object at the API server; nil as long as the object
	// was not read.
	stored *metadata
	// before is the object's status when the attempt began.
	before xpv2.ManagedResourceStatus
	// failed is the last error of what the attempt did; nil: none.
	failed error
	// unapplied is why what the object asks for waits although nothing failed; empty: it
	// does not.
	unapplied string
	// restore writes back what identifies the object, if that was lost. It may be nil.
	restore func(ctx context.Context, mg resource.Managed) error
	// waitsFor says which objects that are referred to have no ID yet; empty: none.
	waitsFor string
	// unusable is why what the object had cannot be used, as its observation says; nil: it
	// can, or there was nothing.
	unusable *xpv2.Condition
	// moved says which references lead elsewhere than before; nil: none.
	moved error
	// changes that an update made, for its event.
	changes []Change
	// record of events. It may be nil.
	record event.Recorder
	// events that are recorded at the end.
	events []pendingEvent
}

type pendingEvent struct {
	record event.Recorder
	object runtime.Object
	event  event.Event
}

// fail notes an error, which may be nil, and returns it.
func fail(ctx context.Context, err error) error {
	if a := attemptOf(ctx); a != nil && err != nil {
		a.failed = err
	}
	return err
}

// Postponed notes that what an object asks for waits although its reconcile succeeds.
func Postponed(ctx context.Context, why string) {
	if a := attemptOf(ctx); a != nil {
		a.unapplied = why
	}
}

// throttled tells whether the attempt has to wait for the rate limit.
func (a *attempt) throttled() bool {
	_, ok := a.pace.Throttled()
	return ok
}

// finish notes the status that an attempt ends with. The runtime calls whatever
// ends a reconcile early an error.
func (a *attempt) finish(mg resource.Managed) {
	a.object = mg
	if c := a.unusable; c != nil && mg.GetCondition(xpv2.TypeSynced).Reason == xpv2.ReasonReconcileError {
		// The runtime says nothing but that it is being created.
		mg.SetConditions(*c)
	}
	boundMessages(mg)
	synced := mg.GetCondition(xpv2.TypeSynced).Reason
	a.waits = a.throttled() && synced == xpv2.ReasonReconcileError
	a.created = a.pace.Progressed() && synced == xpv2.ReasonReconcileSuccess &&
		mg.GetCondition(xpv2.TypeReady).Reason == xpv2.ReasonCreating
}

// reconcileRequestHandled is the runtime's event for a request to reconcile, which
// it records before it reconciles.
const reconcileRequestHandled event.Reason = "ReconcileRequestHandled"

// tell records the events of the attempt. One that has to wait did not fail, and
// has not handled what it was asked for.
func (a *attempt) tell() {
	for _, p := range a.events {
		if a.waits && (p.event.Type == event.TypeWarning || p.event.Reason == reconcileRequestHandled) {
			continue
		}
		p.record.Event(p.object, p.event)
	}
}

type attemptKey struct{}

// attemptOf a context; nil outside of any.
func attemptOf(ctx context.Context) *attempt {
	a, _ := ctx.Value(attemptKey{}).(*attempt)
	return a
}

// attempts that run now. An object is never in two of them.
type attempts struct{ byName sync.Map }

func (r *attempts) begin(ctx context.Context, n types.NamespacedName, p pace) (context.Context, *attempt) {
	a := &attempt{pace: p}
	r.byName.Store(n, a)
	return context.WithValue(ctx, attemptKey{}, a), a
}

func (r *attempts) end(n types.NamespacedName) { r.byName.Delete(n) }

// of an object; nil if none runs.
func (r *attempts) of(o runtime.Object) *attempt {
	co, ok := o.(client.Object)
	if !ok {
		return nil
	}
	v, _ := r.byName.Load(client.ObjectKeyFromObject(co))
	a, _ := v.(*attempt)
	return a
}
