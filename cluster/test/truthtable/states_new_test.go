// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// longWait is longer than the test.
const longWait = 10 * time.Minute

var newObjects = []state{
	{
		name:           "new, not reconciled yet",
		reason:         "Nothing is known yet, which is not the same as that all is well.",
		want:           onItsWay,
		beforeProvider: true,
		cause:          func(tn *tenant) []client.Object { return tn.newOfEach() },
	},
	{
		name:   "new, waits for a reference",
		reason: "Order does not matter: what it waits for may come with the next manifest.",
		want:   onItsWay,
		cause: func(tn *tenant) []client.Object {
			later := &xpv2.NamespacedReference{Name: "later"}
			objects := []client.Object{
				tn.newAccount(func(cr *v1alpha1.ProjectServiceAccount) {
					cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ProjectIDRef = nil, later
				}),
				tn.newKey(func(cr *v1alpha1.ProjectAPIKey) {
					cr.Spec.ForProvider.ServiceAccountID, cr.Spec.ForProvider.ServiceAccountIDRef = nil, later
				}),
			}
			tn.awaitConditions(objects, corev1.ConditionFalse, corev1.ConditionTrue, "waiting for")
			return objects
		},
	},
	{
		name:            "new, waits for the rate limit",
		reason:          "Its turn comes by itself.",
		want:            onItsWay,
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			tn.fail(simulator.Fault{Kind: simulator.FaultRateLimitBody, Duration: longWait},
				simulator.RouteCreateProject, simulator.RouteCreateServiceAccount, simulator.RouteCreateServiceAccountAPIKey)
			objects := tn.newOfEach()
			tn.awaitEvent(objects, "WaitingForRateLimit")
			return objects
		},
	},
	{
		name:   "new, OpenAI fails",
		reason: "It is tried again, and nobody here can do more; that there is an error is to be seen.",
		want:   erring,
		cause: func(tn *tenant) []client.Object {
			tn.fail(simulator.Fault{Kind: simulator.FaultError, Status: 503})
			objects := tn.newOfEach()
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "fails for now")
			return objects
		},
	},
	{
		name:   "new, its provider configuration does not exist",
		reason: "It may come with the next manifest, as what a reference waits for.",
		want:   answers{"not met", "InProgress", "Degraded* (Progressing)", "Degraded* (Progressing)"},
		cause: func(tn *tenant) []client.Object {
			objects := tn.newOfEach(func(mg resource.ModernManaged) {
				mg.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: "missing"})
			})
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "does not exist")
			return objects
		},
	},
	{
		name:   "new, the admin key is refused",
		reason: "No attempt succeeds until somebody stores another key.",
		want:   stuck,
		cause: func(tn *tenant) []client.Object {
			tn.setAdminKey("sk-admin-WRONG")
			objects := tn.newOfEach()
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "OpenAI refuses the admin key")
			return objects
		},
	},
	{
		name:   "new, its Secret belongs to somebody else",
		reason: "No attempt succeeds until the object names another Secret, or somebody deletes this one.",
		want:   stuck,
		cause: func(tn *tenant) []client.Object {
			tn.create(&corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: objectName},
				StringData: map[string]string{"precious": "data"},
			})
			objects := []client.Object{tn.newKey()}
			tn.awaitConditions(objects, anyStatus, corev1.ConditionFalse, "belongs to somebody else")
			return objects
		},
	},
	{
		name:            "new, and paused",
		reason:          "Nothing was made, and nothing will be until it goes on.",
		want:            erring,
		ignoresRequests: true,
		cause: func(tn *tenant) []client.Object {
			objects := tn.newOfEach(paused)
			tn.awaitPaused(objects)
			return objects
		},
	},
	{
		name:   "new, only observed, and it does not exist",
		reason: "OpenAI assigns IDs: one that it does not know will never be known.",
		want:   stuck,
		cause: func(tn *tenant) []client.Object {
			objects := []client.Object{
				tn.newProject(func(cr *v1alpha1.Project) { observed(cr); named("proj_unknown")(cr) }),
				tn.newAccount(func(cr *v1alpha1.ProjectServiceAccount) { observed(cr); named("user-unknown")(cr) }),
				tn.newKey(func(cr *v1alpha1.ProjectAPIKey) { observed(cr); named("key_unknown")(cr) }),
			}
			tn.awaitConditions(objects, corev1.ConditionFalse, corev1.ConditionFalse, "")
			return objects
		},
	},
}
