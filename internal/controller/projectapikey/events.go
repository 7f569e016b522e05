// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"errors"

	xpevent "github.com/crossplane/crossplane-runtime/v2/pkg/event"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// An event is something that happened to a key, for kubectl describe.
type event struct {
	reason, message string
	warning         bool
}

// keyChanges counts the events of keys.
var keyChanges = promauto.With(metrics.Registry).NewCounterVec(prometheus.CounterOpts{
	Name: "provider_openai_key_changes_total",
	Help: "What became of API keys: Issued, Rotated, Adopted, Moved to another Secret, Revoked, UnclaimedKeyRevoked (nobody had its value), StillListed (OpenAI shows one of an archived project, which nobody can use), or Orphaned (it lives on after its object).",
}, []string{"change"})

// emitterFor returns a function that emits events of an object's keys, and counts them.
func emitterFor(cr *v1alpha1.ProjectAPIKey, events xpevent.Recorder) func(event) {
	return func(e event) {
		keyChanges.WithLabelValues(e.reason).Inc()
		if e.warning {
			events.Event(cr, xpevent.Warning(xpevent.Reason(e.reason), errors.New(e.message)))
			return
		}
		events.Event(cr, xpevent.Normal(xpevent.Reason(e.reason), e.message))
	}
}
