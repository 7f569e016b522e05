// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// An AttributeTransformation derives an attribute, which federation rules can match, from the
// claims of a token.
type AttributeTransformation struct {
	// Attribute is the name that rules match. Example: repository.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=256
	Attribute string `json:"attribute"`

	// Expression is CEL over the claims, which are called assertion. Example:
	// assertion.repository.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=4096
	Expression string `json:"expression"`
}

// An ObservedTransformation is an attribute transformation as OpenAI reports it.
type ObservedTransformation struct {
	// Attribute is the name that rules match. Example: repository.
	Attribute string `json:"attribute"`

	// Expression is CEL over the claims. Example: assertion.repository.
	Expression string `json:"expression"`
}

// ThisCluster are the settings of a provider that trusts the cluster it is an object of.
type ThisCluster struct {
	// RetireKeysAfter is how long OpenAI keeps a signing key that this cluster does not publish
	// any more, in hours (h), minutes (m) and seconds (s), from 10s to 8760h. Tokens signed
	// with it are accepted so long, at most: it must exceed the life of tokens. Default: 24h.
	// Example: 48h.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^([0-9]+(\.[0-9]+)?(h|m|s))+$`
	// +kubebuilder:validation:XValidation:rule="duration(self) >= duration('10s') && duration(self) <= duration('8760h')",message="retireKeysAfter must be from 10s to 8760h"
	RetireKeysAfter *metav1.Duration `json:"retireKeysAfter,omitempty"`

	// ReplaceOtherCluster is true if this cluster replaces the one that a provider trusts which
	// this object did not create: its issuer and keys are replaced, and the tokens of the other
	// cluster are refused from then on. Without it,
	// a copy of the object in a second cluster changes nothing. Default: false. Example: true.
	// +optional
	ReplaceOtherCluster *bool `json:"replaceOtherCluster,omitempty"`
}

// DiscoveryVerification has OpenAI read the signing keys from the issuer.
type DiscoveryVerification struct {
	// URL that OpenAI reads the issuer's configuration from. It must be reachable from the
	// internet. Default: the one that follows from the issuer. Example:
	// https://oidc.eks.eu-central-1.amazonaws.com/id/ABC/.well-known/openid-configuration.
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^https://[^\s]+$`
	URL *string `json:"url,omitempty"`
}

// A LocalConfigMapKeyReference names an entry of a ConfigMap of the same namespace.
type LocalConfigMapKeyReference struct {
	// Name of the ConfigMap. Example: other-cluster-keys.
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Name string `json:"name"`

	// Key of the entry. Default: jwks.json. Example: keys.json.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=253
	Key *string `json:"key,omitempty"`
}

// UploadedJWKS are signing keys that are uploaded as they are given.
//
// +kubebuilder:validation:XValidation:rule="has(self.inline) != has(self.configMapKeyRef)",message="set exactly one of inline and configMapKeyRef"
type UploadedJWKS struct {
	// Inline is the JSON Web Key Set of the issuer, with public keys only, each with a kid of
	// its own. Default: none. Example: '{"keys": [{"kty": "EC", "kid": "a", "crv": "P-256", "x":
	// "…", "y": "…"}]}'.
	// +optional
	// +kubebuilder:validation:MinLength=2
	// +kubebuilder:validation:MaxLength=65536
	// +kubebuilder:validation:XValidation:rule="!self.matches('\"(d|p|q|dp|dq|qi|k|oth)\"\\\\s*:')",message="inline has a private key: replace that key, which everybody who may read this object has seen, and give only public keys"
	Inline *string `json:"inline,omitempty"`

	// ConfigMapKeyRef names an entry of a ConfigMap of the same namespace that holds the key set.
	// It is read at each poll. Default: none. Example: {name: other-cluster-keys}.
	// +optional
	ConfigMapKeyRef *LocalConfigMapKeyReference `json:"configMapKeyRef,omitempty"`
}

// Verification says where the keys come from that verify tokens.
//
// +kubebuilder:validation:XValidation:rule="[has(self.thisCluster), has(self.discovery), has(self.uploadedJWKS)].filter(x, x).size() == 1",message="set exactly one of thisCluster, discovery and uploadedJWKS"
type Verification struct {
	// ThisCluster trusts the ServiceAccount tokens of this cluster: issuer and keys are those
	// of its API server, and uploaded whenever they change. OpenAI needs no access to the
	// cluster. Default: none. Example: {}.
	// +optional
	ThisCluster *ThisCluster `json:"thisCluster,omitempty"`

	// Discovery has OpenAI read the keys from the issuer, which must be reachable from the
	// internet, as those of EKS, GKE and AKS are. Default: none. Example: {}.
	// +optional
	Discovery *DiscoveryVerification `json:"discovery,omitempty"`

	// UploadedJWKS are the keys of another issuer, such as another cluster. Default: none.
	// Example: {configMapKeyRef: {name: other-cluster-keys}}.
	// +optional
	UploadedJWKS *UploadedJWKS `json:"uploadedJWKS,omitempty"`
}

// WorkloadIdentityProviderParameters are the desired state of a workload identity provider.
//
// +kubebuilder:validation:XValidation:rule="!has(self.issuer) || !has(self.audience) || self.issuer != self.audience",message="audience is the issuer, which an API server accepts as an audience by default: whoever gets such a token could use the cluster; choose one such as openai, here and in the pods"
// +kubebuilder:validation:XValidation:rule="!has(self.verification) || has(self.verification.thisCluster) != has(self.issuer)",message="set issuer, unless verification is thisCluster, whose issuer is the API server's own"
type WorkloadIdentityProviderParameters struct {
	OrganizationScoped `json:",inline"`
	ResourceName       `json:",inline"`

	// Description of the provider; "" removes it. Default: as it is. Example: Tokens of the
	// production cluster.
	// +optional
	// +kubebuilder:validation:MaxLength=1000
	Description *string `json:"description,omitempty"`

	// Audience that tokens must have: the one of the projected volume of the pods. It must not
	// be one that the API server accepts. Default: as it is. Example: openai.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=1024
	// +kubebuilder:validation:XValidation:rule="!self.matches('^https://kubernetes[.]default(|[.].*)$')",message="audience is the API server's own: with it, whoever gets a pod's token from OpenAI's side could use the cluster; choose one such as openai, here and in the pods"
	Audience *string `json:"audience,omitempty"`

	// Issuer of the tokens. Default: the one of the API server with verification.thisCluster.
	// Example: https://oidc.eks.eu-central-1.amazonaws.com/id/ABC.
	// +optional
	// +kubebuilder:validation:MaxLength=2048
	// +kubebuilder:validation:Pattern=`^https://[^\s]+$`
	Issuer *string `json:"issuer,omitempty"`

	// Verification says where the keys come from that verify tokens. Default: as it is.
	// Example: {thisCluster: {}}.
	// +optional
	Verification *Verification `json:"verification,omitempty"`

	// Enabled is false to have OpenAI refuse all tokens of the provider. Default: true when it
	// is created. Example: false.
	// +optional
	Enabled *bool `json:"enabled,omitempty"`

	// AttributeTransformations derive attributes from the claims of tokens, for rules to match,
	// at most 19; [] removes them. The attribute kubernetes_namespace is added to those of this cluster's
	// issuer. Default: as they are. Example: [{attribute: repository, expression:
	// assertion.repository}].
	// +optional
	// +listType=map
	// +listMapKey=attribute
	// +kubebuilder:validation:MaxItems=19
	// +kubebuilder:validation:XValidation:rule="self.all(t, !(t.attribute in ['iss', 'sub', 'aud', 'exp', 'iat', 'nbf', 'kubernetes_namespace']))",message="attributeTransformations must derive no claim that every token has, nor kubernetes_namespace, which keeps rules to their namespaces and is added where it is needed: choose another name"
	AttributeTransformations []AttributeTransformation `json:"attributeTransformations,omitzero"`
}

// A SigningKey is a public key that verifies tokens.
type SigningKey struct {
	// ID of the key: the kid of the tokens that it verifies. Example: 8F1jZkQ.
	ID string `json:"id"`

	// Thumbprint of the key (RFC 7638, SHA-256). Example:
	// NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs.
	Thumbprint string `json:"thumbprint"`

	// Since is when OpenAI was first seen to have it. Example: "2026-11-22T12:00:00Z".
	Since metav1.Time `json:"since"`

	// UnpublishedSince is when this cluster was first seen not to publish the key any more;
	// empty: it publishes it. Example: "2026-11-23T12:00:00Z".
	UnpublishedSince *metav1.Time `json:"unpublishedSince,omitempty"`

	// RetiresAt is when the key is removed from OpenAI; empty: it stays. Example:
	// "2026-11-24T12:00:00Z".
	RetiresAt *metav1.Time `json:"retiresAt,omitempty"`
}

// WorkloadIdentityProviderObservation is the state of a workload identity provider as OpenAI
// reports it.
type WorkloadIdentityProviderObservation struct {
	// ID of the provider. Example: wip_abc123.
	ID string `json:"id,omitempty"`

	// Name of the provider. Example: production.
	Name string `json:"name,omitempty"`

	// Description of the provider. Example: Tokens of the production cluster.
	Description string `json:"description,omitempty"`

	// Issuer of the tokens. Example: https://kubernetes.default.svc.cluster.local.
	Issuer string `json:"issuer,omitempty"`

	// Audience of the tokens. Example: openai.
	Audience string `json:"audience,omitempty"`

	// Enabled is false if OpenAI refuses all tokens of the provider. Example: true.
	Enabled *bool `json:"enabled,omitempty"`

	// Verification is uploaded_jwks or discovery. Example: uploaded_jwks.
	Verification string `json:"verification,omitempty"`

	// DiscoveryURL that OpenAI reads the issuer's configuration from; empty: the one that
	// follows from the issuer, or none. Example:
	// https://issuer.example.com/.well-known/openid-configuration.
	DiscoveryURL string `json:"discoveryURL,omitempty"`

	// AttributeTransformations of the provider, by attribute.
	AttributeTransformations []ObservedTransformation `json:"attributeTransformations,omitempty"`

	// Keys that were uploaded.
	Keys []SigningKey `json:"keys,omitempty"`

	// MissingKeys are the IDs of keys that this cluster publishes, and so may sign with, and
	// that OpenAI does not have: it refuses tokens signed with them. Example: [8F1jZkQ].
	MissingKeys []string `json:"missingKeys,omitempty"`

	// UnknownKeys are the IDs of keys that OpenAI has although this object uploaded none of
	// them. The next update removes them. Example: [9aBcDeF].
	UnknownKeys []string `json:"unknownKeys,omitempty"`

	// ThisCluster is true if the issuer is this cluster's, so that rules are kept to their own
	// namespaces. Example: true.
	ThisCluster bool `json:"thisCluster,omitempty"`

	// FollowedBy is the UID of the object that found keys of its cluster at OpenAI, which is this
	// one unless the object was copied. Example: 2f9b6d1e-8a3c-4f0e-9d57-0c1b2a3d4e5f.
	FollowedBy string `json:"followedBy,omitempty"`

	// CreatedAt is when the provider was created. Example: "2026-11-22T12:00:00Z".
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`

	// UpdatedAt is when the provider was changed last. Example: "2026-11-22T12:00:00Z".
	UpdatedAt *metav1.Time `json:"updatedAt,omitempty"`

	// JWKS are the uploaded keys, of which Keys is a summary.
	JWKS []byte `json:"-"`

	// TransformationsReplied reports that a reply has AttributeTransformations.
	TransformationsReplied bool `json:"-"`
}

// +openai:reference=WorkloadIdentityProvider
//
// WorkloadIdentityProviderID is the workload identity provider whose tokens are exchanged. It
// cannot be changed once set. Example: wip_abc123.

// +openai:kind=WorkloadIdentityProvider
// +openai:kind:column=ISSUER,.status.atProvider.issuer
// +openai:kind:terraform=-: no Terraform provider has workload identity
//
// A WorkloadIdentityProvider is an issuer of tokens that OpenAI trusts, such as this cluster:
// with a FederationRule, a pod exchanges the token of its ServiceAccount for access to the API,
// and needs no key. OpenAI deletes it only after its federation rules.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider) && has(self.spec.forProvider.audience) && has(self.spec.forProvider.verification))",message="spec.forProvider.audience and spec.forProvider.verification are required: set both, or set managementPolicies to [Observe]"
