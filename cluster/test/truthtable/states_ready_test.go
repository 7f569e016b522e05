// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var readyObjects = []state{
	{
		name:   "ready",
		reason: "What was asked for is there.",
		want:   working,
		cause:  func(tn *tenant) []client.Object { return tn.readyOfEach() },
	},
	{
		name:   "ready, after an error that the user ended",
		reason: "Nothing of the error is left.",
		want:   working,
		cause: func(tn *tenant) []client.Object {
			tn.setAdminKey("sk-admin-WRONG")
			objects := tn.newOfEach()
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "OpenAI refuses the admin key")
			tn.setAdminKey(simulator.DefaultAdminKey)
			tn.reconcileAgain(objects)
			tn.awaitReady(objects...)
			return objects
		},
	},
	{
		name:   "ready, and then OpenAI fails",
		reason: "What was asked for was made, and serves; only that it is still so could not be seen.",
		want:   answers{"met", "Current", "Degraded* (Healthy)", "Degraded* (Healthy)"},
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.fail(simulator.Fault{Kind: simulator.FaultError, Status: 503})
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "fails for now")
			return objects
		},
	},
	{
		name:   "ready, and then the admin key is refused",
		reason: "What was asked for was made, and serves; nobody watches over it until somebody stores another key.",
		want:   answers{"met", "Failed", "Degraded", "Degraded"},
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.setAdminKey("sk-admin-WRONG")
			tn.reconcileAgain(objects)
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "OpenAI refuses the admin key")
			return objects
		},
	},
	{
		name:            "ready, and then paused",
		reason:          "What was asked for is there; that nobody watches over it is to be seen.",
		want:            answers{"met", "Current", "Degraded", "Degraded"},
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.changeAll(objects, paused)
			tn.awaitPaused(objects)
			return objects
		},
	},
}

// updates are the routes that update resources.
var updates = []simulator.Route{simulator.RouteUpdateProject, simulator.RouteUpdateServiceAccount, simulator.RouteUpdateProjectAPIKey}

var changedObjects = []state{
	{
		name:   "changed, not reconciled yet",
		reason: "Ready is about the previous generation, which Argo CD's check does not compare.",
		want:   overlooked,
		cause:  func(tn *tenant) []client.Object { return tn.readyOfEach() },
		later:  func(tn *tenant, objects []client.Object) { tn.changeAll(objects, changed) },
	},
	{
		name:            "changed, waits for the rate limit",
		reason:          "The turn of the change comes by itself; until then what was there before is Ready.",
		want:            overlooked,
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.fail(simulator.Fault{Kind: simulator.FaultRateLimitBody, Duration: longWait}, updates...)
			tn.changeAll(objects, changed)
			tn.awaitEvent(objects, "WaitingForRateLimit")
			return objects
		},
	},
	{
		name:   "changed, OpenAI fails",
		reason: "The change is tried again; that there is an error is to be seen.",
		want:   erring,
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.fail(simulator.Fault{Kind: simulator.FaultError, Status: 503}, updates...)
			tn.changeAll(objects, changed)
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "fails for now")
			return objects
		},
	},
	{
		name:   "changed, OpenAI rejects the change",
		reason: "No attempt succeeds until somebody asks for something else, though what was there before serves.",
		want:   stuck,
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.fail(simulator.Fault{Kind: simulator.FaultError, Status: 400}, updates[0])
			tn.fail(simulator.Fault{Kind: simulator.FaultError, Status: 403}, updates[1:]...)
			tn.changeAll(objects, changed)
			tn.awaitConditions(objects[:1], anyStatus, corev1.ConditionFalse, "OpenAI rejects the request")
			tn.awaitConditions(objects[1:], anyStatus, corev1.ConditionFalse, "a policy of the OpenAI organization or project forbids this")
			return objects
		},
	},
	{
		name:            "changed, and paused",
		reason:          "The change is not made until it goes on.",
		want:            erring,
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.changeAll(objects, paused, changed)
			tn.awaitPaused(objects)
			return objects
		},
	},
}
