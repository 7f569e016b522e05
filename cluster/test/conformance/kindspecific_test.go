// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"net/http"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// with sets fields of an object.
func (e *Env) with(f Fields) func(resource.ModernManaged) {
	return func(o resource.ModernManaged) {
		e.Helper()
		e.must(f.into(o))
	}
}

// rateLimitCases are about a resource that can only be listed, and is found in the list by one of
// its fields.
var rateLimitCases = []Case{
	{Name: "unknown_model", Run: unknownModel},
	{Name: "list_empty", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		before := len(e.mutations())
		e.gateway.intercept(r.Routes.List, interception{reply: listOfNothing(false)})
		e.awaitIntercepted(r.Routes.List, 2, never)
		await.Problem(e, kube, o)
		e.gateway.stop()
		e.healed(o)
		if m := e.mutations()[before:]; len(m) != 0 {
			e.Errorf("changes because of an empty list: %+v", m)
		}
		e.assertOne(r, "after an empty list", o)
		e.assertEnds(r, o, id)
	}},
	{Name: "update_answered_in_another_form", Run: updateAnsweredOtherwise},
	{Name: "limit_that_the_model_has_not", Run: limitNotOfModel},
	{Name: "above_the_organizations", Run: func(e *Env, r Row) {
		o, _ := e.ready(r)
		e.change(o, Change{Field: "maxRequestsPer1Minute", Want: 501})
		e.awaitMessage(o, "the limit of the organization")
	}},
}

// limitNotOfModel is said, and is not asked for again and again.
func limitNotOfModel(e *Env, r Row) {
	o, _ := e.ready(r)
	before := e.count(r.Routes.Update)
	e.change(o, Change{Field: "maxImagesPer1Minute", Want: 10})
	e.awaitMessage(o, "remove maxImagesPer1Minute")
	await.Reconciled(e, kube, o)
	if n := e.count(r.Routes.Update) - before; n != 0 {
		e.Errorf("%d updates of a limit that the model does not have, want none", n)
	}
}

func unknownModel(e *Env, r Row) {
	o := e.create(r, "an-object", e.with(Fields{"model": "gpt-fake"}))
	e.awaitMessage(o, "no rate limit for model \"gpt-fake\"")
	await.Reconciled(e, kube, o)
	e.awaitMessage(o, "no rate limit for model \"gpt-fake\"")
	e.delete(o)
	e.awaitGone(o)
	e.assertNoMutation("of a model that OpenAI does not know")
}

// updateAnsweredOtherwise is an update that OpenAI carries out, and answers with the old numbers.
func updateAnsweredOtherwise(e *Env, r Row) {
	o, id := e.ready(r)
	before := e.count(r.Routes.Update)
	e.gateway.intercept(r.Routes.Update, interception{reply: reply{
		status: http.StatusOK, contentType: asJSON, afterwards: true,
		body: fmt.Sprintf(`{"id":%q,"object":"project.rate_limit","model":"gpt-5","max_requests_per_1_minute":100,"max_tokens_per_1_minute":1000}`, id),
	}})
	e.change(o, r.Changes[0])
	await.Condition(e, "an update", func() (bool, string) { return e.count(r.Routes.Update) > before, "none" })
	e.healed(o)
	await.Reconciled(e, kube, o)
	e.awaitReady(o)
	if n := e.count(r.Routes.Update) - before; n != 1 {
		e.Errorf("%d updates, want 1: what OpenAI lists is what was asked for", n)
	}
	if got := r.Changes[0].at(e, id); got != r.Changes[0].want() {
		e.Errorf("OpenAI has %q, want %q", got, r.Changes[0].want())
	}
}

// equalAlertBefore is a create whose reply is lost, while an equal alert exists that was created
// before.
func equalAlertBefore(e *Env, r Row) {
	before := e.newAlert(100)
	e.gateway.intercept(r.Routes.Create, interception{reply: lost, matches: first(1)})
	o := e.create(r, "an-object")
	e.awaitReady(o)
	e.assertIntercepted(r.Routes.Create)
	await.Reconciled(e, kube, o)
	id := meta.GetExternalName(o)
	if id == before {
		e.Errorf("the object has %q, which was there before it", id)
	}
	e.assertAlive(r, "after a create without a reply", before, id)
	if n := e.carriedOut(r.Routes.Create); n != 1 {
		e.Errorf("%d were created, want 1", n)
	}
	e.delete(o)
	e.awaitGone(o)
	e.assertAlive(r, "after the end of the object", before)
}

// spendLimitKept is a limit that no object manages, and that OpenAI changes with each write of an alert.
func spendLimitKept(e *Env, r Row) {
	e.setLimit(300)
	o, id := e.ready(r)
	e.awaitEvent("SpendLimitRestored", "$3.00")
	e.change(o, r.Changes[0])
	e.healed(o)
	if got := r.Changes[0].at(e, id); got != r.Changes[0].want() {
		e.Errorf("the alert is for %q, want %q", got, r.Changes[0].want())
	}
	if got := e.limitAt(e.Project()).ThresholdAmount; got != 300 {
		e.Errorf("the limit is %d, want 300 still", got)
	}
	if n := e.count(projectSpendLimit.Routes.Update); n != 2 {
		e.Errorf("the limit was set %d times, want 2: after the creation and after the change", n)
	}
}

// spendLimitKeptByItsObject is a limit that an object manages, while the call to set it back is lost.
func spendLimitKeptByItsObject(e *Env, r Row) {
	limit, _ := e.ready(projectSpendLimit)
	e.gateway.intercept(projectSpendLimit.Routes.Update, interception{reply: openAIError(http.StatusForbidden, "not now"), matches: first(1)})
	e.ready(r, func(o resource.ModernManaged) { o.SetName("an-alert"); e.must(Fields{"thresholdAmount": 50}.into(o)) })
	e.assertIntercepted(projectSpendLimit.Routes.Update)
	await.Condition(e, "the limit as its object asks for", func() (bool, string) {
		got := e.limitAt(e.Project()).ThresholdAmount
		return got == 100, fmt.Sprint(got)
	})
	e.awaitReady(limit)
	e.awaitEvent("SpendLimitRestoreFailed", "is reconciled now")
}

// spendLimitAtRisk is a limit that no object manages and that cannot be set back.
func spendLimitAtRisk(e *Env, r Row) {
	e.setLimit(300)
	e.gateway.intercept(projectSpendLimit.Routes.Update, interception{reply: openAIError(http.StatusForbidden, "not now")})
	e.ready(r)
	e.awaitEvent("SpendLimitAtRisk", "$3.00")
	e.awaitEvent("SpendLimitRestoreFailed", "check the limit")
}

// inheritedCases are about a role that a user has through a group, and that no call can remove.
var inheritedCases = []Case{
	{Name: "inherited", Run: func(e *Env, r Row) {
		e.inherit()
		o := e.create(r, "an-object")
		e.awaitReady(o)
		await.Reconciled(e, kube, o)
		e.awaitReady(o)
		e.delete(o)
		e.awaitGone(o)
		e.assertNoMutation("of what is inherited")
		e.assertAlive(r, "as it is inherited", joined(e.User(), projectViewer))
	}},
	{Name: "inherited_and_direct", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		e.inherit()
		await.Reconciled(e, kube, o)
		e.delete(o)
		e.awaitGone(o)
		if n := e.carriedOut(r.Routes.Delete); n != 1 {
			e.Errorf("%d direct assignments were ended, want 1", n)
		}
		e.assertAlive(r, "as it is inherited as well", id)
	}},
}

func (e *Env) inherit() {
	e.Helper()
	e.must(e.Sim.InheritProjectRole(simulator.DefaultOrganizationID, e.Project(), e.User(), projectViewer, e.Group()))
}

func emailOfNobody(e *Env, r Row) {
	o := e.create(r, "an-object", e.with(Fields{"email": "nobody@example.com"}))
	e.awaitMessage(o, "nobody in the organization has the e-mail address \"nobody@example.com\"")
	e.delete(o)
	e.awaitGone(o)
	e.assertNoMutation("of nobody")
}

// emailChanges is a person whose e-mail address changes at OpenAI, and another person who gets the
// previous address.
func emailChanges(e *Env, r Row) {
	o, id := e.ready(r)
	e.forgetCaches()
	e.must(e.Sim.Edit(simulator.DefaultOrganizationID, "users", func(f map[string]any) { f["email"] = "lovelace@example.com" }, id))
	_, err := e.Sim.AddUser(simulator.User{Email: userEmail, Name: "Another"})
	e.must(err)
	await.Condition(e, "the new address in the status", func() (bool, string) {
		e.get(o)
		return atProvider(e, o)["email"] == "lovelace@example.com", await.State(o)
	})
	await.Reconciled(e, kube, o)
	e.awaitReady(o)
	if got := meta.GetExternalName(o); got != id {
		e.Errorf("the object has %q, want %q still: it is the same person", got, id)
	}
	e.assertNoMutation("of a person whose address changed")
}

// ruleOfAnotherParent are two rules with the same name below two parents. The list of one parent
// says nothing about the other's.
func ruleOfAnotherParent(e *Env, r Row) {
	once := first(1)
	first, id := e.ready(r)
	other := e.newProvider("another")
	e.gateway.intercept(r.Routes.Create, interception{reply: lost, matches: once})
	second := e.create(r, "another-object", e.with(Fields{"workloadIdentityProviderID": other, "name": "an-object"}))
	e.awaitReady(second)
	e.assertIntercepted(r.Routes.Create)
	secondID := meta.GetExternalName(second)
	if diff := cmp.Diff([]string{secondID}, e.rulesOf(other)); diff != "" {
		e.Errorf("rules of the other parent: -want, +got:\n%s", diff)
	}
	await.Reconciled(e, kube, first)
	e.awaitReady(first)
	e.assertAlive(r, "beside a rule of another parent", id)
	e.delete(second)
	e.awaitGone(second)
	if left := e.rulesOf(other); len(left) != 0 {
		e.Errorf("%q are left of the other parent", left)
	}
	e.assertEnds(r, first, id)
}
