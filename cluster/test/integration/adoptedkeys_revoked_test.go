// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"bytes"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// adopt creates an object that adopts an existing key.
func adopt(tn *tenant, name string, mods ...func(*v1alpha1.ProjectAPIKey)) (*v1alpha1.ProjectAPIKey, simulator.KeySnapshot) {
	tn.Helper()
	existing, err := tn.openai.ServiceAccounts.APIKeys.New(tn.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
	tn.must(err)
	tn.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name + "-existing"},
		StringData: map[string]string{"value": existing.Value},
	})
	key := tn.key(name, append(mods, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: name + "-existing", Key: "value"}
	})...)
	tn.create(key)
	tn.awaitReady(key)
	k, _ := sim.KeyByValue(existing.Value)
	return key, k
}

// revokeKey revokes a key outside of the provider.
func (tn *tenant) revokeKey(id string) {
	tn.Helper()
	_, err := tn.openai.APIKeys.Delete(tn.Context(), tn.project, id)
	tn.must(err)
}

func TestAnAdoptedKeyThatSomebodyRevokedIsReplacedOnlyWhenAskedFor(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key, adopted := adopt(tn, "adopted")
	// Backdated, because a list that lags may not show a recently adopted key.
	change(tn, tn.secret("adopted"), func(s *corev1.Secret) {
		s.Annotations["openai.crossplane.io/issued-at"] = time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)
	})
	before := tn.secret("adopted").Data
	tn.revokeKey(adopted.ID)
	tn.awaitNotReady(adopted.ID, key)
	tn.reconcileAgain(3, key)
	tn.awaitNotReady(adopted.ID, key)
	if live := tn.liveIDs(); len(live) != 0 {
		t.Errorf("keys %v were issued without being asked for", live)
	}
	if !bytes.Equal(tn.secret("adopted").Data["OPENAI_API_KEY"], before["OPENAI_API_KEY"]) {
		t.Error("the Secret was changed")
	}

	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("replace it")}
	})
	second := tn.awaitSuccessor("adopted", string(before["OPENAI_API_KEY"]))
	tn.awaitReady(key)

	// A key that the object issued itself is replaced when it is revoked.
	tn.revokeKey(meta.GetExternalName(key))
	tn.awaitSuccessor("adopted", second)
}

func TestAnAdoptedKeyThatSomebodyRevokedIsReplacedWhenItsRotationIsDue(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	const interval = 20 * time.Second
	key, adopted := adopt(tn, "due", rotation(overlap(2*time.Second), func(r *v1alpha1.ProjectAPIKeyRotation) {
		r.Interval = &metav1.Duration{Duration: interval}
	}))
	value := string(tn.secret("due").Data["OPENAI_API_KEY"])
	tn.revokeKey(adopted.ID)
	next, _ := sim.KeyByValue(tn.awaitSuccessor("due", value))
	// created_at has whole seconds.
	if age := next.CreatedAt.Sub(adopted.CreatedAt); age < interval-time.Second {
		t.Errorf("the key was replaced at an age of %s, want its rotation interval %s", age, interval)
	}
	tn.awaitReady(key)
}
