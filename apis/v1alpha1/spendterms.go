// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// SpendTerms are how the amount of a spend limit or alert counts. OpenAI knows one value of each
// so far.
type SpendTerms struct {
	// Currency of the amount. Default: USD, which is the only one. Example: USD.
	// +optional
	// +kubebuilder:validation:Enum=USD
	Currency *string `json:"currency,omitempty"`

	// Interval in which spending is added up. Default: month, a calendar month, which is the only
	// one. Example: month.
	// +optional
	// +kubebuilder:validation:Enum=month
	Interval *string `json:"interval,omitempty"`
}

// ObservedSpend is the amount of a spend limit or alert as OpenAI reports it.
type ObservedSpend struct {
	// ThresholdAmount in US cents. Example: 50000.
	ThresholdAmount int64 `json:"thresholdAmount,omitempty"`

	// ThresholdUSD is the same amount in US dollars. Example: "500.00".
	ThresholdUSD string `json:"thresholdUSD,omitempty"`

	// Currency of the amount. Example: USD.
	Currency string `json:"currency,omitempty"`

	// Interval in which spending is added up. Example: month.
	Interval string `json:"interval,omitempty"`
}
