// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// ProjectServiceTierSettingsParameters are the desired state of a project's service tier
// settings.
//
// +kubebuilder:validation:XValidation:rule="!has(self.enabledTiers) || !self.enabledTiers.exists(t, t == 'all') || self.enabledTiers.size() == 1",message="all includes every other tier: make it the only one in enabledTiers, or remove it"
// +kubebuilder:validation:XValidation:rule="!has(self.defaultTier) || self.defaultTier != 'fast' || !has(self.enabledTiers) || self.enabledTiers.exists(t, t == 'fast' || t == 'all')",message="defaultTier fast is not enabled: add fast to enabledTiers, or choose another defaultTier"
type ProjectServiceTierSettingsParameters struct {
	ProjectScoped `json:",inline"`

	// DefaultTier is the service tier of requests that name none. Default: as it is, which is
	// standard for a new project. Example: standard.
	// +optional
	// +kubebuilder:validation:Enum=standard;fast;scale
	DefaultTier *string `json:"defaultTier,omitempty"`

	// EnabledTiers are the service tiers that requests may name. The standard tier is always
	// enabled, so that [standard] enables nothing else; [all] includes future tiers. Default: as
	// they are, which is [all] for a new project. Example: [standard, flex].
	// +optional
	// +listType=set
	// +kubebuilder:validation:MinItems=1
	// +kubebuilder:validation:MaxItems=5
	// +kubebuilder:validation:items:Enum=standard;flex;fast;ultrafast;all
	EnabledTiers []string `json:"enabledTiers,omitempty"`
}

// ProjectServiceTierSettingsObservation is the state of a project's service tier settings as
// OpenAI reports it.
type ProjectServiceTierSettingsObservation struct {
	// DefaultTier is the service tier of requests that name none. Example: standard.
	DefaultTier string `json:"defaultTier,omitempty"`

	// EnabledTiers are the service tiers that requests may name, sorted; [all] includes future
	// tiers. Example: [flex, standard].
	EnabledTiers []string `json:"enabledTiers,omitempty"`

	// ProjectID is the project of the settings. Example: proj_abc123.
	ProjectID string `json:"projectID,omitempty"`
}

// +openai:kind=ProjectServiceTierSettings
// +openai:kind:plural=projectservicetiersettings
// +openai:kind:column=DEFAULT,.status.atProvider.defaultTier
// +openai:kind:terraform=-: no Terraform provider has it
//
// A ProjectServiceTierSettings says which service tiers, which differ in speed and price,
// requests of a project may use. Every project has these settings: deleting the object leaves
// them as they are.
//
// +kubebuilder:validation:XValidation:rule="self.spec.managementPolicies.all(p, p == 'Observe' || p == 'Delete') || (has(self.spec.forProvider) && (has(self.spec.forProvider.defaultTier) || has(self.spec.forProvider.enabledTiers)))",message="spec.forProvider sets nothing: set defaultTier, enabledTiers or both, or set managementPolicies to [Observe]"
