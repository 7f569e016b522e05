// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/openai/openai-go/v3"
	corev1 "k8s.io/api/core/v1"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// brokenLists are replies to a list call that are not valid lists, by what is wrong with them.
var brokenLists = map[string]reply{
	"EmptyAlthoughMoreFollow": {http.StatusOK, "application/json", `{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":true}`},
	"WithoutData":             {http.StatusOK, "application/json", `{}`},
	"WithNullForData":         {http.StatusOK, "application/json", `{"object":"list","data":null,"has_more":false}`},
	"OfThingsWithoutID":       {http.StatusOK, "application/json", `{"object":"list","data":[{"id":""}],"has_more":true}`},
}

// newKey issues a key outside of the provider.
func (tn *tenant) newKey() string {
	tn.Helper()
	k, err := tn.openai.ServiceAccounts.APIKeys.New(tn.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
	tn.must(err)
	return k.ID
}

// with adds an unmanaged key to the resources that should exist.
func with(key string, existing map[string][]string) map[string][]string {
	all := maps.Clone(existing)
	all["ProjectAPIKey"] = append(slices.Clone(existing["ProjectAPIKey"]), key)
	return all
}

// countReadsByID counts the GET calls for a resource with an ID.
func countReadsByID(id string) int {
	n := 0
	for _, c := range sim.Calls() {
		if c.Method == http.MethodGet && path.Base(c.Path) == id {
			n++
		}
	}
	return n
}

func TestAListThatIsNoneMakesAndEndsNothing(t *testing.T) {
	t.Parallel()
	tenants, all, gateways := map[string]*tenant{}, map[string][]*managedResource{}, map[string]*gateway{}
	for name := range brokenLists {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].oneOfEachKind("listed")
	}
	route := map[string]string{"Project": "/projects", "ProjectServiceAccount": "/service_accounts", "ProjectAPIKey": "/api_keys"}
	for name, broken := range brokenLists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, g, all := tenants[name].forSubtest(t), gateways[name], all[name]
			tn.awaitResources(all...)
			value := tn.workingKey("listed")
			want := with(tn.newKey(), idsOf(all))

			g.intercept(interception{matches: listsResources, count: 1, reply: broken})
			for _, mr := range all {
				tn.await("one such list for "+mr.String(), func() (bool, string) { return g.answered(route[mr.kind]) == 1, "none" })
				tn.reconcileAgain(1, mr.object)
				tn.awaitReady(mr.object)
			}
			tn.assertExisting("A list that failed once.", "listed", want)

			g.intercept(interception{matches: listsResources, reply: broken})
			for _, mr := range all {
				tn.await("more such lists for "+mr.String(), func() (bool, string) {
					n := g.answered(route[mr.kind])
					return n >= 2, fmt.Sprint(n)
				})
				tn.awaitProblem(mr.object)
			}
			// The faults end before the backoff of the objects gets long.
			g.intercept()
			for _, mr := range all {
				tn.awaitReady(mr.object)
			}
			tn.assertExisting("Lists that failed again and again.", "listed", want)
			if tn.workingKey("listed") != value {
				t.Error("the Secret has another key")
			}
		})
	}
}

func TestWhatAListLeavesOutIsAskedForByID(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		list   func(all []*managedResource) rewriting
	}{
		"Empty":   {"As for a search index that is built again.", func([]*managedResource) rewriting { return onlyListing(func(map[string]any) bool { return false }) }},
		"Lagging": {"OpenAI's lists show late what is new.", func([]*managedResource) rewriting { return lagging(24 * time.Hour) }},
		"Shortened": {"Others are listed.", func(all []*managedResource) rewriting {
			var ids []string
			for _, mr := range all {
				ids = append(ids, mr.id)
			}
			return without(ids...)
		}},
	}
	tenants, all, gateways := map[string]*tenant{}, map[string][]*managedResource{}, map[string]*gateway{}
	for name := range cases {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].oneOfEachKind("unlisted")
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, g, all := tenants[name].forSubtest(t), gateways[name], all[name]
			tn.awaitResources(all...)
			value := tn.workingKey("unlisted")
			nobodys := tn.newKey()
			g.intercept(interception{matches: listsResources, rewrite: tc.list(all)})
			tn.forgetCaches()

			before := map[string]int{}
			for _, mr := range all {
				before[mr.id] = countReadsByID(mr.id)
			}
			for _, mr := range all {
				tn.await("a question for "+mr.id, func() (bool, string) { return countReadsByID(mr.id) > before[mr.id], "none" })
				tn.reconcileAgain(2, mr.object)
				tn.awaitReady(mr.object)
			}
			tn.assertExisting(tc.reason, "unlisted", with(nobodys, idsOf(all)))
			if tn.workingKey("unlisted") != value {
				t.Errorf("%s\nthe Secret has another key", tc.reason)
			}
			for _, mr := range slices.Backward(all) {
				tn.delete(mr.object)
				tn.awaitDeleted(mr)
			}
			tn.assertExisting(tc.reason, "unlisted", with(nobodys, nothingExists))
		})
	}
}

// forgetCaches gives the tenant a new admin key. The provider caches what it created for each
// credential, so that it behaves as after a restart.
func (tn *tenant) forgetCaches() {
	tn.Helper()
	value := "sk-admin-SIMULATED-anew-" + tn.namespace
	sim.AddAdminKey(simulator.AdminKey{Value: value, OrganizationID: simulator.DefaultOrganizationID})
	tn.setAdminKey(value)
}

func TestAKeyThatOpenAIDeniedForAWhileRetiresWithItsOverlap(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tn := newTenant(t, g.serve)
	key := tn.key("denied")
	tn.create(key)
	tn.awaitReady(key)
	first, id := tn.workingKey("denied"), meta.GetExternalName(key)
	// Backdated, because a list that lags may not show a recently issued key.
	change(tn, tn.secret("denied"), func(s *corev1.Secret) {
		s.Annotations["openai.crossplane.io/issued-at"] = time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)
	})
	g.intercept(interception{matches: readsByID(id), reply: openAINotFound}, interception{matches: listsKeys, rewrite: without(id)})
	tn.forgetCaches()
	tn.awaitSuccessor("denied", first)
	tn.awaitReady(key)

	g.intercept()
	tn.await("the previous key in the status", func() (bool, string) {
		if !sim.Works(first) {
			t.Fatal("a key that consumers may have was revoked at once")
		}
		tn.get(key)
		r := key.Status.AtProvider.Retiring
		return len(r) == 1 && r[0].ID == id && r[0].RevokeAt.After(time.Now().Add(23*time.Hour)), asJSON(t, key.Status.AtProvider)
	})
	tn.reconcileAgain(2, key)
	if !sim.Works(first) || tn.calls(simulator.RouteCreateServiceAccountAPIKey) != 2 {
		t.Errorf("want one successor, and that the key works on with it: %+v", sim.Keys(tn.project))
	}
}
