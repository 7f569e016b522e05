// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package v1alpha1

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Ownership is what the status of an object of any kind tells of what it manages. Only the
// provider writes it: whoever may write the status of an object can make it manage what
// belongs to others, so grant nobody else update or patch on */status.
type Ownership struct {
	// ManagedIDs are the IDs at OpenAI that this object manages, which no other object may
	// change or end. They count as long as spec.managementPolicies allow more than to observe.
	// None: it has nothing yet. Example: [key_abc123].
	// +optional
	// +listType=set
	ManagedIDs []string `json:"managedIDs,omitempty"`

	// CreatedID is the UID of this object and the ID of what it itself created, if it manages
	// that. Of two objects that say that they manage the same, as after a backup was restored
	// beside the original, it tells the original. Example:
	// 5f0c8d0e-4c39-4c29-9f6b-2f5a4f0d7b7e/proj_abc123.
	// +optional
	CreatedID string `json:"createdID,omitempty"`

	// CreateStartedAt is when the provider last began to create something for this object
	// without knowing yet what came of it. Should the create have been interrupted, only
	// what OpenAI made then is taken for its outcome. Empty: nothing is being created.
	// +optional
	CreateStartedAt *metav1.Time `json:"createStartedAt,omitempty"`

	// ListedBeforeCreate are hashes of the IDs that existed when the provider last began to
	// create something whose time of creation OpenAI does not tell. Should the create have been
	// interrupted, only what is none of these is taken for its outcome. Empty: nothing of that
	// kind is being created.
	// +optional
	ListedBeforeCreate string `json:"listedBeforeCreate,omitempty"`
}

// Manages reports whether an ID is among those that are managed.
func (o *Ownership) Manages(id string) bool { return id != "" && slices.Contains(o.ManagedIDs, id) }

// Add an ID to those that are managed, in order.
func (o *Ownership) Add(id string) {
	if !o.Manages(id) {
		o.ManagedIDs = slices.Sorted(slices.Values(append(slices.Clone(o.ManagedIDs), id)))
	}
}
