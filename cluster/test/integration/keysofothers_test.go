// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestCredentialsOfAnotherOrganizationNeverMakeAKeyForgotten(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("kept")
	tn.create(key)
	tn.awaitReady(key)
	value := tn.workingKey("kept")
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: tn.namespace + "-kept"}}
	p.Spec.ProviderConfigReference = tn.configRef()
	tn.create(p)
	tn.awaitReady(p)
	project := meta.GetExternalName(p)

	const others = "sk-admin-SIMULATED-of-others"
	sim.AddAdminKey(simulator.AdminKey{Value: others, OrganizationID: "org-others"})
	tn.setAdminKey(others)
	tn.awaitProblem(key)
	if got := tn.awaitProblem(p); !strings.Contains(got, "put the former admin key back") {
		t.Errorf("the project's problem is %q", got)
	}
	tn.delete(key)
	tn.await("a deletion that waits for the right credentials", func() (bool, string) {
		tn.get(key)
		return strings.Contains(key.GetCondition("Synced").Message, `is of organization "org-others"`) && key.DeletionTimestamp != nil, asJSON(t, key.Status)
	})
	if !sim.Works(value) {
		t.Error("the key was revoked with credentials of others")
	}

	tn.setAdminKey(simulator.DefaultAdminKey)
	tn.awaitGone(key)
	if sim.Works(value) {
		t.Error("the key works on after its object")
	}
	tn.awaitReady(p)
	if got := meta.GetExternalName(p); got != project {
		t.Errorf("the object has project %q now, want %q still", got, project)
	}
}

func TestForgedAnnotationsTakeNoKeyOfOthers(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	victim := tn.key("victim")
	tn.create(victim)
	tn.awaitReady(victim)
	value, id := tn.workingKey("victim"), meta.GetExternalName(victim)
	other := tn.newAccount("attacker")

	cases := map[string]func(cr *v1alpha1.ProjectAPIKey){
		"external-name": func(cr *v1alpha1.ProjectAPIKey) {
			meta.SetExternalName(cr, id)
			cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("mine"), Overlap: &metav1.Duration{}}
		},
		"adopted-annotation": func(cr *v1alpha1.ProjectAPIKey) {
			meta.AddAnnotations(cr, map[string]string{"openai.crossplane.io/adopted-key": id})
		},
		"retiring-annotation": func(*v1alpha1.ProjectAPIKey) {},
	}
	for name, forge := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key := tn.key(name, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ForProvider.ServiceAccountID = &other })
			forge(key)
			tn.create(key)
			if name == "external-name" {
				tn.awaitProblem(key)
			} else {
				tn.awaitReady(key)
				change(tn, tn.secret(name), func(s *corev1.Secret) {
					s.Annotations["openai.crossplane.io/retiring-keys"] = `{"` + id + `":{"revokeAt":"2020-01-01T00:00:00Z"}}`
				})
				tn.await("the annotation to be corrected", func() (bool, string) {
					_, listed := tn.secret(name).Annotations["openai.crossplane.io/retiring-keys"]
					return !listed, "it still lists the key"
				})
			}
			tn.delete(key)
			tn.awaitGone(key)
			k, _ := sim.KeyByValue(value)
			if !sim.Works(value) || !k.ExpiresAt.IsZero() {
				t.Errorf("another's key was touched: %+v", k)
			}
		})
	}
}

func TestARedactedValueIsNoKeyToAdopt(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
	tn.must(err)
	o, err := tn.openai.APIKeys.Get(t.Context(), tn.project, existing.ID)
	tn.must(err)
	tn.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "redacted"},
		StringData: map[string]string{"value": o.RedactedValue},
	})
	key := tn.key("lookalike", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "redacted", Key: "value"}
	})
	tn.create(key)
	if got := tn.awaitProblem(key); !strings.Contains(got, "store the key's whole value there") {
		t.Errorf("the problem is %q", got)
	}
	tn.delete(key)
	tn.awaitGone(key)
	if !sim.Works(existing.Value) {
		t.Error("a key that was not adopted was revoked")
	}
}

func TestASecretWithAKeyOfAnotherProjectIsKept(t *testing.T) {
	t.Parallel()
	tn, elsewhere := newTenant(t), newTenant(t)
	first := tn.key("heirloom", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate}
	})
	tn.create(first)
	tn.awaitReady(first)
	value := tn.workingKey("heirloom")
	tn.delete(first)
	tn.awaitGone(first)

	heir := tn.key("heirloom", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.ProjectID, cr.Spec.ForProvider.ServiceAccountID = &elsewhere.project, &elsewhere.account
	})
	tn.create(heir)
	if got := tn.awaitProblem(heir); !strings.Contains(got, "name another Secret") {
		t.Errorf("the problem is %q", got)
	}
	tn.delete(heir)
	tn.awaitGone(heir)
	if tn.workingKey("heirloom") != value {
		t.Error("the only copy of a key was overwritten")
	}
}

func TestAnImmutableSecretIsNotFoughtOver(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("frozen")
	tn.create(key)
	tn.awaitReady(key)
	value := tn.workingKey("frozen")
	change(tn, tn.secret("frozen"), func(s *corev1.Secret) { s.Immutable = new(true) })
	change(tn, key, func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Trigger: new("now")}
	})
	if got := tn.awaitProblem(key); !strings.Contains(got, "is immutable") {
		t.Errorf("the problem is %q", got)
	}
	if diff := cmp.Diff([]string{meta.GetExternalName(key)}, tn.liveIDs()); diff != "" || tn.workingKey("frozen") != value {
		t.Errorf("live keys: -want, +got:\n%s", diff)
	}
}

func TestAValueAsExternalNameIsNotRepeated(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	const pasted = "sk-pasted-fake"
	key := tn.key("pasted", func(cr *v1alpha1.ProjectAPIKey) { meta.SetExternalName(cr, pasted) })
	tn.create(key)
	if got := tn.awaitProblem(key); strings.Contains(got, pasted) || !strings.Contains(got, "importSecretRef") {
		t.Errorf("the problem is %q", got)
	}
	for _, c := range sim.Calls() {
		if strings.Contains(c.Path, pasted) {
			t.Errorf("the value was sent in a path at %s", c.Time.Format(time.RFC3339))
		}
	}
}
