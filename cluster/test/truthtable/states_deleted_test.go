// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var deletedObjects = []state{
	{
		name:            "deleted, somebody else's finalizer keeps it",
		reason:          "It goes once whoever put the finalizer there takes it away.",
		want:            answers{"not met", "Terminating", "Progressing", "Progressing"},
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			const backup = "example.org/backup"
			objects := tn.newOfEach(func(mg resource.ModernManaged) { mg.SetFinalizers([]string{backup}) })
			tn.awaitReady(objects...)
			tn.deleteAll(objects)
			tn.awaitConditions(objects, corev1.ConditionFalse, anyStatus, backup)
			return objects
		},
	},
	{
		name:   "deleted, OpenAI fails",
		reason: "It is tried again; that there is an error is to be seen.",
		want:   answers{"not met", "Terminating", "Degraded", "Degraded"},
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.fail(simulator.Fault{Kind: simulator.FaultError, Status: 503},
				simulator.RouteArchiveProject, simulator.RouteDeleteServiceAccount, simulator.RouteDeleteProjectAPIKey)
			tn.deleteAll(objects)
			tn.awaitConditions(objects, corev1.ConditionFalse, corev1.ConditionFalse, "fails for now")
			return objects
		},
	},
	{
		name:            "deleted, and paused",
		reason:          "Nothing ends until it goes on.",
		want:            answers{"not met", "Terminating", "Degraded", "Degraded"},
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			objects := tn.readyOfEach()
			tn.changeAll(objects, paused)
			tn.awaitPaused(objects)
			tn.deleteAll(objects)
			tn.awaitConditions(objects, corev1.ConditionFalse, corev1.ConditionFalse, "paused")
			return objects
		},
	},
}
