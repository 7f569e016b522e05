// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// TestANoteOnTheObjectUndoesNobodysChange shows that a write of the whole object,
// such as the runtime's after Create, keeps what somebody else wrote meanwhile.
func TestANoteOnTheObjectUndoesNobodysChange(t *testing.T) {
	notes := map[string]struct {
		reason string
		write  func(t *testing.T, f *fixture)
	}{
		"Unsettled": {
			reason: "Before and after a mint the object tells of the key.",
			write: func(t *testing.T, f *fixture) {
				t.Helper()
				if err := f.keyring.saveUnsettled(t.Context(), f.cr, unsettled{1: start}); err != nil {
					t.Fatalf("saveUnsettled: %v", err)
				}
			},
		},
		"ServiceAccountGone": {
			reason: "A reference is resolved again if what it named is gone.",
			write: func(t *testing.T, f *fixture) {
				t.Helper()
				if err := f.keyring.forgetServiceAccount(t.Context(), f.cr, errBoom); err != errBoom { //nolint:errorlint // It is returned as it is.
					t.Fatalf("forgetServiceAccount: %v", err)
				}
			},
		},
	}
	for name, tc := range notes {
		t.Run(name, func(t *testing.T) {
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
			tc.write(t, f)
			if f.cr.Status.AtProvider.ID != "key_1" {
				t.Errorf("%s: the status of this reconcile was lost", tc.reason)
			}
			if err := f.kube.Update(t.Context(), f.cr); err != nil {
				t.Fatalf("Update: %v", err)
			}
			stored := &v1alpha1.ProjectAPIKey{}
			if err := f.kube.Get(t.Context(), client.ObjectKeyFromObject(f.cr), stored); err != nil {
				t.Fatalf("Get: %v", err)
			}
			if !meta.IsPaused(stored) {
				t.Errorf("%s: the annotation of somebody else was removed", tc.reason)
			}
			if r := stored.Spec.ForProvider.ReadOnly; r == nil || !*r {
				t.Errorf("%s: a change of the spec was undone", tc.reason)
			}
		})
	}
}
