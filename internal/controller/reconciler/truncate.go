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

// How many bytes of a message are kept that may quote anything, such as OpenAI's replies.
const (
	// maxEventMessage is what the API server accepts in an event of events.k8s.io.
	maxEventMessage = 1024

	// maxConditionMessage leaves room for an error with a list, and keeps statuses small: every
	// change of a status is sent to all who watch the object.
	maxConditionMessage = 4096
)

// truncateMessages of an object's conditions, before they are compared with those of the stored
// status, which were truncated.
func truncateMessages(mg resource.Managed) {
	o, ok := mg.(Object)
	if !ok {
		return
	}
	conditions := o.ManagedStatus().Conditions
	for i := range conditions {
		conditions[i].Message = truncate.Text(conditions[i].Message, maxConditionMessage)
	}
}

// NewRecorder of the events of a controller, whose messages may be of any length.
func NewRecorder(mgr ctrl.Manager, o Options, name string) event.Recorder {
	return truncatingRecorder{event.NewAPIRecorder(mgr.GetEventRecorderFor(name), o.EventFilterFunctions...)}
}

// A truncatingRecorder truncates the messages of events.
type truncatingRecorder struct{ event.Recorder }

// Event of an object.
func (r truncatingRecorder) Event(o runtime.Object, e event.Event) {
	e.Message = truncate.Text(e.Message, maxEventMessage)
	r.Recorder.Event(o, e)
}

// WithAnnotations returns a recorder whose events have these annotations.
func (r truncatingRecorder) WithAnnotations(keysAndValues ...string) event.Recorder {
	return truncatingRecorder{r.Recorder.WithAnnotations(keysAndValues...)}
}
