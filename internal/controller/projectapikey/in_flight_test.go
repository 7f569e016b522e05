// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestRecordingTheCurrentKeyUndoesNobodysChange shows that what somebody else wrote meanwhile
// stays, whatever this reconcile knew of the object.
func TestRecordingTheCurrentKeyUndoesNobodysChange(t *testing.T) {
	f := newFixture(t)
	theirs := &v1alpha1.ProjectAPIKey{}
	if err := f.kube.Get(t.Context(), client.ObjectKeyFromObject(f.cr), theirs); err != nil {
		t.Fatalf("Get: %v", err)
	}
	meta.AddAnnotations(theirs, map[string]string{meta.AnnotationKeyReconciliationPaused: "true"})
	theirs.Spec.ForProvider.ReadOnly = yes
	if err := f.kube.Update(t.Context(), theirs); err != nil {
		t.Fatalf("cannot change the object as somebody else: %v", err)
	}

	f.cr.Status.AtProvider.ID = "key_1"
	if err := f.keyClient.persistInFlight(t.Context(), f.cr, inFlight{1: start}); err != nil {
		t.Fatalf("saveUnsettled: %v", err)
	}
	if f.cr.Status.AtProvider.ID != "key_1" {
		t.Error("the status of this reconcile was lost")
	}
	stored := &v1alpha1.ProjectAPIKey{}
	if err := f.kube.Get(t.Context(), client.ObjectKeyFromObject(f.cr), stored); err != nil {
		t.Fatalf("Get: %v", err)
	}
	if !meta.IsPaused(stored) || stored.GetAnnotations()[annotationKeysInFlight] == "" {
		t.Errorf("annotations: want somebody else's and the note, got %v", stored.GetAnnotations())
	}
	if r := stored.Spec.ForProvider.ReadOnly; r == nil || !*r {
		t.Error("a change of the spec was undone")
	}
}
