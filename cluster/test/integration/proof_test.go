// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	kerrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

// assertLiving asserts which projects, accounts and keys of a name live at OpenAI.
func (tn *tenant) assertLiving(reason, name string, want map[string][]string) {
	tn.Helper()
	got := map[string][]string{
		"Project":               tn.projectsNamed(tn.namespace + "-" + name),
		"ProjectServiceAccount": tn.accountsNamed(name),
		"ProjectAPIKey":         tn.liveIDs(),
	}
	if diff := cmp.Diff(want, got, equateEmpty); diff != "" {
		tn.Errorf("%s\nliving at OpenAI: -want, +got:\n%s", reason, diff)
	}
}

// idsOf things by their kind.
func idsOf(all []*thing) map[string][]string {
	ids := map[string][]string{}
	for _, th := range all {
		ids[th.kind] = append(ids[th.kind], th.id)
	}
	return ids
}

var nothingLives = map[string][]string{"Project": nil, "ProjectServiceAccount": nil, "ProjectAPIKey": nil}

func TestADeletionIsRepeatedUntilOpenAIConfirmsIt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		trouble
	}{
		"OpenAIsNotFoundOfWhatLives": {"Where the call went, a lagging copy did not know it yet.", trouble{meets: endsAThing, count: 1, reply: openAINotFound}},
		"NotDeleted":                 {"A reply that says otherwise.", trouble{meets: endsAThing, count: 2, reply: reply{http.StatusOK, "application/json", `{"deleted":false,"status":"active"}`}}},
		"AnEmptyObject":              {"A reply that does not say so.", trouble{meets: endsAThing, count: 1, reply: reply{http.StatusOK, "application/json", `{}`}}},
		"NoContent":                  {"A gateway in a hurry.", trouble{meets: endsAThing, count: 1, reply: reply{status: http.StatusNoContent}}},
		"ALoginPage":                 {"A portal that wants to be signed in to.", trouble{meets: endsAThing, count: 1, reply: reply{http.StatusOK, "text/html", "<html>Sign in</html>"}}},
		"APageThoughDeleted":         {"The next try finds nothing, which is no error.", trouble{meets: endsAThing, count: 1, afterwards: true, reply: notFounds["APage"]}},
		"NotDeletedThoughDeleted":    {"As above.", trouble{meets: endsAThing, count: 1, afterwards: true, reply: reply{http.StatusOK, "application/json", `{}`}}},
	}
	for name, reply := range notFounds {
		cases[name] = struct {
			reason string
			trouble
		}{"It is the gateway that does not find something.", trouble{meets: func(r *http.Request) bool { return listsThings(r) || endsAThing(r) }, count: 1, reply: reply}}
	}
	tenants, all, gateways := map[string]*tenant{}, map[string][]*thing{}, map[string]*gateway{}
	for name := range cases {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].things("ending")
	}
	for name, tc := range cases {
		tn := tenants[name]
		tn.awaitThings(all[name]...)
		gateways[name].begin(tc.trouble)
		for _, th := range all[name] {
			tn.delete(th.object)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.in(t)
			for _, th := range all[name] {
				tn.awaitGone(th.object)
			}
			tn.assertLiving(tc.reason, "ending", nothingLives)
		})
	}
}

func TestAListThatIsNotFoundMakesNothingForgotten(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		reply  reply
		delete bool
	}{
		"APageWhileItLives":           {"Nothing is made a second time.", notFounds["APage"], false},
		"OpenAIsNotFoundWhileItLives": {"It is not the thing that is not found.", openAINotFound, false},
		"APageWhileItEnds":            {"What is not listed is not gone.", notFounds["APage"], true},
		"OpenAIsNotFoundWhileItEnds":  {"As above.", openAINotFound, true},
	}
	tenants, all, gateways := map[string]*tenant{}, map[string][]*thing{}, map[string]*gateway{}
	for name := range cases {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].things("listed")
	}
	for name, tc := range cases {
		tn, g := tenants[name], gateways[name]
		tn.awaitThings(all[name]...)
		g.begin(trouble{meets: listsThings, reply: tc.reply})
	}
	route := map[string]string{"Project": "/projects", "ProjectServiceAccount": "/service_accounts", "ProjectAPIKey": "/api_keys"}
	for name, tc := range cases {
		tn, g := tenants[name], gateways[name]
		awaitFailed := func(th *thing, lists int) {
			tn.await(fmt.Sprintf("list %d that fails, or an end without it", lists), func() (bool, string) {
				gone := kerrors.IsNotFound(kube.Get(t.Context(), client.ObjectKeyFromObject(th.object), th.object))
				return gone || g.answered(route[th.kind]) >= lists, fmt.Sprint(g.answered(route[th.kind]))
			})
		}
		for _, th := range all[name] {
			awaitFailed(th, 1)
			if tc.delete {
				tn.delete(th.object)
			}
		}
		for _, th := range all[name] {
			awaitFailed(th, 2)
		}
		// Before they have failed for so long that they are tried again late.
		g.begin()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.in(t)
			if tc.delete {
				for _, th := range all[name] {
					tn.awaitGone(th.object)
				}
				tn.assertLiving(tc.reason, "listed", nothingLives)
				return
			}
			for _, th := range all[name] {
				tn.awaitReady(th.object)
			}
			tn.assertLiving(tc.reason, "listed", idsOf(all[name]))
		})
	}
}

func TestAGatewaysNotFoundInPlaceOfAThingIsNoWordOfIt(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"APage", "AnErrorWithoutType"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
			tn.must(err)

			// What the lists do not show is asked for.
			g.begin(trouble{meets: readsAThing, reply: notFounds[name]}, trouble{meets: listsThings, reply: noneListed})
			p := &v1alpha1.Project{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: tn.namespace}}
			sa := &v1alpha1.ProjectServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: tn.namespace, Name: "backend"}}
			sa.Spec.ForProvider.ProjectID = &tn.project
			key := tn.key("watched", func(cr *v1alpha1.ProjectAPIKey) {
				cr.Spec.WriteConnectionSecretToReference = nil
				cr.Spec.ManagementPolicies = xpv2.ManagementPolicies{xpv2.ManagementActionObserve}
			})
			ids := map[resource.ModernManaged]string{p: tn.project, sa: tn.account, key: existing.ID}
			for o, id := range ids {
				o.SetProviderConfigReference(tn.configRef())
				meta.SetExternalName(o, id)
				tn.create(o)
			}
			for o := range ids {
				if got := tn.awaitProblem(o); strings.Contains(got, "does not exist") {
					t.Errorf("the problem of the %T is %q, which nobody knows", o, got)
				}
			}
			g.begin()
			tn.awaitReady(p, sa, key)
			got := map[string][]string{"projects": tn.projectsNamed(tn.namespace), "accounts": tn.accountsNamed("backend"), "keys": tn.liveIDs()}
			if diff := cmp.Diff(map[string][]string{"projects": {tn.project}, "accounts": {tn.account}, "keys": {existing.ID}}, got); diff != "" {
				t.Errorf("living at OpenAI: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestACreateThatAGatewayAnsweredIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"APage", "AnErrorWithoutType"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			g.begin(trouble{meets: makesAThing, count: 1, afterwards: true, reply: notFounds[name]})
			all := tn.things("once")
			tn.awaitThings(all...)
			tn.assertLiving("OpenAI did what it was asked to.", "once", idsOf(all))
		})
	}
}
