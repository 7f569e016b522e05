// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var _ = register(Row{
	Kind: "SpendLimit", Family: "projects/spend_limit", FromSpec: true,
	Spec: func(e *Env, _ string) Fields { return Fields{"projectID": e.Project(), "thresholdAmount": 100} },
	Make: func(e *Env) string { e.setLimit(300); return e.Project() },
	Alive: func(e *Env) []string {
		return e.one(e.Project(), func() (any, error) { return e.OpenAI.Projects.SpendLimit.Get(e.Context(), e.Project()) })
	},
	Changes: []Change{{Field: "thresholdAmount", Want: 200, At: func(e *Env, id string) any {
		return got(e.OpenAI.Projects.SpendLimit.Get(e.Context(), id))(e).ThresholdAmount
	}}},
	Drift:  func(e *Env, _ string) { e.setLimit(400) },
	Remove: func(e *Env, id string) { e.did(e.OpenAI.Projects.SpendLimit.Delete(e.Context(), id)) },
})

func (e *Env) setLimit(cents int64) {
	e.Helper()
	e.did(e.OpenAI.Projects.SpendLimit.Update(e.Context(), e.Project(), openai.AdminOrganizationProjectSpendLimitUpdateParams{
		Currency: "USD", Interval: "month", ThresholdAmount: cents,
	}))
}

var _ = register(Row{
	Kind: "DataRetention", Family: "projects/data_retention", FromSpec: true,
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "retentionType": "zero_data_retention"}
	},
	Make:  func(e *Env) string { return e.Project() },
	Alive: func(e *Env) []string { return []string{e.Project()} },
	Changes: []Change{{Field: "retentionType", Want: "modified_abuse_monitoring", At: func(e *Env, id string) any {
		return got(e.OpenAI.Projects.DataRetention.Get(e.Context(), id))(e).Type
	}}},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.DataRetention.Update(e.Context(), id, openai.AdminOrganizationProjectDataRetentionUpdateParams{RetentionType: "none"}))
	},
})
