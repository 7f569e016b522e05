// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/crossplane-contrib/provider-openai/internal/truncate"
)

// The most bytes that are told of what may quote anything.
const (
	// longestEvent is what the API server accepts of an event of events.k8s.io.
	longestEvent = 1024

	// longestCondition leaves room for an error with a list, and keeps statuses small: every
	// change of one is sent to all who watch the object.
	longestCondition = 4096
)

// truncateMessages of an object's conditions. It comes before they are compared with those
// of before, which are bounded.
func truncateMessages(mg resource.Managed) {
	o, ok := mg.(withStatus)
	if !ok {
		return
	}
	conditions := o.ManagedStatus().Conditions
	for i := range conditions {
		conditions[i].Message = truncate.Text(conditions[i].Message, longestCondition)
	}
}

// NewRecorder of a controller, for events of any length.
func NewRecorder(mgr ctrl.Manager, o Options, name string) event.Recorder {
	return boundedRecorder{event.NewAPIRecorder(mgr.GetEventRecorderFor(name), o.EventFilterFunctions...)}
}

// A boundedRecorder shortens the messages of events.
type boundedRecorder struct{ event.Recorder }

// Event of an object.
func (r boundedRecorder) Event(o runtime.Object, e event.Event) {
	e.Message = truncate.Text(e.Message, longestEvent)
	r.Recorder.Event(o, e)
}

// WithAnnotations returns a recorder whose events have these annotations.
func (r boundedRecorder) WithAnnotations(keysAndValues ...string) event.Recorder {
	return boundedRecorder{r.Recorder.WithAnnotations(keysAndValues...)}
}
