// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/runtime"
)

// A recorder emits the events of one reconcile.
type recorder struct {
	event.Recorder
	state *reconcileState
}

// Events of the runtime that are held back, or say less than there is to say.
const (
	reconcileRequestHandled event.Reason = "ReconcileRequestHandled"
	reconciliationPaused    event.Reason = "ReconciliationPaused"
	updatedExternalResource event.Reason = "UpdatedExternalResource"
)

// Event of an object. A reconcile that waits for the rate limit did not fail, so that it emits no
// warning. That a request to reconcile was handled, which the runtime emits first, is emitted
// last, unless the reconcile waits.
func (r recorder) Event(o runtime.Object, e event.Event) {
	switch {
	case e.Type == event.TypeWarning && r.state.isThrottled():
		return
	case e.Reason == reconcileRequestHandled:
		r.state.emitHandled = func() { r.Recorder.Event(o, e) }
		return
	case e.Reason == updatedExternalResource && len(r.state.changes) > 0:
		e.Message = "Updated " + Describe(r.state.changes)
	case e.Reason == reconciliationPaused:
		if mg, ok := o.(resource.Managed); ok && meta.WasDeleted(mg) {
			e.Message = pausedDeletion
		}
	}
	r.Recorder.Event(o, e)
}

// WithAnnotations returns a recorder whose events have these annotations.
func (r recorder) WithAnnotations(keysAndValues ...string) event.Recorder {
	return recorder{Recorder: r.Recorder.WithAnnotations(keysAndValues...), state: r.state}
}

// emit an event of the object that is being reconciled.
func emit(ctx context.Context, mg resource.Managed, e event.Event) { stateOf(ctx).events.Event(mg, e) }

// EmitWarning emits a warning about the object that is being reconciled, also if the reconcile waits for the
// rate limit.
func EmitWarning(ctx context.Context, mg resource.Managed, reason event.Reason, err error) {
	events := stateOf(ctx).events
	if r, ok := events.(recorder); ok {
		events = r.Recorder
	}
	events.Event(mg, event.Warning(reason, err))
}
