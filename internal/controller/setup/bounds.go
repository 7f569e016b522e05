// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package setup

import (
	"strings"

	"github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"k8s.io/apimachinery/pkg/runtime"
	ctrl "sigs.k8s.io/controller-runtime"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
)

// The most bytes that are told of what may quote anything.
const (
	// longestEvent is what the API server accepts of an event of events.k8s.io.
	longestEvent = 1024

	// longestCondition leaves room for an error with a list, and keeps statuses small: every
	// change of one is sent to all who watch the object.
	longestCondition = 4096

	// longestShown is for a text of OpenAI's that a status only shows, such as a name.
	longestShown = 1024
)

// Shown is as much of a text of OpenAI's as a status shows.
func Shown(text string) string { return bounded(text, longestShown) }

// bounded is a text of at most so many bytes that the API server stores as it is: what is
// not UTF-8 would come back as something else, and look like a change at every look.
func bounded(text string, most int) string {
	const end = "…"
	text = strings.ToValidUTF8(text, "\uFFFD")
	if len(text) <= most {
		return text
	}
	return adminapi.Shortened(text, most-len(end))
}

// boundMessages of an object's conditions. It comes before they are compared with those
// of before, which are bounded.
func boundMessages(mg resource.Managed) {
	o, ok := mg.(withStatus)
	if !ok {
		return
	}
	conditions := o.ManagedStatus().Conditions
	for i := range conditions {
		conditions[i].Message = bounded(conditions[i].Message, longestCondition)
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
	e.Message = bounded(e.Message, longestEvent)
	r.Recorder.Event(o, e)
}

// WithAnnotations returns a recorder whose events have these annotations.
func (r boundedRecorder) WithAnnotations(keysAndValues ...string) event.Recorder {
	return boundedRecorder{r.Recorder.WithAnnotations(keysAndValues...)}
}
