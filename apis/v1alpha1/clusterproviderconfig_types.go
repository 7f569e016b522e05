// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// ClusterCredentials are credentials that a platform team hands to many
// namespaces.
//
// +kubebuilder:validation:XValidation:rule="self.source != 'Secret' || has(self.secretRef)",message="secretRef is required when source is Secret"
// +kubebuilder:validation:XValidation:rule="self.source != 'Environment' || has(self.env)",message="env is required when source is Environment"
// +kubebuilder:validation:XValidation:rule="self.source != 'Filesystem' || has(self.fs)",message="fs is required when source is Filesystem"
type ClusterCredentials struct {
	// Source of the OpenAI admin API key: Secret, an Environment variable of the provider's
	// pod, or a file on its Filesystem. Default: Secret. Example: Environment.
	// +optional
	// +kubebuilder:default=Secret
	// +kubebuilder:validation:Enum=Secret;Environment;Filesystem
	Source xpv2.CredentialsSource `json:"source,omitempty"`

	// SecretRef names the Secret that holds the OpenAI admin API key. Default: none;
	// required when source is Secret. Example: {namespace: crossplane-system, name:
	// openai-admin, key: OPENAI_ADMIN_KEY}.
	// +optional
	SecretRef *SecretKeyReference `json:"secretRef,omitempty"`

	// Env names the environment variable that holds the OpenAI admin API key. Default:
	// none; required when source is Environment. Example: {name: OPENAI_ADMIN_KEY}.
	// +optional
	Env *EnvironmentVariable `json:"env,omitempty"`

	// Fs names the file that holds the OpenAI admin API key. Default: none; required when
	// source is Filesystem. Example: {path: /var/run/secrets/openai/admin-key}.
	// +optional
	Fs *File `json:"fs,omitempty"`
}

// A SecretKeyReference names one key of a Secret in any namespace.
type SecretKeyReference struct {
	// Namespace of the Secret. Example: crossplane-system.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=63
	Namespace string `json:"namespace"`

	LocalSecretKeyReference `json:",inline"`
}

// An EnvironmentVariable of the provider's own process.
type EnvironmentVariable struct {
	// Name of the variable. Example: OPENAI_ADMIN_KEY.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`
}

// A File that the provider's own process can read.
type File struct {
	// Path of the file. Example: /var/run/secrets/openai/admin-key.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=4095
	Path string `json:"path"`
}

// A RequestRateLimit limits the calls with an admin key.
type RequestRateLimit struct {
	// RequestsPerMinute is the most calls per minute with the admin key, over all
	// operations, so that other programs that use the key get their share. When it is used
	// up, revocations go before creations and updates, and these before reads. Of several
	// configurations with the same admin key the lowest number holds. Default: no such
	// limit; OpenAI's own limits, which are learned from its replies, are kept anyway.
	// Example: 60.
	// +optional
	// +kubebuilder:validation:Minimum=1
	// +kubebuilder:validation:Maximum=100000
	RequestsPerMinute *int32 `json:"requestsPerMinute,omitempty"`
}

// Whether a configuration allows managed resources that belong to the organization as a whole.
const (
	OrganizationKindsDenied  = "Denied"
	OrganizationKindsAllowed = "Allowed"
)

// A ClusterProviderConfigSpec says how managed resources of many namespaces reach OpenAI,
// and which resources each may manage.
//
// +kubebuilder:validation:XValidation:rule="!has(self.organizationKinds) || self.organizationKinds != 'Allowed' || !has(self.allowedProjectIDs) || size(self.allowedProjectIDs) == 0",message="organizationKinds: Allowed cannot be combined with allowedProjectIDs, because what belongs to the organization reaches every project: remove one of them, or make another configuration for such kinds"
type ClusterProviderConfigSpec struct {
	// Credentials of the calls: an OpenAI admin API key, which is created under Settings >
	// Organization > Admin keys. Example: {source: Secret, secretRef: {namespace:
	// crossplane-system, name: openai-admin, key: OPENAI_ADMIN_KEY}}.
	Credentials ClusterCredentials `json:"credentials"`

	Scope `json:",inline"`

	// BaseURL of the OpenAI API, with its version. Default: https://api.openai.com/v1.
	// Plain http is accepted only for a loopback address. Example:
	// https://eu.api.openai.com/v1.
	// +optional
	// +kubebuilder:validation:MaxLength=512
	// +kubebuilder:validation:XValidation:rule="self.matches('^(https://[^/?#@]+|http://(localhost|127[.][0-9]+[.][0-9]+[.][0-9]+|[[]::1[]])(:[0-9]+)?)(/[^?#]*)?$')",message="baseURL must be an https URL, such as https://api.openai.com/v1; http is accepted only for a loopback address, because it would send the admin key in the clear"
	BaseURL *string `json:"baseURL,omitempty"`

	// RateLimit limits the calls with the admin key. Default: only OpenAI's own limits
	// hold, which are learned from its replies. Example: {requestsPerMinute: 60}.
	// +optional
	RateLimit *RequestRateLimit `json:"rateLimit,omitempty"`

	// AllowedNamespaces selects, by label, the namespaces whose managed resources may use
	// this configuration. Default: every namespace. An empty selector, {}, also selects
	// every namespace. What was created before a namespace was excluded can still be
	// deleted, and nothing else. Checked before any call to OpenAI. The provider needs
	// permission to get namespaces. Example: {matchLabels: {openai: allowed}}.
	// +optional
	AllowedNamespaces *NamespaceSelector `json:"allowedNamespaces,omitempty"`

	// AllowedProjectIDs lists the projects that managed resources may use through this
	// configuration; new projects cannot be created through it then. Every project that a
	// resource names is checked, whether its ID is in the spec or comes from a reference.
	// What was created before a project was removed from the list can still be deleted, and
	// nothing else. Default: every project that the admin key can reach. Checked before any
	// call to OpenAI. Example: [proj_abc123].
	// +optional
	// +listType=set
	// +kubebuilder:validation:MaxItems=1000
	// +kubebuilder:validation:items:MaxLength=128
	AllowedProjectIDs []string `json:"allowedProjectIDs,omitempty"`

	// OrganizationKinds says whether this configuration allows managed resources that
	// belong to the organization as a whole, such as users, groups, roles and certificates:
	// Denied or Allowed. They reach every project, so that Allowed cannot be combined with
	// allowedProjectIDs. Projects and what is in them are governed by allowedProjectIDs
	// alone, and a ProviderConfig always allows both. Default: Denied. Example: Allowed.
	// +optional
	// +kubebuilder:default=Denied
	// +kubebuilder:validation:Enum=Denied;Allowed
	OrganizationKinds string `json:"organizationKinds,omitempty"`
}

// A ClusterProviderConfig holds the admin credentials that managed resources of
// many namespaces reach OpenAI with. Managed resources that name no
// configuration use the one called "default". The name of a configuration has at most
// 63 characters.
//
// +kubebuilder:validation:XValidation:rule="oldSelf.hasValue() || self.metadata.name.size() <= 63",optionalOldSelf=true,message="metadata.name has more than 63 characters, and what uses a configuration carries its name as the value of a label, which has no more: choose a shorter name"
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:printcolumn:name="SOURCE",type="string",JSONPath=".spec.credentials.source"
// +kubebuilder:printcolumn:name="SECRET-NAME",type="string",JSONPath=".spec.credentials.secretRef.name",priority=1
// +kubebuilder:printcolumn:name="ORGANIZATION",type="string",JSONPath=".status.organizationID",priority=1
// +kubebuilder:printcolumn:name="USERS",type="integer",JSONPath=".status.users"
// +kubebuilder:printcolumn:name="AGE",type="date",JSONPath=".metadata.creationTimestamp"
// +kubebuilder:resource:scope=Cluster,categories={crossplane,openai}
type ClusterProviderConfig struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   ClusterProviderConfigSpec `json:"spec"`
	Status ProviderConfigStatus      `json:"status,omitempty"`
}

// +kubebuilder:object:root=true

// ClusterProviderConfigList is a list of ClusterProviderConfigs.
type ClusterProviderConfigList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []ClusterProviderConfig `json:"items"`
}
