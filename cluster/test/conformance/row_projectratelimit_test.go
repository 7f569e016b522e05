// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/openai/openai-go/v3"
)

var _ = register(Row{
	Kind: "ProjectRateLimit", Family: "projects/rate_limits", FromSpec: true,
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "model": "gpt-5", "maxRequestsPer1Minute": 100, "maxTokensPer1Minute": 1000}
	},
	Make:  func(*Env) string { return rateLimitID },
	Alive: func(*Env) []string { return []string{rateLimitID} },
	Changes: []Change{
		{Field: "maxRequestsPer1Minute", Want: 200, At: func(e *Env, id string) any { return rateLimitAt(e, id).MaxRequestsPer1Minute }},
		{Field: "maxTokensPer1Minute", Want: 2000, At: func(e *Env, id string) any { return rateLimitAt(e, id).MaxTokensPer1Minute }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.RateLimits.UpdateRateLimit(e.Context(), e.Project(), id, openai.AdminOrganizationProjectRateLimitUpdateRateLimitParams{MaxTokensPer1Minute: openai.Int(3000)}))
	},
	Own: rateLimitCases,
})

const rateLimitID = "rl-gpt-5"

func rateLimitAt(e *Env, id string) openai.ProjectRateLimit {
	e.Helper()
	pages := e.OpenAI.Projects.RateLimits.ListRateLimitsAutoPaging(e.Context(), e.Project(), openai.AdminOrganizationProjectRateLimitListRateLimitsParams{})
	for pages.Next() {
		if pages.Current().ID == id {
			return pages.Current()
		}
	}
	e.Fatalf("OpenAI lists no rate limit %q: %v", id, pages.Err())
	return openai.ProjectRateLimit{}
}
