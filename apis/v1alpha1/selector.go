// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// A NamespacedSelector selects an object to refer to. It is Crossplane's type with limits,
// without which the API server could not validate rules that compare selectors.
type NamespacedSelector struct {
	// MatchLabels selects objects that have all of these labels. At most 16, with names of
	// at most 317 characters and values of at most 63. Default: objects with any labels.
	// Example: {team: checkout}.
	// +optional
	// +kubebuilder:validation:MaxProperties=16
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.size() <= 317 && self[k].size() <= 63)",message="matchLabels has a name of more than 317 characters or a value of more than 63, which no label has: correct it"
	MatchLabels map[string]string `json:"matchLabels,omitempty"`

	// MatchControllerRef selects objects that have the same controller as this one, such
	// as the same composite resource. Default: false. Example: true.
	// +optional
	MatchControllerRef *bool `json:"matchControllerRef,omitempty"`

	// Policy of the selection: whether it may stay unresolved. Default: it may not.
	// Example: {resolution: Optional}.
	// +optional
	Policy *xpv2.Policy `json:"policy,omitempty"`

	// Namespace of the selected object. Default: the object's own. Example: platform.
	// +optional
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace,omitempty"`
}

// A NamespaceSelector selects namespaces by their labels. It is Kubernetes' label selector
// with limits, without which a configuration could fill etcd.
//
// +structType=atomic
type NamespaceSelector struct {
	// MatchLabels selects namespaces that have all of these labels. At most 64, with names
	// of at most 317 characters and values of at most 63. Default: namespaces with any
	// labels. Example: {openai: allowed}.
	// +optional
	// +kubebuilder:validation:MaxProperties=64
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.size() <= 317 && self[k].size() <= 63)",message="matchLabels has a name of more than 317 characters or a value of more than 63, which no label has: correct it"
	MatchLabels map[string]string `json:"matchLabels,omitempty"`

	// MatchExpressions selects namespaces that meet all of these requirements. At most 64.
	// Default: none. Example: [{key: env, operator: In, values: [prod]}].
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=64
	MatchExpressions []LabelRequirement `json:"matchExpressions,omitempty"`
}

// A LabelRequirement is a requirement for the value of one label.
type LabelRequirement struct {
	// Key is the name of the label. Example: kubernetes.io/metadata.name.
	// +kubebuilder:validation:MaxLength=317
	Key string `json:"key"`

	// Operator relates the label to the values: In, NotIn, Exists or DoesNotExist. Example:
	// In.
	// +kubebuilder:validation:Enum=In;NotIn;Exists;DoesNotExist
	Operator metav1.LabelSelectorOperator `json:"operator"`

	// Values of the label for In and NotIn, which need at least one; at most 1000. The
	// other operators take none. Default: none. Example: [team-a, team-b].
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=1000
	// +kubebuilder:validation:items:MaxLength=63
	Values []string `json:"values,omitempty"`
}

// LabelSelector returns the selector as Kubernetes' own type.
func (s *NamespaceSelector) LabelSelector() *metav1.LabelSelector {
	l := &metav1.LabelSelector{MatchLabels: s.MatchLabels}
	for _, r := range s.MatchExpressions {
		l.MatchExpressions = append(l.MatchExpressions, metav1.LabelSelectorRequirement(r))
	}
	return l
}
