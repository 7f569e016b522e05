// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// +openai:kind=SpendLimit
// +openai:kind:friendly=Spend limit
// +openai:kind:column=STATUS,.status.atProvider.enforcementStatus
// +openai:kind:terraform=-: it is for tests
//
// A SpendLimit is a thing that a project has at most one of, which has no ID of its own. It can be
// deleted.

// SpendLimitParameters are the desired state of a spend limit.
type SpendLimitParameters struct {
	v1alpha1.ProjectScoped `json:",inline"`

	// ThresholdAmount is what may be spent in a month, in US cents. Example: 10000.
	// +kubebuilder:validation:Minimum=1
	ThresholdAmount int64 `json:"thresholdAmount"`
}

// SpendLimitObservation is the state of a spend limit that OpenAI reports.
type SpendLimitObservation struct {
	// ThresholdAmount is what may be spent in a month, in US cents.
	ThresholdAmount int64 `json:"thresholdAmount,omitempty"`

	// EnforcementStatus is inactive or enforcing.
	EnforcementStatus string `json:"enforcementStatus,omitempty"`

	// ProjectID is the project of the limit.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=DataRetention
// +openai:kind:friendly=Data retention
// +openai:kind:terraform=-: it is for tests
//
// A DataRetention is a thing that every project has one of: it can neither be created nor deleted.

// DataRetentionParameters are the desired state of the data retention of a project.
type DataRetentionParameters struct {
	v1alpha1.ProjectScoped `json:",inline"`

	// RetentionType says what OpenAI keeps. Example: zero_data_retention.
	// +kubebuilder:validation:Enum=organization_default;zero_data_retention;modified_abuse_monitoring
	RetentionType string `json:"retentionType"`
}

// DataRetentionObservation is the state of the data retention that OpenAI reports.
type DataRetentionObservation struct {
	// RetentionType says what OpenAI keeps.
	RetentionType string `json:"retentionType,omitempty"`

	// ProjectID is the project that the data is of.
	ProjectID string `json:"projectID,omitempty"`
}
