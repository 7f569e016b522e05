// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"github.com/openai/openai-go/v3"
)

var _ = register(Row{
	Kind: "ProjectSpendAlert", Family: "projects/spend_alerts",
	Spec: func(e *Env, _ string) Fields {
		return Fields{"projectID": e.Project(), "thresholdAmount": 100, "recipients": []string{alertRecipient}, "subjectPrefix": "[test]"}
	},
	Make: func(e *Env) string { return e.newAlert(300) },
	Alive: func(e *Env) []string {
		return listed(e, e.OpenAI.Projects.SpendAlerts.ListAutoPaging(e.Context(), e.Project(), openai.AdminOrganizationProjectSpendAlertListParams{}),
			func(a openai.ProjectSpendAlert) string { return a.ID })
	},
	Changes: []Change{
		{Field: "thresholdAmount", Want: 200, At: func(e *Env, id string) any { return alertAt(e, id).ThresholdAmount }},
		{Field: "recipients", Want: []string{"b@example.com", "c@example.com"}, At: func(e *Env, id string) any { return alertAt(e, id).NotificationChannel.Recipients }},
		{Field: "subjectPrefix", Want: "", At: func(e *Env, id string) any { return alertAt(e, id).NotificationChannel.SubjectPrefix }},
	},
	Drift: func(e *Env, id string) {
		e.did(e.OpenAI.Projects.SpendAlerts.Update(e.Context(), e.Project(), id, openai.AdminOrganizationProjectSpendAlertUpdateParams{
			Currency: "USD", Interval: "month", ThresholdAmount: 400,
			NotificationChannel: openai.AdminOrganizationProjectSpendAlertUpdateParamsNotificationChannel{Recipients: []string{alertRecipient}},
		}))
	},
	Remove: func(e *Env, id string) { e.did(e.OpenAI.Projects.SpendAlerts.Delete(e.Context(), e.Project(), id)) },
	Own:    append([]Case{{Name: "equal_one_before", Run: equalAlertBefore}}, spendLimitCases...),
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
		NotificationChannel: openai.AdminOrganizationProjectSpendAlertNewParamsNotificationChannel{Recipients: []string{alertRecipient}, SubjectPrefix: openai.String("[test]")},
	}))(e).ID
}
