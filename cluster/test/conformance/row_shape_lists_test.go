// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"strings"

	"github.com/openai/openai-go/v3"
)

var _ = register(Row{
	Kind: "RateLimit", Family: "projects/rate_limits", FromSpec: true,
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

var _ = register(Row{
	Kind: "SpendAlert", Family: "projects/spend_alerts",
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "thresholdAmount": 100, "recipients": []string{alertRecipient}}
	},
	Make: func(e *Env) string { return e.newAlert(300) },
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.Projects.SpendAlerts.ListAutoPaging(e.Context(), e.Project(), openai.AdminOrganizationProjectSpendAlertListParams{}),
			func(a openai.ProjectSpendAlert) string { return a.ID })
	},
	Changes: []Change{
		{Field: "thresholdAmount", Want: 200, At: func(e *Env, id string) any { return alertAt(e, id).ThresholdAmount }},
		{Field: "recipients", Want: []string{"b@example.com", "c@example.com"}, At: func(e *Env, id string) any { return alertAt(e, id).NotificationChannel.Recipients }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.SpendAlerts.Update(e.Context(), e.Project(), id, openai.AdminOrganizationProjectSpendAlertUpdateParams{
			Currency: "USD", Interval: "month", ThresholdAmount: 400,
			NotificationChannel: openai.AdminOrganizationProjectSpendAlertUpdateParamsNotificationChannel{Recipients: []string{alertRecipient}},
		}))
	},
	Remove: func(e *Env, id string) { e.did(e.OpenAI.Projects.SpendAlerts.Delete(e.Context(), e.Project(), id)) },
	Own:    []Case{{Name: "equal_one_before", Run: equalAlertBefore}},
})

const alertRecipient = "a@example.com"

func alertAt(e *Env, id string) *openai.ProjectSpendAlert {
	e.Helper()
	return got(e.OpenAI.Projects.SpendAlerts.Get(e.Context(), e.Project(), id))(e)
}

// newAlert creates an alert outside of the provider.
func (e *Env) newAlert(cents int64) (id string) {
	e.Helper()
	return got(e.OpenAI.Projects.SpendAlerts.New(e.Context(), e.Project(), openai.AdminOrganizationProjectSpendAlertNewParams{
		Currency: "USD", Interval: "month", ThresholdAmount: cents,
		NotificationChannel: openai.AdminOrganizationProjectSpendAlertNewParamsNotificationChannel{Recipients: []string{alertRecipient}},
	}))(e).ID
}

// joined is the external name of an assignment with these IDs.
func joined(ids ...string) string { return strings.Join(ids, "/") }

// parts of the external name of an assignment.
func parts(id string) (of, whom string) {
	of, whom, _ = strings.Cut(id, "/")
	return of, whom
}
