// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/apis/changelogs/proto/v1alpha1"
	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// A recorder keeps the events of an attempt until it is known how that ended.
type recorder struct {
	event.Recorder
	running *attempts
}

// Event of an object.
func (r recorder) Event(o runtime.Object, e event.Event) {
	if mg, ok := o.(resource.Managed); ok && e.Reason == reconciliationPaused && meta.WasDeleted(mg) {
		e.Message = pausedDeletion
	}
	if a := r.running.of(o); a != nil {
		if e.Reason == updatedExternalResource && len(a.changes) > 0 {
			e.Message = "Updated " + Describe(a.changes)
		}
		a.events = append(a.events, pendingEvent{record: r.Recorder, object: o, event: e})
		return
	}
	r.Recorder.Event(o, e)
}

// Events of the runtime that say less than there is to say.
const (
	reconciliationPaused    event.Reason = "ReconciliationPaused"
	updatedExternalResource event.Reason = "UpdatedExternalResource"
)

// WithAnnotations returns a recorder whose events have these annotations.
func (r recorder) WithAnnotations(keysAndValues ...string) event.Recorder {
	return recorder{Recorder: r.Recorder.WithAnnotations(keysAndValues...), running: r.running}
}

// A changeLog leaves out changes that were not tried because they have to wait.
type changeLog struct{ managed.ChangeLogger }

// Log a change.
func (l changeLog) Log(ctx context.Context, mg resource.Managed, op v1alpha1.OperationType, changeErr error, ad managed.AdditionalDetails) error {
	if changeErr != nil && apierror.ClassOf(changeErr) == apierror.ClassThrottled {
		return nil
	}
	return l.ChangeLogger.Log(ctx, mg, op, changeErr, ad)
}
