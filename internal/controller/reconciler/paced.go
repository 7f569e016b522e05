// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
)

const (
	// afterProgress is how soon to look at what was just created or deleted.
	afterProgress = time.Second

	// afterCreate is how soon to look at what was created if nothing else brings a
	// look: the write of its name does, once the cache shows it. To look before that
	// would note the name again.
	afterCreate = 10 * time.Second

	// shortestWait is the least that an object waits for its turn.
	shortestWait = time.Second
)

// paced reconciles again when the failed calls of a reconcile suggest, and not
// when the controller's back-off would.
type paced struct {
	reconcile.Reconciler
	o       Options
	running *attempts
	waiting *waiting
	kind    string
	begin   func(ctx context.Context, object string) (context.Context, pace)
	restore func(ctx context.Context, mg resource.Managed) error
	claims  *Ownership
}

// Reconcile an object.
func (p paced) Reconcile(ctx context.Context, req reconcile.Request) (reconcile.Result, error) {
	ctx, pace := p.begin(ctx, p.kind+" "+req.String())
	defer pace.Release()
	ctx, a := p.running.begin(ctx, req.NamespacedName, pace)
	a.restore, a.record = p.restore, p.waiting.record
	defer a.tell()
	defer p.running.end(req.NamespacedName)

	res, err := p.Reconciler.Reconcile(ctx, req)
	if a.seen != nil {
		p.claims.settle(a.seen)
	}
	until, throttled := pace.Throttled()
	switch {
	case !throttled:
		p.waiting.over(req.NamespacedName)
	case a.object != nil:
		p.waiting.note(a.object, until)
	}
	if err != nil {
		return res, err
	}
	if a.waitsFor != "" {
		return reconcile.Result{RequeueAfter: p.o.Jitter(untilReference(a.object))}, nil
	}
	if a.created && !throttled {
		return reconcile.Result{RequeueAfter: afterCreate}, nil
	}
	return p.next(res, pace), nil
}

// longestReferenceWait is the longest pause between two looks whether what an object
// refers to has an ID. A look costs no call.
const longestReferenceWait = 20 * time.Second

// untilReference is how soon to look again whether what an object refers to has an ID,
// the later the longer it waits: nothing tells yet when it has.
func untilReference(o client.Object) time.Duration {
	if o == nil {
		return shortestWait
	}
	return min(max(time.Since(o.GetCreationTimestamp().Time)/2, shortestWait), longestReferenceWait)
}

// next says when to reconcile again.
func (p paced) next(res reconcile.Result, pace pace) reconcile.Result {
	failed := res.Requeue //nolint:staticcheck // crossplane-runtime v2.4 asks for a back-off with Requeue.
	if failed && pace.Progressed() {
		return reconcile.Result{RequeueAfter: afterProgress}
	}
	if until, throttled := pace.Throttled(); throttled {
		wait := turn(until)
		if by := pace.ReconcileBy(); !by.IsZero() {
			wait = min(wait, max(time.Until(by), 0)+shortestWait)
		}
		if until.IsZero() || (!failed && res.RequeueAfter <= wait) {
			return res
		}
		return reconcile.Result{RequeueAfter: wait}
	}
	if wait := pace.Wait(); failed && wait > 0 {
		return reconcile.Result{RequeueAfter: p.o.Jitter(wait)}
	}
	return res
}

// turn is how long until an object's turn comes, and a little longer, since those
// who wait for one time should not all come at it.
func turn(until time.Time) time.Duration {
	wait := max(time.Until(until), 0)
	late := rand.Float64() * float64(min(wait/10, time.Second)) //nolint:gosec // Spreading attempts needs no secure randomness.
	return max(wait+time.Duration(late), shortestWait)
}

// newPace begins to learn from the calls of a reconcile.
func newPace(ctx context.Context, object string) (context.Context, pace) {
	ctx, p := ratelimit.WithTracker(ctx)
	p.SetObject(object)
	return ctx, p
}
