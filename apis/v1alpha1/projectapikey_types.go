// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// +openai:kind=ProjectAPIKey
// +openai:kind:controller=projectapikey
// +openai:kind:column=KEY,.status.atProvider.redactedValue
// +openai:kind:column=EXPIRES,.status.atProvider.expiresAt
// +openai:kind:column=NEXT-ROTATION,.status.atProvider.nextRotation
// +openai:kind:terraform=openai_project_api_key
//
// A ProjectAPIKey is an API key of an OpenAI service account. Its value is
// written to the Secret that writeConnectionSecretToRef names, as
// OPENAI_API_KEY, and nowhere else.

// ProjectAPIKeyPermissions grant access by the permission groups of OpenAI's
// dashboard. A group that is left out is not accessible.
//
// +kubebuilder:validation:XValidation:rule="has(self.models) || has(self.modelCapabilities) || has(self.assistants) || has(self.threads) || has(self.fineTuning) || has(self.files)",message="permissions must grant at least one group, such as modelCapabilities: write; leave permissions out for full access"
type ProjectAPIKeyPermissions struct {
	// Models grants read: list the models of the organization (/v1/models). Default: no
	// access. Example: read.
	// +optional
	// +kubebuilder:validation:Enum=read
	Models string `json:"models,omitempty"`

	// ModelCapabilities grants write: create chat completions, audio, embeddings, images
	// and moderations (/v1/audio, /v1/chat/completions, /v1/embeddings, /v1/images,
	// /v1/moderations). Default: no access. Example: write.
	// +optional
	// +kubebuilder:validation:Enum=write
	ModelCapabilities string `json:"modelCapabilities,omitempty"`

	// Assistants grants read or write: create and retrieve Assistants (/v1/assistants,
	// /v1/models). Default: no access. Example: read.
	// +optional
	// +kubebuilder:validation:Enum=read;write
	Assistants string `json:"assistants,omitempty"`

	// Threads grants read or write: create and retrieve Threads, Messages and Runs
	// (/v1/threads, /v1/models). Default: no access. Example: write.
	// +optional
	// +kubebuilder:validation:Enum=read;write
	Threads string `json:"threads,omitempty"`

	// FineTuning grants read or write: create and retrieve fine-tuning jobs
	// (/v1/fine_tuning). Default: no access. Example: read.
	// +optional
	// +kubebuilder:validation:Enum=read;write
	FineTuning string `json:"fineTuning,omitempty"`

	// Files grants read or write: create and retrieve files (/v1/files). Default: no
	// access. Example: write.
	// +optional
	// +kubebuilder:validation:Enum=read;write
	Files string `json:"files,omitempty"`
}

// A ProjectAPIKeyRotation says when a key is replaced by a new one. The old key
// stays valid for the overlap.
//
// +kubebuilder:validation:XValidation:rule="!has(self.interval) || duration(has(self.overlap) ? self.overlap : '24h').getSeconds() <= 10 * duration(self.interval).getSeconds()",message="rotation.overlap, 24h by default, must be at most ten times rotation.interval, or ever more replaced keys would be valid at once: set a shorter overlap or a longer interval"
type ProjectAPIKeyRotation struct {
	// Interval is the age at which a key is replaced, in hours (h), minutes (m) and seconds
	// (s), at least 10s. Default: keys are replaced only when the trigger, the annotation
	// openai.crossplane.io/rotate-requested-at or the name changes, or when they are about
	// to expire. Example: 720h.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^([0-9]+(\.[0-9]+)?(h|m|s))+$`
	// +kubebuilder:validation:XValidation:rule="duration(self) >= duration('10s') && duration(self) <= duration('8760h')",message="rotation.interval must be from 10s to 8760h"
	Interval *metav1.Duration `json:"interval,omitempty"`

	// Overlap is how long the old key stays valid after it was replaced, so that consumers
	// can pick up the new one, in hours (h), minutes (m) and seconds (s). With 0s it is
	// revoked at once. At most ten times the interval. Default: 24h. Example: 48h.
	// +optional
	// +kubebuilder:default="24h"
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^([0-9]+(\.[0-9]+)?(h|m|s))+$`
	// +kubebuilder:validation:XValidation:rule="duration(self) >= duration('0s') && duration(self) <= duration('8760h')",message="rotation.overlap must be from 0s to 8760h"
	Overlap *metav1.Duration `json:"overlap,omitempty"`

	// Trigger replaces the key whenever its value changes; the value has no other meaning.
	// Default: none. Example: "2026-11-22".
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=128
	Trigger *string `json:"trigger,omitempty"`
}

// ProjectAPIKeyParameters are the desired state of an API key.
//
// +kubebuilder:validation:XValidation:rule="!has(self.expiresIn) || !has(self.rotation) || !has(self.rotation.interval) || duration(self.expiresIn) > duration(self.rotation.interval) + duration(has(self.rotation.overlap) ? self.rotation.overlap : '24h')",message="expiresIn must be longer than rotation.interval and rotation.overlap together, or keys would expire while consumers still use them"
// +kubebuilder:validation:XValidation:rule="(has(self.readOnly) && self.readOnly ? 1 : 0) + (has(self.permissions) ? 1 : 0) + (has(self.scopes) ? 1 : 0) <= 1",message="set at most one of readOnly, permissions and scopes; with none of them the key has full permissions"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.serviceAccountID) || (has(self.serviceAccountID) ? self.serviceAccountID == oldSelf.serviceAccountID : has(self.serviceAccountIDRef) || has(self.serviceAccountIDSelector))",message="serviceAccountID cannot be changed once set: create another ProjectAPIKey for the other service account"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.serviceAccountID) || !has(oldSelf.serviceAccountIDRef) || !has(self.serviceAccountIDRef) || (self.serviceAccountIDRef.name == oldSelf.serviceAccountIDRef.name && has(self.serviceAccountIDRef.__namespace__) == has(oldSelf.serviceAccountIDRef.__namespace__) && (!has(self.serviceAccountIDRef.__namespace__) || self.serviceAccountIDRef.__namespace__ == oldSelf.serviceAccountIDRef.__namespace__))",message="serviceAccountIDRef cannot be changed once it has led to a serviceAccountID: create another ProjectAPIKey for the other service account"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.serviceAccountID) || !has(oldSelf.serviceAccountIDSelector) || !has(self.serviceAccountIDSelector) || (has(self.serviceAccountIDSelector.__namespace__) == has(oldSelf.serviceAccountIDSelector.__namespace__) && (!has(self.serviceAccountIDSelector.__namespace__) || self.serviceAccountIDSelector.__namespace__ == oldSelf.serviceAccountIDSelector.__namespace__) && has(self.serviceAccountIDSelector.matchControllerRef) == has(oldSelf.serviceAccountIDSelector.matchControllerRef) && (!has(self.serviceAccountIDSelector.matchControllerRef) || self.serviceAccountIDSelector.matchControllerRef == oldSelf.serviceAccountIDSelector.matchControllerRef) && has(self.serviceAccountIDSelector.matchLabels) == has(oldSelf.serviceAccountIDSelector.matchLabels) && (!has(self.serviceAccountIDSelector.matchLabels) || self.serviceAccountIDSelector.matchLabels == oldSelf.serviceAccountIDSelector.matchLabels))",message="serviceAccountIDSelector cannot be changed once it has led to a serviceAccountID: create another ProjectAPIKey for the other service account"
// +kubebuilder:validation:XValidation:rule="!has(oldSelf.serviceAccountName) || (has(self.serviceAccountName) && self.serviceAccountName == oldSelf.serviceAccountName)",message="serviceAccountName cannot be changed once set: create another ProjectAPIKey for the other service account"
// +kubebuilder:validation:XValidation:rule="has(self.serviceAccountID) || has(self.serviceAccountIDRef) || has(self.serviceAccountIDSelector) || has(self.serviceAccountName)",message="say which service account owns the key: set one of serviceAccountID, serviceAccountIDRef, serviceAccountIDSelector and serviceAccountName"
// +kubebuilder:validation:XValidation:rule="!has(self.serviceAccountName) || !(has(self.serviceAccountID) || has(self.serviceAccountIDRef) || has(self.serviceAccountIDSelector))",message="serviceAccountName cannot be combined with serviceAccountID, serviceAccountIDRef or serviceAccountIDSelector"
type ProjectAPIKeyParameters struct {
	ProjectScoped `json:",inline"`

	// ServiceAccountID is the service account that owns the key. It cannot be changed once
	// set; an ID that came from a reference or selector changes when the other object
	// replaces its service account. Default: taken from the reference or selector. Example:
	// user-abc123.
	// +optional
	// +kubebuilder:validation:MaxLength=128
	// +kubebuilder:validation:Pattern=`^[A-Za-z0-9_-]+$`
	// +openai:reference=ProjectServiceAccount,follow
	ServiceAccountID *string `json:"serviceAccountID,omitempty"`

	// ServiceAccountIDRef names the ProjectServiceAccount that serviceAccountID is taken
	// from. A ProjectServiceAccount of another namespace has to allow that with the
	// annotation openai.crossplane.io/allow-references-from. It cannot name another one
	// once serviceAccountID is set. Default: none. Example: {name: checkout-backend}.
	// +optional
	// +kubebuilder:validation:XValidation:rule="self.name.size() <= 253",message="serviceAccountIDRef.name has more than 253 characters, which no object's name has: correct it to the name of a ProjectServiceAccount",fieldPath=".name"
	// +kubebuilder:validation:XValidation:rule="!has(self.__namespace__) || self.__namespace__.size() <= 63",message="serviceAccountIDRef.namespace has more than 63 characters, which no namespace's name has: correct it, or leave it out for the object's own namespace",fieldPath=".namespace"
	ServiceAccountIDRef *xpv2.NamespacedReference `json:"serviceAccountIDRef,omitempty"`

	// ServiceAccountIDSelector selects, by label or by common controller, the one
	// ProjectServiceAccount that serviceAccountID is taken from. It cannot be changed once
	// serviceAccountID is set. Default: none. Example: {matchLabels: {team: checkout}}.
	// +optional
	ServiceAccountIDSelector *NamespacedSelector `json:"serviceAccountIDSelector,omitempty"`

	// ServiceAccountName is the name, at OpenAI, of the service account that owns the key;
	// exactly one service account of the project must have it. Use it in place of
	// serviceAccountID for accounts that are not managed here. Default: none. Example:
	// checkout-backend.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=255
	ServiceAccountName *string `json:"serviceAccountName,omitempty"`

	// Name of the key. OpenAI shows it after a prefix that distinguishes successive keys of
	// this object, such as 0a1b2c3d4e-1-checkout. Keys cannot be renamed at OpenAI: a new
	// name replaces the key. Default: metadata.name. Example: checkout.
	// +optional
	// +kubebuilder:validation:MinLength=1
	// +kubebuilder:validation:MaxLength=200
	// +kubebuilder:validation:XValidation:rule="self == self.trim()",message="name must not begin or end with white space, which OpenAI may drop: remove it"
	Name *string `json:"name,omitempty"`

	// ReadOnly restricts the key to reading (scope api.all.read). Default: false, full
	// permissions. Example: true.
	// +optional
	ReadOnly *bool `json:"readOnly,omitempty"`

	// Permissions restrict the key to groups of endpoints. Default: full permissions.
	// Example: {models: read, modelCapabilities: write}.
	// +optional
	Permissions *ProjectAPIKeyPermissions `json:"permissions,omitempty"`

	// Scopes restrict the key to scopes by OpenAI's own identifiers, as its dashboard uses
	// them. Default: full permissions. Example: [api.responses.write, api.files.read].
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=100
	// +kubebuilder:validation:items:MaxLength=128
	// +kubebuilder:validation:items:Pattern=`^[A-Za-z0-9._:-]+$`
	Scopes []string `json:"scopes,omitempty"`

	// ExpiresIn is how long OpenAI accepts the key, from its creation or from the last
	// change of this field, in hours (h), minutes (m) and seconds (s), from 10s to 8760h
	// (one year). OpenAI may grant less: see status.atProvider.expiresAt. Default: no
	// expiry, unless the organization requires one. Example: 2160h.
	// +optional
	// +kubebuilder:validation:Type=string
	// +kubebuilder:validation:MaxLength=32
	// +kubebuilder:validation:Pattern=`^([0-9]+(\.[0-9]+)?(h|m|s))+$`
	// +kubebuilder:validation:XValidation:rule="duration(self) >= duration('10s') && duration(self) <= duration('8760h')",message="expiresIn must be from 10s to 8760h, one year: OpenAI accepts no longer life, and a shorter one would have keys replaced all the time"
	ExpiresIn *metav1.Duration `json:"expiresIn,omitempty"`

	// Rotation replaces the key periodically or on demand. Default: none, but a key that
	// expires is replaced after two thirds of its lifetime. Example: {interval: 720h,
	// overlap: 48h}.
	// +optional
	Rotation *ProjectAPIKeyRotation `json:"rotation,omitempty"`

	// ImportSecretRef names a Secret of the same namespace that holds the value of an
	// existing key. That key is adopted instead of a new one being issued: it is identified
	// by its value, copied to writeConnectionSecretToRef, and managed from then on, so that
	// deleting this object revokes it. Its permissions do not change unless readOnly,
	// permissions or scopes is set. Default: a new key is issued. Example: {name:
	// existing-key, key: OPENAI_API_KEY}.
	// +optional
	ImportSecretRef *LocalSecretKeyReference `json:"importSecretRef,omitempty"`
}

// A LabelValue is the value of a label: at most 63 letters, digits, hyphens, underscores
// and dots, with a letter or digit at both ends, or empty. Example: checkout.
//
// +kubebuilder:validation:MaxLength=63
// +kubebuilder:validation:Pattern=`^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$`
type LabelValue string

// An AnnotationValue is the value of an annotation: any text of at most 1024 characters.
// Example: "true".
//
// +kubebuilder:validation:MaxLength=1024
type AnnotationValue string

// SecretMetadata are labels and annotations of a Secret.
type SecretMetadata struct {
	// Labels of the Secret, beside those of the provider, which begin with
	// openai.crossplane.io/. Removing one here removes it from the Secret. At most 32.
	// Default: none. Example: {team: checkout, data-class: confidential}.
	// +optional
	// +kubebuilder:validation:MaxProperties=32
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.size() <= 317 && k.indexOf('/') <= 253 && !k.startsWith('openai.crossplane.io/') && k.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",message="secretTemplate.metadata.labels must have names that Kubernetes accepts, such as example.com/team, of at most 63 characters after a prefix of at most 253, and none that begins with openai.crossplane.io/, which are the provider's own"
	Labels map[string]LabelValue `json:"labels,omitempty"`

	// Annotations of the Secret, beside those of the provider, which begin with
	// openai.crossplane.io/. Removing one here removes it from the Secret. At most 32.
	// Default: none. Example: {reloader.stakater.com/match: "true"}.
	// +optional
	// +kubebuilder:validation:MaxProperties=32
	// +kubebuilder:validation:XValidation:rule="self.all(k, k.size() <= 317 && k.indexOf('/') <= 253 && !k.startsWith('openai.crossplane.io/') && k.matches('^([a-z0-9]([-a-z0-9]*[a-z0-9])?([.][a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$'))",message="secretTemplate.metadata.annotations must have names that Kubernetes accepts, such as example.com/team, of at most 63 characters after a prefix of at most 253, and none that begins with openai.crossplane.io/, which are the provider's own"
	Annotations map[string]AnnotationValue `json:"annotations,omitempty"`
}

// A SecretTemplate is what the Secret of a key has beside the key.
type SecretTemplate struct {
	// Metadata of the Secret, from its creation on, as policies of a cluster may require.
	// Default: none. Example: {labels: {team: checkout}}.
	// +optional
	Metadata SecretMetadata `json:"metadata,omitempty"`
}

// A RetiringKey is a previous key that OpenAI still accepts, so that consumers have time to
// pick up its successor.
type RetiringKey struct {
	// ID of the key. Example: key_abc123.
	ID string `json:"id"`

	// ReplacedAt is when its successor was issued, by the provider's clock. A shorter
	// rotation.overlap counts from here. Example: "2026-11-22T12:00:00Z".
	ReplacedAt *metav1.Time `json:"replacedAt,omitempty"`

	// RevokeAt is when the key will be revoked. The annotation
	// openai.crossplane.io/revoke-retiring revokes it now. Example: "2026-11-23T12:00:00Z".
	RevokeAt metav1.Time `json:"revokeAt"`

	// Unplanned is true if the key was replaced by an unplanned rotation: neither a user nor
	// a schedule requested it.
	// Example: true.
	Unplanned bool `json:"unplanned,omitempty"`

	// Requested is true if a user requested the replacement, as after a leak. Example:
	// true.
	Requested bool `json:"requested,omitempty"`

	// Missing is true if the key was replaced because OpenAI answered that it does not
	// exist. If it appears again, it is revoked like the others. Example: true.
	Missing bool `json:"missing,omitempty"`
}

// ProjectAPIKeyObservation is the state of an API key as OpenAI reports it. It never holds
// the key's value.
type ProjectAPIKeyObservation struct {
	// ID of the key, which is not the key itself. Example: key_abc123.
	ID string `json:"id,omitempty"`

	// Name of the key at OpenAI. Example: 0a1b2c3d4e-1-checkout.
	Name string `json:"name,omitempty"`

	// RedactedValue shows enough of the key to recognize it in OpenAI's dashboard. Example:
	// sk-svcac...wxyz.
	RedactedValue string `json:"redactedValue,omitempty"`

	// Scopes that were last applied to the key; OpenAI does not report them. Empty: full
	// permissions. Example: [api.files.read].
	Scopes []string `json:"scopes,omitempty"`

	// CreatedAt is when the key was created. Example: "2026-11-22T12:00:00Z".
	CreatedAt *metav1.Time `json:"createdAt,omitempty"`

	// ExpiresAt is when OpenAI stops accepting the key. Empty: never. Example:
	// "2027-02-20T12:00:00Z".
	ExpiresAt *metav1.Time `json:"expiresAt,omitempty"`

	// LastUsedAt is when the key was last used. Empty: never. Example:
	// "2026-11-23T08:00:00Z".
	LastUsedAt *metav1.Time `json:"lastUsedAt,omitempty"`

	// ProjectID is the project of the key. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`

	// ServiceAccountID is the service account that owns the key. Example: user-abc123.
	ServiceAccountID string `json:"serviceAccountID,omitempty"`

	// OwnerProjectAccess says whether the owner of the key has access to the project:
	// active or inactive. OpenAI refuses the key of an inactive owner. Example: active.
	OwnerProjectAccess string `json:"ownerProjectAccess,omitempty"`

	// NextRotation is when the key will be replaced. Empty: never. Example:
	// "2026-12-22T12:00:00Z".
	NextRotation *metav1.Time `json:"nextRotation,omitempty"`

	// Retiring lists the previous keys whose overlap is not over. Example: [{id:
	// key_abc123, revokeAt: "2026-11-23T12:00:00Z"}].
	Retiring []RetiringKey `json:"retiring,omitempty"`

	// Applied are the settings that the key was issued or last updated with. The
	// annotations of the Secret have the same; if somebody removes them, this prevents
	// another rotation. Example: {keyID: key_abc123, name: checkout}.
	Applied *AppliedKeySettings `json:"applied,omitempty"`

	// UnplannedRotations are the last ones, at most five and of one day. Three may follow
	// one another at once; each further one waits twice as long as the one before, from a
	// minute to an hour. Example: [{serial: 3, issuedAt: "2026-11-22T12:00:00Z",
	// cause: the creation of a key was interrupted, count: 1}].
	UnplannedRotations []UnplannedRotation `json:"unplannedRotations,omitempty"`
}

// AppliedKeySettings are the settings that a key was issued or last updated with.
type AppliedKeySettings struct {
	// KeyID is the key. Example: key_abc123.
	KeyID string `json:"keyID,omitempty"`

	// IssuedAt is when the key was issued, by the provider's clock. Example:
	// "2026-11-22T12:00:00Z".
	IssuedAt *metav1.Time `json:"issuedAt,omitempty"`

	// Name is forProvider.name, or metadata.name. Example: checkout.
	Name string `json:"name,omitempty"`

	// ExpiresIn is forProvider.expiresIn. Example: 2160h0m0s.
	ExpiresIn *metav1.Duration `json:"expiresIn,omitempty"`

	// Trigger is forProvider.rotation.trigger. Example: "2026-11-22".
	Trigger string `json:"trigger,omitempty"`

	// RotateRequestedAt is the annotation openai.crossplane.io/rotate-requested-at.
	// Example: "2026-11-22T12:00:00Z".
	RotateRequestedAt string `json:"rotateRequestedAt,omitempty"`

	// RevokeRetiring is the value of the annotation openai.crossplane.io/revoke-retiring
	// that was acted on last. Example: all.
	RevokeRetiring string `json:"revokeRetiring,omitempty"`
}

// An UnplannedRotation is an attempt to issue a key that neither a user nor a schedule requested,
// such as for a Secret whose value somebody overwrote. Attempts that created no key count too.
type UnplannedRotation struct {
	// Serial of the key, which is part of its name at OpenAI. Example: 3.
	Serial int64 `json:"serial"`

	// IssuedAt is when the key was issued, by the provider's clock. Example:
	// "2026-11-22T12:00:00Z".
	IssuedAt metav1.Time `json:"issuedAt"`

	// Cause says why the key was issued. Example: the creation of a key was interrupted.
	Cause string `json:"cause"`

	// Trigger is forProvider.rotation.trigger at that time. Example: "2026-11-22".
	Trigger string `json:"trigger,omitempty"`

	// RotateRequestedAt is the annotation openai.crossplane.io/rotate-requested-at at that
	// time. Example: "2026-11-22T12:00:00Z".
	RotateRequestedAt string `json:"rotateRequestedAt,omitempty"`

	// Count is how many unplanned keys of the object had been issued then, including this
	// one; it decreases by one for each hour without any. Example: 1.
	Count int64 `json:"count"`
}

// A ProjectAPIKeySpec is the desired state of a ProjectAPIKey.
//
// +kubebuilder:validation:XValidation:rule="has(self.writeConnectionSecretToRef) || (has(self.managementPolicies) && !self.managementPolicies.exists(p, p == '*' || p == 'Create'))",message="writeConnectionSecretToRef is required: OpenAI shows a new key once, and without a Secret it would be lost; to only observe a key set managementPolicies: [Observe]"
type ProjectAPIKeySpec struct {
	xpv2.ManagedResourceSpec `json:",inline"`
	SpecBounds               `json:",inline"`

	// SecretTemplate says what the Secret has beside the key. Default: nothing. Example:
	// {metadata: {labels: {team: checkout}}}.
	// +optional
	SecretTemplate *SecretTemplate `json:"secretTemplate,omitempty"`

	// ForProvider is the desired state of the project API key at OpenAI. Example:
	// {serviceAccountIDRef: {name: checkout-backend}}.
	ForProvider ProjectAPIKeyParameters `json:"forProvider"`
}

// GetWriteConnectionSecretToReference hides the Secret from crossplane-runtime, whose
// publisher would create an empty Secret before there is a key, and patch it at every
// reconcile. The provider writes the Secret itself, because the Secret determines which key
// is current. Use Spec.WriteConnectionSecretToReference for its name.
func (mg *ProjectAPIKey) GetWriteConnectionSecretToReference() *xpv2.LocalSecretReference {
	return nil
}
