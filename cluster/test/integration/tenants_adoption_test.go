// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"slices"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// importer is an object that adopts a key by its value, which the tenant knows.
func (tn *tenant) importer(name, value string, account *keyFixture) *v1alpha1.ProjectAPIKey {
	tn.Helper()
	tn.create(&corev1.Secret{
		ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: name + "-existing"},
		StringData: map[string]string{"value": value},
	})
	return tn.key(name, func(cr *v1alpha1.ProjectAPIKey) {
		p := &cr.Spec.ForProvider
		p.ImportSecretRef = &v1alpha1.LocalSecretKeyReference{Name: name + "-existing", Key: "value"}
		if account != nil {
			p.ProjectID, p.ServiceAccountID = &account.project, &account.account
		}
	})
}

func TestAKeyIsAdoptedByOneObject(t *testing.T) {
	t.Parallel()
	for where, same := range map[string]bool{"InOneNamespace": true, "InTwoNamespaces": false} {
		for name, deleteWinner := range map[string]bool{"TheOtherIsDeleted": false, "ItIsDeleted": true} {
			t.Run(where+name, func(t *testing.T) {
				t.Parallel()
				const reason = "Two objects adopt a key at the same time, so that the end of one would cut off the consumers of the other."
				second, first := neighbors(t)
				existing, err := first.openai.ServiceAccounts.APIKeys.New(t.Context(), first.project, first.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
				first.must(err)
				if same {
					second = first
				}
				home := &keyFixture{tenant: first}
				type contender struct {
					*tenant

					key *v1alpha1.ProjectAPIKey
				}
				both := []contender{{first, first.importer("first", existing.Value, home)}, {second, second.importer("second", existing.Value, home)}}
				for _, c := range both {
					c.create(c.key)
				}
				for range 2 {
					for _, c := range both {
						c.awaitReconciled(c.key)
					}
				}
				winner := slices.IndexFunc(both, func(c contender) bool { return isReady(c.key) })
				if winner < 0 {
					t.Fatalf("%s\nnone adopted it: %s %s", reason, first.conditionMessages(both[0].key), first.conditionMessages(both[1].key))
				}
				won, lost := both[winner], both[1-winner]
				if isReady(lost.key) {
					lost.deleteAndAwait(lost.key)
					t.Fatalf("%s\nboth were Ready with %q; that it works once one of them is deleted is %t", reason, meta.GetExternalName(won.key), sim.Works(existing.Value))
				}
				if s := lost.secret(lost.key.Name); s != nil && len(s.Data["OPENAI_API_KEY"]) > 0 {
					t.Errorf("%s\nboth serve it", reason)
				}
				if deleteWinner {
					won.deleteAndAwait(won.key)
					lost.reconcileAgain(2, lost.key)
					if s := lost.secret(lost.key.Name); isReady(lost.key) || (s != nil && len(s.Data["OPENAI_API_KEY"]) > 0) {
						t.Errorf("%s\nthe other serves a key that was revoked: %s", reason, lost.conditionMessages(lost.key))
					}
					lost.deleteAndAwait(lost.key)
					return
				}
				lost.deleteAndAwait(lost.key)
				won.reconcileAgain(2, won.key)
				won.awaitReady(won.key)
				if won.workingKey(won.key.Name) != existing.Value {
					t.Errorf("%s\nits object serves another key now", reason)
				}
				won.deleteAndAwait(won.key)
				if sim.Works(existing.Value) {
					t.Errorf("%s\nthe adopted key outlives its object", reason)
				}
			})
		}
	}
}

func TestAKeyThatAnObjectHasIsNotAdopted(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		holds  func(victim *tenant) *keyFixture
		same   bool
	}{
		"ByAnotherTenant":           {"Whoever has the value could end it.", managesKey, false},
		"ByAnotherTenantsAccount":   {"As above; the account is another tenant's, too.", managesAll, false},
		"ByAnotherObjectOfTheOwner": {"A slip of the hand.", managesKey, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a, victim := neighbors(t)
			h := tc.holds(victim)
			if tc.same {
				a = victim
			}
			was := h.externalState()
			o := a.importer("adopting", was.Value, h)
			a.create(o)
			a.assertDenied(tc.reason, refused, o)
			h.assertNotDisclosed(tc.reason, a, o, h.project, h.account)
			h.assertUntouched(tc.reason, was)
			a.deleteAndAwait(o)
			h.assertUntouched(tc.reason, was)
		})
	}
}
