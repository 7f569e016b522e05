// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// +openai:kind=RateLimit
// +openai:kind:friendly=Rate limit
// +openai:kind:column=MODEL,.status.atProvider.model
// +openai:kind:terraform=-: it is for tests
//
// A RateLimit is a thing that is only listed, and found in the list by one of its fields. It can
// neither be created nor deleted.

// RateLimitParameters are the desired state of a rate limit.
type RateLimitParameters struct {
	v1alpha1.ProjectScoped `json:",inline"`

	// Model that is limited. It cannot be changed. Example: gpt-5.2.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="model cannot be changed: create another RateLimit"
	Model string `json:"model"`

	// MaxRequestsPer1Minute is how many requests are accepted in a minute. Default: as it is.
	// Example: 60.
	// +optional
	// +kubebuilder:validation:Minimum=0
	MaxRequestsPer1Minute *int64 `json:"maxRequestsPer1Minute,omitempty"`

	// MaxTokensPer1Minute is how many tokens are accepted in a minute. Default: as it is.
	// Example: 100000.
	// +optional
	// +kubebuilder:validation:Minimum=0
	MaxTokensPer1Minute *int64 `json:"maxTokensPer1Minute,omitempty"`
}

// RateLimitObservation is the state of a rate limit that OpenAI reports.
type RateLimitObservation struct {
	// ID of the rate limit. Example: rl-gpt-5.2.
	ID string `json:"id,omitempty"`

	// Model that is limited.
	Model string `json:"model,omitempty"`

	// MaxRequestsPer1Minute is how many requests are accepted in a minute.
	MaxRequestsPer1Minute *int64 `json:"maxRequestsPer1Minute,omitempty"`

	// MaxTokensPer1Minute is how many tokens are accepted in a minute.
	MaxTokensPer1Minute *int64 `json:"maxTokensPer1Minute,omitempty"`

	// ProjectID is the project of the rate limit.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=SpendAlert
// +openai:kind:friendly=Spend alert
// +openai:kind:terraform=-: it is for tests
//
// A SpendAlert is a thing of which OpenAI does not say when it was created.

// SpendAlertParameters are the desired state of a spend alert.
type SpendAlertParameters struct {
	v1alpha1.ProjectScoped `json:",inline"`

	// ThresholdAmount is what is spent in a month when the alert is sent, in US cents. Example:
	// 5000.
	// +kubebuilder:validation:Minimum=1
	ThresholdAmount int64 `json:"thresholdAmount"`

	// Recipients are the e-mail addresses that the alert is sent to. Example: [ops@example.com].
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=320
	Recipients []string `json:"recipients"`
}

// SpendAlertObservation is the state of a spend alert that OpenAI reports.
type SpendAlertObservation struct {
	// ID of the alert. Example: alert_abc123.
	ID string `json:"id,omitempty"`

	// ThresholdAmount is what is spent in a month when the alert is sent, in US cents.
	ThresholdAmount int64 `json:"thresholdAmount,omitempty"`

	// Recipients are the e-mail addresses that the alert is sent to.
	Recipients []string `json:"recipients,omitempty"`

	// ProjectID is the project of the alert.
	ProjectID string `json:"projectID,omitempty"`
}
