// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Scope is what every kind of provider configuration says about the organization and the
// project of its managed resources.
type Scope struct {
	// OrganizationID is the OpenAI organization of the calls, sent as the
	// OpenAI-Organization header. Default: the organization that the admin key belongs to.
	// Example: org-abc123. Find it under Settings > Organization > General.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	OrganizationID *string `json:"organizationID,omitempty"`

	// DefaultProjectID is the project of managed resources that name none. Default: none;
	// such resources must then name their project. Example: proj_abc123. The Default
	// project of an organization cannot hold service accounts.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	DefaultProjectID *string `json:"defaultProjectID,omitempty"`
}

// NamespacedCredentials are the credentials of a ProviderConfig. They are in its own
// namespace, so that no tenant can use another's.
type NamespacedCredentials struct {
	// SecretRef names the Secret, in the ProviderConfig's own namespace, that holds the
	// OpenAI admin API key. Use a ClusterProviderConfig to read a Secret of another
	// namespace. Example: {name: openai-admin, key: OPENAI_ADMIN_KEY}.
	SecretRef LocalSecretKeyReference `json:"secretRef"`
}

// A LocalSecretKeyReference names one key of a Secret in the same namespace.
type LocalSecretKeyReference struct {
	// Name of the Secret. Example: openai-admin.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`

	// Key of the Secret's data. Example: OPENAI_ADMIN_KEY.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Key string `json:"key"`
}

// A ProviderConfigSpec says how the managed resources of one namespace reach OpenAI.
type ProviderConfigSpec struct {
	// Credentials of the calls: an OpenAI admin API key, which is created under Settings >
	// Organization > Admin keys. Example: {secretRef: {name: openai-admin, key:
	// OPENAI_ADMIN_KEY}}.
	Credentials NamespacedCredentials `json:"credentials"`

	Scope `json:",inline"`
}

// A ProviderConfigStatus says how many managed resources use a configuration, and which
// organization they belong to.
type ProviderConfigStatus struct {
	xpv2.ProviderConfigStatus `json:",inline"`

	ObservedOrganization `json:",inline"`
}

// An ObservedOrganization is the organization that a configuration was last used with. Only
// the provider writes it.
type ObservedOrganization struct {
	// OrganizationID is the organization that OpenAI's replies named when the configuration
	// was last used with a new admin key, base URL or organizationID. While an admin key of
	// another organization is found, nothing is created, changed or deleted, and nothing
	// counts as deleted. Empty: the replies name none. Example: org-abc123.
	// +optional
	OrganizationID string `json:"organizationID,omitempty"`

	// KnownProjectID is a project of the organization, which identifies the organization
	// where OpenAI's replies do not name it, as behind a gateway that removes their
	// headers. Empty: the replies name it. Example: proj_abc123.
	// +optional
	KnownProjectID string `json:"knownProjectID,omitempty"`

	// CredentialFingerprint identifies the admin key, the base URL and the organizationID
	// with which the organization was observed; it changes with any of them. It reveals
	// neither the admin key nor whether another configuration has the same one. Empty: none
	// was used yet. Example: 3f786850e387.
	// +optional
	CredentialFingerprint string `json:"credentialFingerprint,omitempty"`
}

// A ProviderConfig holds the admin credentials that the managed resources of its
// own namespace reach OpenAI with. Its name has at most 63 characters.
//
// +kubebuilder:validation:XValidation:rule="oldSelf.hasValue() || self.metadata.name.size() <= 63",optionalOldSelf=true,message="metadata.name has more than 63 characters, and what uses a configuration carries its name as the value of a label, which has no more: choose a shorter name"
// +kubebuilder:object:root=true
// +kubebuilder:subresource:status
// +kubebuilder:printcolumn:name="SECRET-NAME",type="string",JSONPath=".spec.credentials.secretRef.name"
// +kubebuilder:printcolumn:name="ORGANIZATION",type="string",JSONPath=".status.organizationID",priority=1
// +kubebuilder:printcolumn:name="USERS",type="integer",JSONPath=".status.users"
// +kubebuilder:printcolumn:name="AGE",type="date",JSONPath=".metadata.creationTimestamp"
// +kubebuilder:resource:scope=Namespaced,categories={crossplane,openai}
type ProviderConfig struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	Spec   ProviderConfigSpec   `json:"spec"`
	Status ProviderConfigStatus `json:"status,omitempty"`
}

// +kubebuilder:object:root=true

// ProviderConfigList is a list of ProviderConfigs.
type ProviderConfigList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []ProviderConfig `json:"items"`
}

// +kubebuilder:object:root=true

// A ProviderConfigUsage records that a managed resource uses a ProviderConfig or
// ClusterProviderConfig, which therefore cannot be deleted yet.
//
// +kubebuilder:validation:XValidation:rule="(oldSelf.hasValue() && oldSelf.value().providerConfigRef == self.providerConfigRef) || (self.providerConfigRef.name.size() <= 253 && self.providerConfigRef.kind.size() <= 63)",optionalOldSelf=true,message="providerConfigRef has a name of more than 253 characters or a kind of more than 63, which no configuration has: leave usages to the provider",fieldPath=".providerConfigRef"
// +kubebuilder:validation:XValidation:rule="(oldSelf.hasValue() && oldSelf.value().resourceRef == self.resourceRef) || (self.resourceRef.name.size() <= 253 && self.resourceRef.kind.size() <= 63 && self.resourceRef.apiVersion.size() <= 317 && (!has(self.resourceRef.uid) || self.resourceRef.uid.size() <= 128))",optionalOldSelf=true,message="resourceRef has a name, kind, apiVersion or uid that is longer than that of any object: leave usages to the provider",fieldPath=".resourceRef"
// +kubebuilder:printcolumn:name="CONFIG-KIND",type="string",JSONPath=".providerConfigRef.kind"
// +kubebuilder:printcolumn:name="CONFIG-NAME",type="string",JSONPath=".providerConfigRef.name"
// +kubebuilder:printcolumn:name="RESOURCE-KIND",type="string",JSONPath=".resourceRef.kind"
// +kubebuilder:printcolumn:name="RESOURCE-NAME",type="string",JSONPath=".resourceRef.name"
// +kubebuilder:printcolumn:name="AGE",type="date",JSONPath=".metadata.creationTimestamp"
// +kubebuilder:resource:scope=Namespaced,categories={crossplane,provider,openai}
type ProviderConfigUsage struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`

	xpv2.TypedProviderConfigUsage `json:",inline"`
}

// +kubebuilder:object:root=true

// ProviderConfigUsageList is a list of ProviderConfigUsages.
type ProviderConfigUsageList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []ProviderConfigUsage `json:"items"`
}
