// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// RateLimits are the numbers of a rate limit. A model has only some of them.
type RateLimits struct {
	// MaxRequestsPer1Minute is how many requests are accepted in a minute. Default: as it is.
	// Example: 60.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	MaxRequestsPer1Minute *int64 `json:"maxRequestsPer1Minute,omitempty"`

	// MaxTokensPer1Minute is how many tokens are accepted in a minute. Default: as it is.
	// Example: 100000.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	MaxTokensPer1Minute *int64 `json:"maxTokensPer1Minute,omitempty"`

	// MaxImagesPer1Minute is how many images are accepted in a minute, for models that have
	// this limit. Default: as it is. Example: 10.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	MaxImagesPer1Minute *int64 `json:"maxImagesPer1Minute,omitempty"`

	// MaxAudioMegabytesPer1Minute is how many megabytes of audio are accepted in a minute, for
	// models that have this limit. Default: as it is. Example: 20.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	MaxAudioMegabytesPer1Minute *int64 `json:"maxAudioMegabytesPer1Minute,omitempty"`

	// MaxRequestsPer1Day is how many requests are accepted in a day, for models that have this
	// limit. Default: as it is. Example: 10000.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	MaxRequestsPer1Day *int64 `json:"maxRequestsPer1Day,omitempty"`

	// Batch1DayMaxInputTokens is how many input tokens of batches are accepted in a day, for
	// models that have this limit. Default: as it is. Example: 1000000.
	// +optional
	// +kubebuilder:validation:Minimum=0
	// +kubebuilder:validation:Maximum=1000000000000
	Batch1DayMaxInputTokens *int64 `json:"batch1DayMaxInputTokens,omitempty"`
}

// ProjectRateLimitParameters are the desired state of a rate limit.
type ProjectRateLimitParameters struct {
	ProjectScoped `json:",inline"`
	RateLimits    `json:",inline"`

	// Model that is limited. It cannot be changed. Example: gpt-5.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9._:-]+$`
	// +kubebuilder:validation:XValidation:rule="self == oldSelf",message="model cannot be changed: create another ProjectRateLimit for the other model"
	Model string `json:"model"`
}

// ProjectRateLimitObservation is the state of a rate limit as OpenAI reports it. A number that
// the model does not have is left out.
type ProjectRateLimitObservation struct {
	// ID of the rate limit. Example: rl-gpt-5.
	ID string `json:"id,omitempty"`

	// Model that is limited. Example: gpt-5.
	Model string `json:"model,omitempty"`

	RateLimits `json:",inline"`

	// Inapplicable are the fields of forProvider whose limits the model does not have, so that they are
	// not applied. Example: [maxImagesPer1Minute].
	Inapplicable []string `json:"inapplicable,omitempty"`

	// ProjectID is the project of the rate limit. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=ProjectRateLimit
// +openai:kind:column=MODEL,.status.atProvider.model
// +openai:kind:column=RPM,.status.atProvider.maxRequestsPer1Minute
// +openai:kind:column=TPM,.status.atProvider.maxTokensPer1Minute
// +openai:kind:terraform=openai_project_rate_limit
//
// A ProjectRateLimit is how much of one model a project may use in a minute or a day, at most as
// much as the organization. Every project has one for each model: deleting the object leaves it
// as it is.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || has(self.spec.forProvider.maxRequestsPer1Minute) || has(self.spec.forProvider.maxTokensPer1Minute) || has(self.spec.forProvider.maxImagesPer1Minute) || has(self.spec.forProvider.maxAudioMegabytesPer1Minute) || has(self.spec.forProvider.maxRequestsPer1Day) || has(self.spec.forProvider.batch1DayMaxInputTokens)",message="spec.forProvider sets no number: set maxRequestsPer1Minute or another one, or set managementPolicies to [Observe]"
