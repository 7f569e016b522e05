// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Ownership is the part of the status that says what an object manages. Only the provider
// writes it: whoever may write the status of an object can make it manage resources of
// others, so grant nobody else update or patch on */status.
type Ownership struct {
	// ManagedIDs are the IDs at OpenAI that this object manages, which no other object may
	// change or delete. They count as long as spec.managementPolicies allow more than
	// Observe. Empty: it manages nothing yet. Example: [key_abc123].
	// +optional
	// +listType=set
	ManagedIDs []string `json:"managedIDs,omitempty"`

	// CreationProof is the UID of this object and the ID of what this object itself created, if
	// it manages that. When two objects say that they manage the same resource, as after a
	// backup was restored beside the original, it identifies the original. Empty: it
	// created nothing. Example: 5f0c8d0e-4c39-4c29-9f6b-2f5a4f0d7b7e/proj_abc123.
	// +optional
	CreationProof string `json:"creationProof,omitempty"`

	// CreateStartedAt is a write-ahead entry: when the provider last began to create a
	// resource for this object whose creation is not confirmed yet. If that was
	// interrupted, only a resource that was created then is adopted. Empty: no create is in
	// flight. Example: "2026-11-22T12:00:00Z".
	// +optional
	CreateStartedAt *metav1.Time `json:"createStartedAt,omitempty"`

	// ListedBeforeCreate has hashes of the IDs that existed when the provider last began to
	// create a resource whose time of creation OpenAI does not report. If that was
	// interrupted, only a resource that is none of these is adopted. Empty: no such create
	// is in flight. Example: "0:q83vEjRWeJA".
	// +optional
	ListedBeforeCreate string `json:"listedBeforeCreate,omitempty"`
}

// Manages reports whether an ID is among the managed ones.
func (o *Ownership) Manages(id string) bool { return id != "" && slices.Contains(o.ManagedIDs, id) }

// Add an ID to the managed ones, which are sorted.
func (o *Ownership) Add(id string) {
	if !o.Manages(id) {
		o.ManagedIDs = slices.Sorted(slices.Values(append(slices.Clone(o.ManagedIDs), id)))
	}
}
