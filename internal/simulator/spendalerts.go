// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A spendAlert has no time of creation.
type spendAlert struct {
	head
	spendTerms
	Channel alertChannel `json:"notification_channel"`
}

type alertChannel struct {
	Type          string   `json:"type"`
	Recipients    []string `json:"recipients"`
	SubjectPrefix *string  `json:"subject_prefix"`
}

// spendAlertOf reads the body of a create or update. They are the same: an update replaces
// everything.
func spendAlertOf(r *request, h head) (spendAlert, *apiError) {
	in, aerr := decode[struct {
		spendBody
		Channel field[struct {
			Type          field[string]   `json:"type"`
			Recipients    field[[]string] `json:"recipients"`
			SubjectPrefix field[string]   `json:"subject_prefix"`
		}] `json:"notification_channel"`
	}](r)
	channel := in.Channel.value
	aerr = firstRefusal(aerr, in.check(0), required("notification_channel", in.Channel),
		required("notification_channel.type", channel.Type), oneOf("notification_channel.type", channel.Type, "email"),
		required("notification_channel.recipients", channel.Recipients))
	a := spendAlert{head: h, spendTerms: in.terms(), Channel: alertChannel{Type: channel.Type.value, Recipients: channel.Recipients.value}}
	channel.SubjectPrefix.intoNullable(&a.Channel.SubjectPrefix)
	return a, aerr
}

var _ = register(&family[spendAlert]{
	path: "organization/projects/{project_id}/spend_alerts/{alert_id}",
	noun: "Spend alert", object: "project.spend_alert", prefix: "alert_",
	style: styleL100, parent: activeProject,

	create: func(r *request, h head) (spendAlert, *apiError) {
		a, aerr := spendAlertOf(r, h)
		return a.overLimit(r, aerr)
	},
	update: func(r *request, old spendAlert) (spendAlert, *apiError) {
		a, aerr := spendAlertOf(r, old.head)
		return a.overLimit(r, aerr)
	},
})

// overLimit is the alert after the write that it is from, which may change the spend limit of
// its project.
func (a spendAlert) overLimit(r *request, aerr *apiError) (spendAlert, *apiError) {
	limits := records[spendLimit](r.org, "projects/spend_limit", r.parents...)
	if l, there := limits.get(latest, ""); aerr == nil && there && r.server.quirks.SpendAlertSetsLimit {
		l.ThresholdAmount, l.Enforcement.Status = a.ThresholdAmount, limitInactive
		limits.put(r.server.nextChange(r.now), "", l)
	}
	return a, aerr
}
