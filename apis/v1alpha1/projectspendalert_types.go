// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ProjectSpendAlertParameters are the desired state of a spend alert.
type ProjectSpendAlertParameters struct {
	ProjectScoped `json:",inline"`
	SpendTerms    `json:",inline"`

	// ThresholdAmount is the spending in an interval that the alert is sent at, in US cents:
	// 40000 is $400. Required, unless managementPolicies only observe. Example: 40000.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	ThresholdAmount *int64 `json:"thresholdAmount,omitempty"`

	// Recipients are the e-mail addresses that the alert is sent to. Required, unless
	// managementPolicies only observe. Example: [platform@example.com].
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=50
	// +kubebuilder:validation:items:MaxLength=254
	// +kubebuilder:validation:items:XValidation:rule="self.matches('^[^@ ]+@[^@ ]+$')",message="this is no e-mail address: correct it, such as to platform@example.com"
	Recipients []string `json:"recipients,omitempty"`

	// SubjectPrefix begins the subject of the e-mails. Default: none for a new alert; an
	// existing one keeps its prefix. Empty: none. Example: "[checkout]".
	// +optional
	// +kubebuilder:validation:MaxLength=100
	SubjectPrefix *string `json:"subjectPrefix,omitempty"`
}

// ProjectSpendAlertObservation is the state of a spend alert as OpenAI reports it.
type ProjectSpendAlertObservation struct {
	// ID of the alert. Example: alert_abc123.
	ID string `json:"id,omitempty"`

	ObservedSpend `json:",inline"`

	// Recipients are the e-mail addresses that the alert is sent to, sorted. Example:
	// [platform@example.com].
	Recipients []string `json:"recipients,omitempty"`

	// SubjectPrefix begins the subject of the e-mails. Example: "[checkout]".
	SubjectPrefix string `json:"subjectPrefix,omitempty"`

	// ProjectID is the project of the alert. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=ProjectSpendAlert
// +openai:kind:column=USD,.status.atProvider.thresholdUSD
// +openai:kind:terraform=openai_project_spend_alert
//
// A ProjectSpendAlert sends e-mails when the spending of a project in a month reaches an amount.
// It stops nothing: that is for a ProjectSpendLimit.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider) && has(self.spec.forProvider.thresholdAmount) && has(self.spec.forProvider.recipients))",message="spec.forProvider.thresholdAmount, in US cents, and spec.forProvider.recipients are required: set both, or set managementPolicies to [Observe]"
