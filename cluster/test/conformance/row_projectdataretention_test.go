// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import "github.com/openai/openai-go/v3"

var _ = register(Row{
	Kind: "ProjectDataRetention", Family: "projects/data_retention", FromSpec: true,
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
	Own: []Case{{Name: "left_is_told", Run: func(e *Env, r Row) {
		o, id := e.ready(r)
		e.assertEnds(r, o, id)
		e.awaitEvent("Orphaned", "no call to delete it")
	}}},
})
