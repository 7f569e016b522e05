// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"net/http"
	"slices"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
)

// answers is OpenAI's status 200 with a body of a gateway's own.
func answers(body string) reply {
	return reply{status: http.StatusOK, contentType: asJSON, body: body}
}

// only matches the call with a number, beginning with 1.
func only(number int) func() bool {
	calls := 0
	return func() bool { calls++; return calls == number }
}

// emptyReplyToUpdate is a gateway that answers updates with {} and does not forward them.
func emptyReplyToUpdate(e *Env, r Row) {
	e.gateway.intercept(r.Routes.Update, interception{reply: answers(`{}`)})
	o := e.create(r, "an-object")
	e.awaitMessage(o, "leaves out its fields")
	e.gateway.stop()
	e.healed(o)
}

// partialReply is a gateway whose replies to reads leave out what the object asks for.
func partialReply(body string, asked Fields) func(e *Env, r Row) {
	return func(e *Env, r Row) {
		e.gateway.intercept(r.Routes.Get, interception{reply: answers(body)})
		o := e.create(r, "an-object", e.with(asked))
		await.Condition(e, "an update, as nothing shows that it is not needed", func() (bool, string) {
			return e.carriedOut(r.Routes.Update) > 0, await.State(o)
		})
	}
}

// appliedEmptyList changes a list to an empty one, and back, by server-side apply.
func appliedEmptyList(e *Env, r Row) {
	o := e.object(r, "an-object")
	for _, ids := range [][]string{{"gpt-5"}, {}, {"gpt-5", "gpt-5-mini"}, {}} {
		items := make([]any, len(ids))
		for i := range ids {
			items[i] = ids[i]
		}
		u := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": v1alpha1.SchemeGroupVersion.String(), "kind": r.Kind,
			"metadata": map[string]any{"name": o.GetName(), "namespace": o.GetNamespace()},
			"spec": map[string]any{
				"providerConfigRef": map[string]any{"kind": v1alpha1.ClusterProviderConfigKind, "name": e.namespace},
				"forProvider":       map[string]any{"projectID": e.Project(), "mode": "allow_list", "modelIDs": items},
			},
		}}
		e.must(kube.Apply(e.Context(), client.ApplyConfigurationFromUnstructured(u), client.FieldOwner("gitops"), client.ForceOwnership))
		e.healed(o)
		if got := e.modelsAt(e.Project()).ModelIDs; !slices.Equal(got, ids) {
			e.Errorf("OpenAI allows %q, want %q", got, ids)
		}
	}
}

// deletedWhileHidden deletes an object while OpenAI does not find what it manages, as a cache may answer.
func deletedWhileHidden(e *Env, r Row) {
	o, _ := e.ready(r)
	e.pause(o)
	e.forgetCaches()
	e.gateway.intercept(r.Routes.Get, interception{reply: openAIError(http.StatusNotFound, "No such setting.")})
	e.delete(o)
	await.Annotate(e, kube, o, map[string]any{meta.AnnotationKeyReconciliationPaused: nil})
	e.awaitGone(o)
	e.assertAlive(r, "after the end of an object whose resource was hidden")
}

// limitCases are about spend limits, and model permissions.
func limitCases(afterDelete string) []Case {
	return []Case{
		{Name: "end_is_told", Run: endIsTold(afterDelete)},
		{Name: "end_is_told_though_reply_lost", Run: func(e *Env, r Row) {
			o, id := e.ready(r)
			e.gateway.intercept(r.Routes.Delete, interception{reply: lost, matches: first(1)})
			e.assertEnds(r, o, id)
			e.awaitEvent("LimitRemoved", afterDelete)
		}},
		{Name: "deleted_while_hidden", Run: deletedWhileHidden},
		{Name: "empty_reply_to_update", Run: emptyReplyToUpdate},
	}
}

// An alert of $0.50 in a project with a limit of $3.00 that no object manages.
func alertBesideLimit(e *Env, r Row) resource.ModernManaged {
	e.setLimit(300)
	o, _ := e.ready(r, e.with(Fields{"thresholdAmount": 50}))
	if got := e.limitAt(e.Project()).ThresholdAmount; got != 300 {
		e.Errorf("the limit is %d, want 300 still; events:\n%s", got, e.events())
	}
	return o
}

// spendLimitCases are about alerts and the limit of their project.
var spendLimitCases = []Case{
	{Name: "spend_limit_kept", Run: spendLimitKept},
	{Name: "spend_limit_kept_by_its_object", Run: spendLimitKeptByItsObject},
	{Name: "spend_limit_at_risk", Run: spendLimitAtRisk},
	{Name: "spend_limit_kept_after_429", Run: func(e *Env, r Row) {
		tooMany := openAIError(http.StatusTooManyRequests, "Rate limit reached")
		e.gateway.intercept(projectSpendLimit.Routes.Get, interception{reply: tooMany, matches: only(2)})
		e.gateway.intercept(projectSpendLimit.Routes.Update, interception{reply: tooMany, matches: only(2)})
		alertBesideLimit(e, r)
	}},
	{
		Name: "spend_limit_kept_within_budget", Config: func(c *v1alpha1.ClusterProviderConfigSpec) {
			c.RateLimit = &v1alpha1.RequestRateLimit{RequestsPerMinute: new(int32(60))}
		},
		Run: func(e *Env, r Row) { alertBesideLimit(e, r) },
	},
	{Name: "spend_limit_of_partial_reply", Run: func(e *Env, r Row) {
		e.gateway.intercept(projectSpendLimit.Routes.Get, interception{reply: answers(`{"object":"project.spend_limit","currency":"USD"}`), matches: first(1)})
		alertBesideLimit(e, r)
	}},
	{Name: "spend_limit_of_a_paused_object", Run: func(e *Env, r Row) {
		limit, _ := e.ready(projectSpendLimit)
		e.pause(limit)
		e.ready(r, func(o resource.ModernManaged) { o.SetName("an-alert"); e.must(Fields{"thresholdAmount": 50}.into(o)) })
		e.awaitEvent("SpendLimitAtRisk", "no ProjectSpendLimit maintains it")
	}},
	{Name: "spend_limit_unreadable_before_create", Run: func(e *Env, r Row) {
		e.gateway.intercept(projectSpendLimit.Routes.Get, interception{reply: openAIError(http.StatusInternalServerError, "The server had an error."), matches: first(3)})
		o := e.create(r, "an-object")
		e.awaitMessage(o, "cannot read the project's spend limit")
		before := e.newAlert(100)
		e.healed(o)
		if meta.GetExternalName(o) == before {
			e.Errorf("the object has %q, which somebody else created before it was asked for", before)
		}
	}},
	{Name: "spend_limit_of_another_namespace", Run: spendLimitOfAnotherNamespace},
}

// spendLimitOfAnotherNamespace is a limit whose object lets nobody refer to it: events do not disclose it.
func spendLimitOfAnotherNamespace(e *Env, r Row) {
	e.ready(projectSpendLimit)
	first := e.namespace
	e.namespace = e.newNamespace()
	o := e.create(r, "an-alert", e.with(Fields{"thresholdAmount": 50}), func(o resource.ModernManaged) {
		o.SetProviderConfigReference(&xpv2.ProviderConfigReference{Kind: v1alpha1.ClusterProviderConfigKind, Name: first})
	})
	e.awaitReady(o)
	e.awaitEvent("SpendLimitRestored", "it was set back")
	e.assertNoEvent("$1.00")
	e.delete(o)
	e.awaitGone(o)
	e.namespace = first
}
