// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

// SpecBounds are limits for the fields of Crossplane's ManagedResourceSpec, whose schema
// has none. An object of an earlier release may keep a value that exceeds them.
//
// +kubebuilder:validation:XValidation:rule="!has(self.writeConnectionSecretToRef) || self.writeConnectionSecretToRef.name.size() <= 253 || (oldSelf.hasValue() && has(oldSelf.value().writeConnectionSecretToRef) && oldSelf.value().writeConnectionSecretToRef.name == self.writeConnectionSecretToRef.name)",optionalOldSelf=true,message="writeConnectionSecretToRef.name has more than 253 characters, which no Secret's name has: choose a shorter one",fieldPath=".writeConnectionSecretToRef.name"
// +kubebuilder:validation:XValidation:rule="!has(self.providerConfigRef) || self.providerConfigRef.name.size() <= 63 || (oldSelf.hasValue() && has(oldSelf.value().providerConfigRef) && oldSelf.value().providerConfigRef.name == self.providerConfigRef.name)",optionalOldSelf=true,message="providerConfigRef.name has more than 63 characters, which the name of no usable configuration has: correct it",fieldPath=".providerConfigRef.name"
// +kubebuilder:validation:XValidation:rule="!has(self.providerConfigRef) || self.providerConfigRef.kind in ['ProviderConfig', 'ClusterProviderConfig'] || (oldSelf.hasValue() && has(oldSelf.value().providerConfigRef) && oldSelf.value().providerConfigRef.kind == self.providerConfigRef.kind)",optionalOldSelf=true,message="providerConfigRef.kind must be ProviderConfig or ClusterProviderConfig",fieldPath=".providerConfigRef.kind"
// +kubebuilder:validation:XValidation:rule="!has(self.managementPolicies) || self.managementPolicies.size() <= 6 || (oldSelf.hasValue() && has(oldSelf.value().managementPolicies) && oldSelf.value().managementPolicies == self.managementPolicies)",optionalOldSelf=true,message="managementPolicies has more than 6 entries, and there are no more policies: list each of them once",fieldPath=".managementPolicies"
type SpecBounds struct{}
