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

// assertExisting asserts which projects, accounts and keys with a name exist at OpenAI.
func (tn *tenant) assertExisting(reason, name string, want map[string][]string) {
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

// idsOf returns the external IDs of managed resources by kind.
func idsOf(all []*managedResource) map[string][]string {
	ids := map[string][]string{}
	for _, mr := range all {
		ids[mr.kind] = append(ids[mr.kind], mr.id)
	}
	return ids
}

var nothingExists = map[string][]string{"Project": nil, "ProjectServiceAccount": nil, "ProjectAPIKey": nil}

func TestADeletionIsRepeatedUntilOpenAIConfirmsIt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		interception
	}{
		"OpenAIsNotFoundOfWhatLives": {"Where the call went, a lagging copy did not know it yet.", interception{matches: deletesResource, count: 1, reply: openAINotFound}},
		"NotDeleted":                 {"A reply that says otherwise.", interception{matches: deletesResource, count: 2, reply: reply{http.StatusOK, "application/json", `{"deleted":false,"status":"active"}`}}},
		"AnEmptyObject":              {"A reply that does not say so.", interception{matches: deletesResource, count: 1, reply: reply{http.StatusOK, "application/json", `{}`}}},
		"NoContent":                  {"A gateway in a hurry.", interception{matches: deletesResource, count: 1, reply: reply{status: http.StatusNoContent}}},
		"ALoginPage":                 {"A portal that wants to be signed in to.", interception{matches: deletesResource, count: 1, reply: reply{http.StatusOK, "text/html", "<html>Sign in</html>"}}},
		"APageThoughDeleted":         {"The next try finds nothing, which is no error.", interception{matches: deletesResource, count: 1, afterCall: true, reply: gatewayNotFounds["APage"]}},
		"NotDeletedThoughDeleted":    {"As above.", interception{matches: deletesResource, count: 1, afterCall: true, reply: reply{http.StatusOK, "application/json", `{}`}}},
	}
	for name, reply := range gatewayNotFounds {
		cases[name] = struct {
			reason string
			interception
		}{"It is the gateway that does not find something.", interception{matches: func(r *http.Request) bool { return listsResources(r) || deletesResource(r) }, count: 1, reply: reply}}
	}
	tenants, all, gateways := map[string]*tenant{}, map[string][]*managedResource{}, map[string]*gateway{}
	for name := range cases {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].oneOfEachKind("ending")
	}
	for name, tc := range cases {
		tn := tenants[name]
		tn.awaitResources(all[name]...)
		gateways[name].intercept(tc.interception)
		for _, mr := range all[name] {
			tn.delete(mr.object)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			for _, mr := range all[name] {
				tn.awaitGone(mr.object)
			}
			tn.assertExisting(tc.reason, "ending", nothingExists)
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
		"APageWhileItLives":           {"Nothing is made a second time.", gatewayNotFounds["APage"], false},
		"OpenAIsNotFoundWhileItLives": {"The list is not found, not the resource.", openAINotFound, false},
		"APageWhileItEnds":            {"What is not listed is not gone.", gatewayNotFounds["APage"], true},
		"OpenAIsNotFoundWhileItEnds":  {"As above.", openAINotFound, true},
	}
	tenants, all, gateways := map[string]*tenant{}, map[string][]*managedResource{}, map[string]*gateway{}
	for name := range cases {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].oneOfEachKind("listed")
	}
	for name, tc := range cases {
		tn, g := tenants[name], gateways[name]
		tn.awaitResources(all[name]...)
		g.intercept(interception{matches: listsResources, reply: tc.reply})
	}
	route := map[string]string{"Project": "/projects", "ProjectServiceAccount": "/service_accounts", "ProjectAPIKey": "/api_keys"}
	for name, tc := range cases {
		tn, g := tenants[name], gateways[name]
		awaitFailed := func(mr *managedResource, lists int) {
			tn.await(fmt.Sprintf("list %d that fails, or an end without it", lists), func() (bool, string) {
				gone := kerrors.IsNotFound(kube.Get(t.Context(), client.ObjectKeyFromObject(mr.object), mr.object))
				return gone || g.answered(route[mr.kind]) >= lists, fmt.Sprint(g.answered(route[mr.kind]))
			})
		}
		for _, mr := range all[name] {
			awaitFailed(mr, 1)
			if tc.delete {
				tn.delete(mr.object)
			}
		}
		for _, mr := range all[name] {
			awaitFailed(mr, 2)
		}
		// The faults end before the backoff of the objects gets long.
		g.intercept()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := tn.forSubtest(t)
			if tc.delete {
				for _, mr := range all[name] {
					tn.awaitGone(mr.object)
				}
				tn.assertExisting(tc.reason, "listed", nothingExists)
				return
			}
			for _, mr := range all[name] {
				tn.awaitReady(mr.object)
			}
			tn.assertExisting(tc.reason, "listed", idsOf(all[name]))
		})
	}
}

func TestANotFoundOfAGatewayProvesNoAbsence(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"APage", "AnErrorWithoutType"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGateway(t)
			tn := newTenant(t, g.serve)
			existing, err := tn.openai.ServiceAccounts.APIKeys.New(t.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
			tn.must(err)

			// The lists are empty, so that each resource is read by its ID.
			g.intercept(interception{matches: readsResource, reply: gatewayNotFounds[name]}, interception{matches: listsResources, reply: emptyList})
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
			g.intercept()
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
			g.intercept(interception{matches: createsResource, count: 1, afterCall: true, reply: gatewayNotFounds[name]})
			all := tn.oneOfEachKind("once")
			tn.awaitResources(all...)
			tn.assertExisting("OpenAI did what it was asked to.", "once", idsOf(all))
		})
	}
}
