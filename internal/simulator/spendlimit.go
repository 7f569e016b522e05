// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

// A spendLimit is the hard limit of the spending of a project. There is none until it is
// set.
type spendLimit struct {
	head
	spendTerms
	Enforcement enforcementJSON `json:"enforcement"`
}

// An enforcementJSON says whether the limit has been reached.
type enforcementJSON struct {
	Status string `json:"status"`
}

const limitInactive = "inactive"

// spendTerms are the common fields of limits and alerts. The amount is in US cents.
type spendTerms struct {
	ThresholdAmount int64  `json:"threshold_amount"`
	Currency        string `json:"currency"`
	Interval        string `json:"interval"`
}

// A spendBody is the body for spendTerms, all of which are required.
type spendBody struct {
	ThresholdAmount field[int64]  `json:"threshold_amount"`
	Currency        field[string] `json:"currency"`
	Interval        field[string] `json:"interval"`
}

func (b spendBody) check(minimum int64) *apiError {
	if aerr := firstRefusal(required("threshold_amount", b.ThresholdAmount),
		required("currency", b.Currency), oneOf("currency", b.Currency, "USD"),
		required("interval", b.Interval), oneOf("interval", b.Interval, "month")); aerr != nil {
		return aerr
	}
	if b.ThresholdAmount.value < minimum {
		return invalidValue("threshold_amount", "%d is less than %d", b.ThresholdAmount.value, minimum)
	}
	return nil
}

func (b spendBody) terms() spendTerms {
	return spendTerms{ThresholdAmount: b.ThresholdAmount.value, Currency: b.Currency.value, Interval: b.Interval.value}
}

var _ = register(&family[spendLimit]{
	path: "organization/projects/{project_id}/spend_limit",
	noun: "Spend limit", object: "project.spend_limit", parent: activeProject,

	create: func(r *request, h head) (spendLimit, *apiError) {
		in, aerr := decode[spendBody](r)
		return spendLimit{head: h, spendTerms: in.terms(), Enforcement: enforcementJSON{Status: limitInactive}},
			firstRefusal(aerr, in.check(1))
	},
})
