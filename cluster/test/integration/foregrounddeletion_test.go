// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// A foreground deletion deletes the Secret, with the state annotations that name the object's keys,
// before the provider can revoke any of them.
func TestADeletionInForegroundForgetsNoKeyOfItsObject(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	// existing issues a key outside of the provider and stores it in a Secret of this name.
	existing := func(name string) string {
		k, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
		tn.must(err)
		tn.create(&corev1.Secret{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name}, StringData: map[string]string{"value": k.Value}})
		return k.ID
	}
	imported := func(secret string) func(*v1alpha1.ProjectAPIKey) {
		return func(cr *v1alpha1.ProjectAPIKey) {
			cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: secret, Key: "value"}
		}
	}
	adopted, retired, replaced := existing("to-adopt"), existing("to-retire"), existing("to-replace")
	now := func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	}
	cases := map[string]struct {
		reason string
		key    *v1alpha1.ProjectAPIKey
		// previous is the key that the object had before, unless it issued that key itself.
		previous string
		rotate   bool
	}{
		"rotated":         {"Its first key retires.", tn.key("rotated"), "", true},
		"adopted":         {"The name of its key does not show who manages it.", tn.key("adopted", imported("to-adopt")), adopted, false},
		"adopted-rotated": {"Nor in that of a key that retires.", tn.key("adopted-rotated", imported("to-retire")), retired, true},
		"replaced": {
			"The key that it replaced was never its own, but retires by its doing.",
			tn.key("replaced", now, func(cr *v1alpha1.ProjectAPIKey) { meta.SetExternalName(cr, replaced) }), replaced, false,
		},
	}
	for _, tc := range cases {
		tn.create(tc.key)
	}
	for name, tc := range cases {
		tn.awaitReady(tc.key)
		ids := []string{tc.previous, meta.GetExternalName(tc.key)} // its successor is added below
		if tc.rotate {
			before := tn.workingKey(name)
			change(tn, tc.key, now)
			tn.awaitSuccessor(name, before)
			tn.await("the status of the successor", func() (bool, string) {
				tn.get(tc.key)
				return len(tc.key.Status.AtProvider.Retiring) == 1, asJSON(t, tc.key.Status)
			})
			ids = append(ids, meta.GetExternalName(tc.key))
		}
		tn.deleteBy(tc.key, metav1.DeletePropagationForeground)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			tn.awaitGone(tc.key)
			for _, id := range ids {
				if tn.keyExists(id) {
					tn.awaitMatchingEvent(tc.key, fmt.Sprintf("that key %s lives on (%s)", id, tc.reason), func(e *corev1.Event) bool {
						return e.Reason == "Orphaned" && strings.Contains(e.Message, id)
					})
				}
			}
		})
	}
}
