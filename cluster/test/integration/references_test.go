// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

func TestAServiceAccountThatWasRecreatedIsFollowedByTheQuickstartsKey(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		link   func(c *chain)
		remake func(c *chain)
	}{
		"DeletedAtOpenAI": {"Somebody tidied up in the dashboard.", byReference, func(c *chain) {
			_, err := c.openai.ServiceAccounts.Delete(c.Context(), meta.GetExternalName(c.project), meta.GetExternalName(c.account))
			c.must(err)
		}},
		"ObjectMadeAnew": {"Deleted and applied again; and found as the objects of a Composition find each other.", bySelector, func(c *chain) {
			again := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: c.namespace, Name: c.account.Name, Labels: c.account.Labels}}
			again.Spec.ProviderConfigReference = c.configRef()
			again.Spec.ForProvider.ProjectIDSelector = selectorOf("checkout")
			c.delete(c.account)
			c.awaitGone(c.account)
			c.create(again)
			c.account = again
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTenant(t).newChain(tc.link)
			before := c.ids()
			tc.remake(c)
			c.await("another account", func() (bool, string) {
				c.get(c.account)
				id := meta.GetExternalName(c.account)
				return id != "" && id != before.Account, asJSON(t, c.account.Status)
			})
			c.await("a working key of the other account", func() (bool, string) {
				c.get(c.key)
				s := c.secret(c.key.Name)
				if s == nil {
					return false, "there is no Secret"
				}
				v := string(s.Data["OPENAI_API_KEY"])
				return v != before.Value && sim.Works(v), asJSON(t, c.key.Status)
			})
			c.awaitReady(c.account, c.key)
			after := c.ids()
			if len(after.Accounts) != 1 || len(after.LiveKeys) != 1 {
				t.Errorf("%s\nmore than one account and its key: %s", tc.reason, asJSON(t, after))
			}
			if after.Project != before.Project {
				t.Errorf("%s\nthe project is %q now, want %q still", tc.reason, after.Project, before.Project)
			}
			got := []*string{c.key.Spec.ForProvider.ProjectID, c.key.Spec.ForProvider.ServiceAccountID}
			if diff := cmp.Diff([]*string{&after.Project, &after.Account}, got); diff != "" {
				t.Errorf("%s\nproject and account in the spec of the key: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestAProjectThatIsAnotherNowIsReportedAndNotFollowed(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		remake func(c *chain)
		works  bool
	}{
		"ObjectMadeAnew": {"The project is archived then, and with it all that is in it.", func(c *chain) {
			c.delete(c.project)
			c.awaitGone(c.project)
			c.project = c.newProject(c.project.Name, "checkout")
		}, false},
		"AnotherExternalName": {"The previous project lives, and what is in it.", func(c *chain) {
			change(c.tenant, c.project, func(p *v1alpha1.Project) { meta.SetExternalName(p, c.tenant.project) })
			c.await("the other project", func() (bool, string) {
				c.get(c.project)
				return c.project.Status.AtProvider.ID == c.tenant.project, asJSON(t, c.project.Status)
			})
		}, true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newTenant(t).newChain(byReference)
			had := c.ids()
			tc.remake(c)
			other := meta.GetExternalName(c.project)
			before := c.accountsIn(other)
			for _, o := range []resource.Managed{c.account, c.key} {
				c.await("a report by "+o.GetName(), func() (bool, string) {
					message := c.awaitProblem(o)
					return strings.Contains(message, c.namespace+"/"+c.project.Name) && strings.Contains(message, other), message
				})
			}
			if got := []*string{c.account.Spec.ForProvider.ProjectID, c.key.Spec.ForProvider.ProjectID}; *got[0] != had.Project || *got[1] != had.Project {
				t.Errorf("%s\nthe project was followed to %s, want %q still", tc.reason, asJSON(t, got), had.Project)
			}
			if diff := cmp.Diff(before, c.accountsIn(other)); diff != "" || len(liveKeys(other)) != 0 {
				t.Errorf("%s\nmade in the other project: %v %s", tc.reason, liveKeys(other), diff)
			}
			if sim.Works(had.Value) != tc.works {
				t.Errorf("%s\nthat the key works is %t, want %t", tc.reason, !tc.works, tc.works)
			}

			// The deletion must end although the object reports a problem.
			c.delete(c.key)
			c.awaitGone(c.key)
			c.delete(c.account)
			c.awaitGone(c.account)
			if sim.Works(had.Value) {
				t.Errorf("%s\nthe key works on after its object", tc.reason)
			}
			if diff := cmp.Diff(before, c.accountsIn(other)); diff != "" {
				t.Errorf("%s\naccounts of the other project: -before, +after:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestASelectorThatMatchesSeveralObjectsIsNotGuessedFrom(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		// object creates two targets, and returns an object whose selector matches both.
		object func(tn *tenant) (o resource.Managed, targets [2]client.Object)
	}{
		"Projects": {"An account in the wrong project is somebody else's bill.", func(tn *tenant) (resource.Managed, [2]client.Object) {
			sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "undecided"}}
			sa.Spec.ProviderConfigReference = tn.configRef()
			sa.Spec.ForProvider.ProjectIDSelector = selectorOf("both")
			return sa, [2]client.Object{tn.newProject("first", "both"), tn.newProject("second", "both")}
		}},
		"ServiceAccounts": {"A key of the wrong account may do what it should not.", func(tn *tenant) (resource.Managed, [2]client.Object) {
			key := tn.key("undecided", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.ForProvider.ServiceAccountID, cr.Spec.ForProvider.ServiceAccountIDSelector = nil, selectorOf("both")
			})
			return key, [2]client.Object{tn.newServiceAccount("first", "both", tn.project), tn.newServiceAccount("second", "both", tn.project)}
		}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			o, targets := tc.object(tn)
			tn.create(o)
			message := tn.awaitProblem(o)
			if !strings.Contains(message, "first") || !strings.Contains(message, "second") {
				t.Errorf("%s\nthe problem is %q, want the names of both matches in it", tc.reason, message)
			}
			assertStable(tn, o)
			if name := meta.GetExternalName(o); name != "" || len(tn.liveIDs()) != 0 {
				t.Errorf("%s\n%q was made all the same, and keys %v", tc.reason, name, tn.liveIDs())
			}
			change(tn, targets[0], func(o client.Object) { o.SetLabels(nil) })
			tn.awaitReady(o)
		})
	}
}
