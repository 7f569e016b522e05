// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAnExistingKeyIsAdopted(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		mod    func(tn *tenant, cr *v1alpha1.ProjectAPIKey)
	}{
		"OfASpecificProject": {
			reason: "The seed imports organization-id/project-id/secret-key.",
			mod:    func(*tenant, *v1alpha1.ProjectAPIKey) {},
		},
		"OfTheDefaultProject": {
			reason: "The seed imports organization-id/secret-key.",
			mod: func(tn *tenant, cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ProjectID = nil
				change(tn, &v1alpha1.ClusterProviderConfig{ObjectMeta: metav1.ObjectMeta{Name: tn.config}}, func(pc *v1alpha1.ClusterProviderConfig) {
					pc.Spec.DefaultProjectID = &tn.project
				})
			},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{
				Name: openai.String("made-elsewhere"), Scopes: []string{"model.read"},
			})
			tn.must(err)
			tn.create(&corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "existing"},
				StringData: map[string]string{"value": existing.Value},
			})
			org := simulator.DefaultOrganizationID
			key := tn.key("adopted", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.OrganizationID = &org
				cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "existing", Key: "value"}
				tc.mod(tn, cr)
			})
			tn.create(key)
			tn.awaitReady(key)

			if got := meta.GetExternalName(key); got != existing.ID {
				t.Errorf("%s\nexternal name is %q, want %q", tc.reason, got, existing.ID)
			}
			if tn.workingKey("adopted") != existing.Value {
				t.Errorf("%s\nthe Secret does not hold the adopted key", tc.reason)
			}
			if k, _ := sim.KeyByValue(existing.Value); len(k.Scopes) != 1 {
				t.Errorf("%s\nadoption changed the key's scopes to %v", tc.reason, k.Scopes)
			}
			if diff := cmp.Diff([]string{existing.ID}, tn.liveIDs()); diff != "" {
				t.Errorf("%s\nlive keys: -want, +got:\n%s", tc.reason, diff)
			}

			tn.delete(key)
			tn.awaitGone(key)
			if sim.Works(existing.Value) {
				t.Errorf("%s\nthe adopted key works on after its object was deleted", tc.reason)
			}
		})
	}
}

func TestAKeyCanBeObservedWithoutBeingTouched(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{Name: openai.String("watched")})
	tn.must(err)
	key := tn.key("watched", func(cr *v1alpha1.ProjectAPIKey) {
		meta.SetExternalName(cr, existing.ID)
		cr.Spec.WriteConnectionSecretToReference = nil
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
	})
	tn.create(key)
	tn.awaitReady(key)
	if got := key.Status.AtProvider.Name; got != "watched" {
		t.Errorf("status shows key %q, want watched", got)
	}
	tn.delete(key)
	tn.awaitGone(key)
	if !sim.Works(existing.Value) {
		t.Error("a key that was only observed was revoked")
	}
}

func TestAKeyMadeElsewhereIsNeverReplacedByAGuess(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
	tn.must(err)
	key := tn.key("guess", func(cr *v1alpha1.ProjectAPIKey) { meta.SetExternalName(cr, existing.ID) })
	tn.create(key)
	if got := tn.awaitProblem(key); !strings.Contains(got, "importSecretRef") {
		t.Errorf("the problem names no remedy: %q", got)
	}
	tn.delete(key)
	tn.awaitGone(key)
	if diff := cmp.Diff([]string{existing.ID}, tn.liveIDs()); diff != "" {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
}
