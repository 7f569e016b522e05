// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// An AttributeMatcher is the value that a claim of a token, or an attribute derived from its
// claims, must have.
type AttributeMatcher struct {
	// Attribute is the name of the claim or derived attribute. Example: repository.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Attribute string `json:"attribute"`

	// String that the attribute must equal. Default: none. Example: acme/checkout.
	// +optional
	// +kubebuilder:validation:MaxLength=1000
	String *string `json:"string,omitempty"`

	// Boolean that the attribute must equal. Default: none. Example: true.
	// +optional
	Boolean *bool `json:"boolean,omitempty"`

	// Integer that the attribute must equal. Default: none. Example: 42.
	// +optional
	Integer *int64 `json:"integer,omitempty"`
}

// An ObservedMatcher is an attribute matcher as OpenAI reports it. It has no value if that is no
// text, boolean or whole number.
type ObservedMatcher struct {
	// Attribute is the name of the claim or derived attribute. Example: repository.
	Attribute string `json:"attribute"`

	// String that the attribute must equal. Example: acme/checkout.
	String *string `json:"string,omitempty"`

	// Boolean that the attribute must equal. Example: true.
	Boolean *bool `json:"boolean,omitempty"`

	// Integer that the attribute must equal. Example: 42.
	Integer *int64 `json:"integer,omitempty"`
}

// A FederationRuleSubject says whose tokens a rule accepts.
//
// +kubebuilder:validation:XValidation:rule="[has(self.kubernetesServiceAccount), has(self.kubernetesNamespace), has(self.attributeMatchers)].filter(x, x).size() == 1",message="set exactly one of kubernetesServiceAccount, kubernetesNamespace and attributeMatchers"
type FederationRuleSubject struct {
	// KubernetesServiceAccount is the name of a ServiceAccount of the object's own namespace,
	// whose pods may exchange their tokens. Default: none. Example: checkout.
	// +optional
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
	KubernetesServiceAccount *string `json:"kubernetesServiceAccount,omitempty"`

	// KubernetesNamespace is true to accept every ServiceAccount of the object's own namespace.
	// Default: none. Example: true.
	// +optional
	// +kubebuilder:validation:XValidation:rule="self",message="kubernetesNamespace can only be true: leave it out, and set kubernetesServiceAccount or attributeMatchers"
	KubernetesNamespace *bool `json:"kubernetesNamespace,omitempty"`

	// AttributeMatchers accept tokens all of whose attributes match, at most 19. On a
	// provider of this cluster's issuer, the object's own namespace is added to them. Values
	// are compared as they are: do not rely on wildcards. Default: none. Example:
	// [{attribute: repository, string: acme/checkout}].
	// +optional
	// +listType=map
	// +listMapKey=attribute
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=19
	// +kubebuilder:validation:XValidation:rule="self.all(m, [has(m.string), has(m.boolean), has(m.integer)].filter(x, x).size() == 1)",message="each of attributeMatchers must have exactly one of string, boolean and integer"
	AttributeMatchers []AttributeMatcher `json:"attributeMatchers,omitempty"`
}

// FederationRuleParameters are the desired state of a federation rule.
type FederationRuleParameters struct {
	ProjectScoped                  `json:",inline"`
	WorkloadIdentityProviderMember `json:",inline"`
	ProjectServiceAccountMember    `json:",inline"`
	ResourceName                   `json:",inline"`

	// Description of the rule; "" removes it. Default: as it is. Example: Pods of the shop.
	// +optional
	// +kubebuilder:validation:MaxLength=1000
	Description *string `json:"description,omitempty"`

	// Subject says whose tokens the rule accepts. Default: as it is. Example:
	// {kubernetesServiceAccount: checkout}.
	// +optional
	Subject *FederationRuleSubject `json:"subject,omitempty"`

	// Scopes restrict what the tokens allow, by OpenAI's identifiers; [] removes the
	// restriction. Default: all that the service account may do when the rule is created.
	// Example: [api.responses.write].
	// +optional
	// +listType=atomic
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=128
	// +kubebuilder:validation:items:XValidation:rule="self.matches('^[A-Za-z0-9._:-]+$')",message="a scope consists of letters, digits, dots, colons, hyphens and underscores: correct it"
	Scopes []string `json:"scopes,omitzero"`

	// Enabled is false to have OpenAI refuse tokens by this rule. Default: true when it is
	// created. Example: false.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`
}

// FederationRuleObservation is the state of a federation rule as OpenAI reports it.
type FederationRuleObservation struct {
	// ID of the rule. Example: wifr_abc123.
	ID string `json:"id,omitempty"`

	// Name of the rule. Example: checkout.
	Name string `json:"name,omitempty"`

	// Description of the rule. Example: Pods of the shop.
	Description string `json:"description,omitempty"`

	// AttributeMatchers of the rule, by attribute.
	AttributeMatchers []ObservedMatcher `json:"attributeMatchers,omitempty"`

	// Scopes that restrict what the tokens allow, sorted; empty: all that the service account
	// may do. Example: [api.responses.write].
	Scopes []string `json:"scopes,omitempty"`

	// Permissions is service_account_default or restricted. Example: restricted.
	Permissions string `json:"permissions,omitempty"`

	// Enabled is false if OpenAI refuses tokens by this rule. Example: true.
	Enabled *bool `json:"enabled,omitempty"`

	// WorkloadIdentityProviderID is the provider of the rule. Example: wip_abc123.
	WorkloadIdentityProviderID string `json:"workloadIdentityProviderID,omitempty"`

	// ServiceAccountID is the service account that tokens are exchanged for. Example:
	// user-abc123.
	ServiceAccountID string `json:"serviceAccountID,omitempty"`

	// ProjectID is the project of the service account. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`

	// ConfigMap that was written last. Example: checkout-openai.
	ConfigMap string `json:"configMap,omitempty"`

	// CreatedAt is when the rule was created. Example: "2026-11-22T12:00:00Z".
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`

	// UpdatedAt is when the rule was changed last. Example: "2026-11-22T12:00:00Z".
	UpdatedAt *metav1.Time `json:"updatedAt,omitempty"`
}

// A ConfigMapTarget is the ConfigMap that pods read.
type ConfigMapTarget struct {
	// Name of the ConfigMap, in the object's namespace. One that exists already must belong to
	// this object. Example: checkout-openai.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	// +kubebuilder:validation:Pattern=`^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$`
	Name string `json:"name"`

	// TokenFile is where the pods mount their token: the value of OPENAI_IDENTITY_TOKEN_FILE.
	// Default: /var/run/secrets/openai/token. Example: /var/run/secrets/tokens/openai.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	// +kubebuilder:validation:XValidation:rule="self.startsWith('/') && !self.contains('//') && !self.contains('/.')",message="tokenFile must be an absolute path without // and ..: write it out"
	// +kubebuilder:validation:XValidation:rule="!self.contains('secrets/kubernetes.io')",message="tokenFile is where Kubernetes mounts the token that opens the API server, which OpenAI must not be given: project one with an audience of its own elsewhere"
	TokenFile *string `json:"tokenFile,omitempty"`
}

// A FederationRuleSpec is the desired state of a FederationRule.
type FederationRuleSpec struct {
	xpv2.ManagedResourceSpec `json:",inline"`
	SpecBounds               `json:",inline"`

	// WriteConfigMapToReference names the ConfigMap that is written with what pods need to
	// exchange tokens, none of which is secret: OPENAI_IDENTITY_PROVIDER_ID,
	// OPENAI_SERVICE_ACCOUNT_ID and OPENAI_IDENTITY_TOKEN_FILE, and OPENAI_BASE_URL if it is not
	// OpenAI's default. Default: none is written. Example: {name: checkout-openai}.
	// +optional
	WriteConfigMapToReference *ConfigMapTarget `json:"writeConfigMapToRef,omitempty"`

	// ForProvider is the desired state of the federation rule at OpenAI. Example:
	// {workloadIdentityProviderIDRef: {name: this-cluster, namespace: platform}, projectIDRef:
	// {name: checkout}, serviceAccountIDRef: {name: checkout}, subject:
	// {kubernetesServiceAccount: checkout}}.
	ForProvider FederationRuleParameters `json:"forProvider"`
}

// +openai:reference=ProjectServiceAccount,follow,optional
//
// ServiceAccountID is the service account that tokens are exchanged for. It cannot be changed
// once set; an ID that came from a reference or selector changes when the other object replaces
// its service account. Example: user-abc123.

// +openai:kind=FederationRule
// +openai:kind:column=ACCOUNT,.status.atProvider.serviceAccountID
// +openai:kind:column=PROVIDER,.status.atProvider.workloadIdentityProviderID
// +openai:kind:terraform=-: no Terraform provider has workload identity
//
// A FederationRule lets workloads act as a service account without a key: pods whose token a
// WorkloadIdentityProvider trusts and whose ServiceAccount the rule names. Each service account
// has at most one rule for each provider.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider.subject) && (has(self.spec.forProvider.serviceAccountID) || has(self.spec.forProvider.serviceAccountIDRef) || has(self.spec.forProvider.serviceAccountIDSelector)))",message="spec.forProvider.subject and one of serviceAccountID, serviceAccountIDRef and serviceAccountIDSelector are required: set them, or set managementPolicies to [Observe]"
