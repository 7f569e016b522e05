// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"strings"

	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/cluster/test/await"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var projectSpendLimit = register(Row{
	Kind: "ProjectSpendLimit", Family: "projects/spend_limit", FromSpec: true,
	Spec: func(e *Env, _ string) Fields { return Fields{"projectID": e.Project(), "thresholdAmount": 100} },
	Make: func(e *Env) string { e.setLimit(300); return e.Project() },
	Alive: func(e *Env) []string {
		return e.one(e.Project(), func() (any, error) { return e.OpenAI.Projects.SpendLimit.Get(e.Context(), e.Project()) })
	},
	Changes: []Change{{Field: "thresholdAmount", Want: 200, At: func(e *Env, id string) any { return e.limitAt(id).ThresholdAmount }}},
	Drift:   func(e *Env, _ string) { e.setLimit(400) },
	Remove:  func(e *Env, id string) { e.did(e.OpenAI.Projects.SpendLimit.Delete(e.Context(), id)) },
	Own:     append(limitCases("no spend limit any more"), Case{Name: "reached", Run: limitReached}),
})

func (e *Env) limitAt(project string) *openai.ProjectSpendLimit {
	e.Helper()
	return got(e.OpenAI.Projects.SpendLimit.Get(e.Context(), project))(e)
}

func (e *Env) setLimit(cents int64) {
	e.Helper()
	e.did(e.OpenAI.Projects.SpendLimit.Update(e.Context(), e.Project(), openai.AdminOrganizationProjectSpendLimitUpdateParams{
		Currency: "USD", Interval: "month", ThresholdAmount: cents,
	}))
}

// limitReached is a limit that OpenAI enforces: the object is Ready, and says what that means.
func limitReached(e *Env, r Row) {
	o, id := e.ready(r)
	e.forgetCaches()
	e.must(e.Sim.Edit(simulator.DefaultOrganizationID, r.Family, func(f map[string]any) {
		f["enforcement"] = map[string]any{"status": "enforcing"}
	}, id))
	await.Condition(e, "a message about the limit", func() (bool, string) {
		e.get(o)
		return await.IsReady(o) && strings.Contains(await.State(o), "the limit is reached"), await.State(o)
	})
	if got := atProvider(e, o)["enforcementStatus"]; got != "enforcing" {
		e.Errorf("status.atProvider.enforcementStatus is %v, want enforcing", got)
	}
}

// endIsTold is an event for the end of something that limited what happens at OpenAI.
func endIsTold(words string) func(e *Env, r Row) {
	return func(e *Env, r Row) {
		o, id := e.ready(r)
		e.assertEnds(r, o, id)
		e.awaitEvent("LimitRemoved", words)
	}
}
