// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func referenceTo(o resource.Managed) *xpv2.NamespacedReference {
	return &xpv2.NamespacedReference{Name: o.GetName()}
}

func TestWithoutTheDeletePolicyTheKeyAndItsSecretOutliveTheObject(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	withoutDelete := xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate}
	key := tn.key("orphan", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ManagementPolicies = withoutDelete })
	tn.create(key)
	tn.awaitReady(key)
	value, id := tn.workingKey("orphan"), meta.GetExternalName(key)
	if metav1.GetControllerOf(tn.secret("orphan")) != nil {
		t.Error("the only copy of a key that is to live on goes with its object")
	}
	tn.delete(key)
	tn.awaitGone(key)
	if got := tn.workingKey("orphan"); got != value {
		t.Error("the Secret changed")
	}

	heir := tn.key("orphan")
	tn.create(heir)
	tn.awaitReady(heir)
	if got := meta.GetExternalName(heir); got != id || tn.workingKey("orphan") != value {
		t.Errorf("a new object for the Secret issued key %q, want it to take over %q", got, id)
	}
	tn.delete(heir)
	tn.awaitGone(heir)
	if sim.Works(value) {
		t.Error("the key works on after the object that took it over was deleted")
	}
}

func TestAnObjectThatNoLongerOrphansItsKeyOwnsItsSecretAgain(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("owned")
	tn.create(key)
	tn.awaitReady(key)
	for _, policies := range []xpv2.ManagementPolicies{{xpv2.ManagementActionObserve, xpv2.ManagementActionUpdate}, {xpv2.ManagementActionAll}} {
		change(tn, key, func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.ManagementPolicies = policies })
		tn.await("the right owner", func() (bool, string) {
			owned := metav1.GetControllerOf(tn.secret("owned")) != nil
			return owned == (policies[0] == xpv2.ManagementActionAll), asJSON(t, tn.secret("owned").OwnerReferences)
		})
	}
}

func TestADeletedNamespaceRevokesItsKeys(t *testing.T) {
	t.Parallel()
	for name, mod := range map[string]func(tn *tenant, cr *v1alpha1.ProjectAPIKey){
		"WithAClusterProviderConfig": func(tn *tenant, _ *v1alpha1.ProjectAPIKey) {
			tn.withPlatformCredentials()
		},
		"WithItsOwnCredentials": func(tn *tenant, cr *v1alpha1.ProjectAPIKey) {
			tn.create(providerConfig(tn, "own"))
			cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "own"}
		},
		"WithAnAdoptedKey": func(tn *tenant, cr *v1alpha1.ProjectAPIKey) {
			existing, err := tn.openai.ServiceAccounts.APIKeys.New(tn.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
			tn.must(err)
			tn.create(&corev1.Secret{
				ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "existing"},
				StringData: map[string]string{"value": existing.Value},
			})
			tn.create(providerConfig(tn, "own"))
			cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "own"}
			cr.Spec.ForProvider.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: "existing", Key: "value"}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			key := tn.key("tenant")
			mod(tn, key)
			tn.create(key)
			tn.awaitReady(key)

			ns := &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{Name: tn.namespace}}
			tn.delete(ns)
			tn.awaitGone(ns)
			if live := tn.liveIDs(); len(live) != 0 {
				t.Errorf("keys live on after their namespace: %v", live)
			}
		})
	}
}

func TestCredentialsThatAreNotInUseCanBeDeleted(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	pc := providerConfig(tn, "own")
	tn.create(pc)
	key := tn.key("previous-user", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ProviderConfigReference = &xpv2.ProviderConfigReference{Kind: "ProviderConfig", Name: "own"}
	})
	tn.create(key)
	tn.awaitReady(key)
	admin := tn.secret("openai-admin")
	tn.delete(admin)
	tn.delete(pc)
	// The Secret with the admin key still exists, so that the key can be revoked.
	tn.delete(key)
	tn.awaitGone(key, pc, admin)
	if live := tn.liveIDs(); len(live) != 0 {
		t.Errorf("keys live on: %v", live)
	}
}

func TestASecretThatAnotherKeyUsesIsLeftAlone(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	// An object without the Delete policy does not own its Secret.
	first := tn.key("shared", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionUpdate}
	})
	tn.create(first)
	tn.awaitReady(first)
	value := tn.workingKey("shared")
	second := tn.key("second", func(cr *v1alpha1.ProjectAPIKey) { cr.Spec.WriteConnectionSecretToReference.Name = "shared" })
	tn.create(second)
	if got, want := tn.awaitProblem(second), `ProjectAPIKey "shared"`; !strings.Contains(got, want) {
		t.Errorf("the problem is %q, want %q in it", got, want)
	}
	if tn.workingKey("shared") != value {
		t.Error("the Secret was overwritten")
	}
}

// Not parallel: the fault affects all tenants.
func TestAnInterruptedCreateOfAProjectIsNotRepeated(t *testing.T) {
	tn := newTenant(t)
	_, err := sim.AddFault(simulator.Fault{Route: simulator.RouteCreateProject, Kind: simulator.FaultResetAfter, Count: 1})
	tn.must(err)
	p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "once-" + tn.namespace}}
	p.Spec.ProviderConfigReference = tn.configRef()
	tn.create(p)
	tn.awaitReady(p)
	if diff := cmp.Diff([]string{p.Status.AtProvider.ID}, tn.projectsNamed(p.Name)); diff != "" {
		t.Errorf("projects of the name: -want, +got:\n%s", diff)
	}
}

func TestAnInterruptedCreateOfAServiceAccountIsNotRepeated(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]simulator.Fault{
		"ReplyLost":       {Kind: simulator.FaultResetAfter},
		"ReplyReplaced":   {Kind: simulator.FaultReplaceReply, Status: 429},
		"RequestNotTaken": {Kind: simulator.FaultResetBefore},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t).withAdminKey() // other tests would wait for the 429 too
			fault.Route, fault.PathContains, fault.Count = simulator.RouteCreateServiceAccount, tn.project, 1
			_, err := sim.AddFault(fault)
			tn.must(err)
			sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "once"}}
			sa.Spec.ProviderConfigReference = tn.configRef()
			sa.Spec.ForProvider.ProjectID = &tn.project
			tn.create(sa)
			tn.awaitReady(sa)
			if diff := cmp.Diff([]string{sa.Status.AtProvider.ID}, tn.accountsNamed("once")); diff != "" {
				t.Errorf("service accounts of the name: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestAKeyThatOpenAIDoesNotListYetIsNotForgotten(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		leave  func(tn *tenant, key *v1alpha1.ProjectAPIKey)
	}{
		"ObjectDeleted": {"The retry that succeeded does not settle the first try.", func(tn *tenant, key *v1alpha1.ProjectAPIKey) { tn.delete(key) }},
		"SecretDeletedToo": {"As in a namespace that is deleted, the Secret and its state annotations go.", func(tn *tenant, key *v1alpha1.ProjectAPIKey) {
			tn.delete(key)
			tn.delete(tn.secret(key.GetName()))
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			lag, err := sim.AddFault(simulator.Fault{Route: simulator.RouteListProjectAPIKeys, PathContains: tn.project, Kind: simulator.FaultLag})
			tn.must(err)
			_, err = sim.AddFault(simulator.Fault{Route: simulator.RouteCreateServiceAccountAPIKey, PathContains: tn.project, Kind: simulator.FaultResetAfter, Count: 1})
			tn.must(err)
			key := tn.key("late")
			tn.create(key)
			tn.awaitReady(key)
			if live := tn.liveIDs(); len(live) != 2 {
				t.Fatalf("\n%s\nlive keys: want the lost one and the current one, got %v", tc.reason, live)
			}

			tc.leave(tn, key)
			tn.await("the revocation of the current key", func() (bool, string) { return len(tn.liveIDs()) == 1, asJSON(t, tn.liveIDs()) })
			sim.ClearFault(lag)
			tn.awaitGone(key)
			if live := tn.liveIDs(); len(live) != 0 {
				t.Errorf("\n%s\nkeys %v outlive their object", tc.reason, live)
			}
		})
	}
}

func TestAnObjectThatMayNotUpdateRevokesWhatItReplaced(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	key := tn.key("creator", func(cr *v1alpha1.ProjectAPIKey) {
		cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve, xpv2.ManagementActionCreate, xpv2.ManagementActionDelete}
		cr.Spec.ForProvider.Rotation = &v1alpha1.ProjectAPIKeyRotation{Overlap: &metav1.Duration{}}
	})
	tn.create(key)
	tn.awaitReady(key)
	first := tn.workingKey("creator")
	tn.delete(tn.secret("creator"))
	tn.await("a new key alone", func() (bool, string) {
		s, live := tn.secret("creator"), tn.liveIDs()
		return s != nil && sim.Works(string(s.Data["OPENAI_API_KEY"])) && len(live) == 1, asJSON(t, live)
	})
	if sim.Works(first) {
		t.Error("the replaced key works on for ever")
	}
}
