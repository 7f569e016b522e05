// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ProjectSpendLimitParameters are the desired state of a project's spend limit.
type ProjectSpendLimitParameters struct {
	ProjectScoped `json:",inline"`
	SpendTerms    `json:",inline"`

	// ThresholdAmount is what the project may spend in an interval, in US cents: 50000 is
	// $500. Required, unless managementPolicies only observe. Example: 50000.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=1000000000000
	ThresholdAmount *int64 `json:"thresholdAmount,omitempty"`
}

// ProjectSpendLimitObservation is the state of a project's spend limit as OpenAI reports it.
type ProjectSpendLimitObservation struct {
	ObservedSpend `json:",inline"`

	// EnforcementStatus is inactive below the limit, and enforcing once it is reached: OpenAI
	// then refuses the project's API calls. Example: inactive.
	EnforcementStatus string `json:"enforcementStatus,omitempty"`

	// ProjectID is the project of the limit. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=ProjectSpendLimit
// +openai:kind:column=USD,.status.atProvider.thresholdUSD
// +openai:kind:column=ENFORCEMENT,.status.atProvider.enforcementStatus
// +openai:kind:terraform=openai_project_spend_limit
//
// A ProjectSpendLimit is the hard monthly limit of a project's spending: once it is reached,
// OpenAI refuses the project's API calls with 429, after a delay. Deleting the object removes the
// limit, so that calls are accepted again.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider) && has(self.spec.forProvider.thresholdAmount))",message="spec.forProvider.thresholdAmount is required: set it in US cents, such as 50000 for $500, or set managementPolicies to [Observe]"
