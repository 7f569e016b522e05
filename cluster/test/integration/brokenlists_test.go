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

// brokenLists are replies that no list of things is, by what is wrong with them.
var brokenLists = map[string]reply{
	"EmptyAlthoughMoreFollow": {http.StatusOK, "application/json", `{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":true}`},
	"WithoutData":             {http.StatusOK, "application/json", `{}`},
	"WithNullForData":         {http.StatusOK, "application/json", `{"object":"list","data":null,"has_more":false}`},
	"OfThingsWithoutID":       {http.StatusOK, "application/json", `{"object":"list","data":[{"id":""}],"has_more":true}`},
}

// newKey makes a key at OpenAI by other means.
func (tn *tenant) newKey() string {
	tn.Helper()
	k, err := tn.openai.ServiceAccounts.APIKeys.New(tn.Context(), tn.project, tn.account, openai.AdminOrganizationProjectServiceAccountAPIKeyNewParams{})
	tn.must(err)
	return k.ID
}

// with a key that nobody manages, of the things that should live.
func with(key string, living map[string][]string) map[string][]string {
	all := maps.Clone(living)
	all["ProjectAPIKey"] = append(slices.Clone(living["ProjectAPIKey"]), key)
	return all
}

// readByID counts the times that OpenAI was asked for the thing with an ID.
func readByID(id string) int {
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
	tenants, all, gateways := map[string]*tenant{}, map[string][]*thing{}, map[string]*gateway{}
	for name := range brokenLists {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].things("listed")
	}
	route := map[string]string{"Project": "/projects", "ProjectServiceAccount": "/service_accounts", "ProjectAPIKey": "/api_keys"}
	for name, broken := range brokenLists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, g, all := tenants[name].in(t), gateways[name], all[name]
			tn.awaitThings(all...)
			value := tn.working("listed")
			want := with(tn.newKey(), idsOf(all))

			g.begin(trouble{meets: listsThings, count: 1, reply: broken})
			for _, th := range all {
				tn.await("one such list for "+th.String(), func() (bool, string) { return g.answered(route[th.kind]) == 1, "none" })
				tn.reconcileAgain(1, th.object)
				tn.awaitReady(th.object)
			}
			tn.assertLiving("A list that failed once.", "listed", want)

			g.begin(trouble{meets: listsThings, reply: broken})
			for _, th := range all {
				tn.await("more such lists for "+th.String(), func() (bool, string) {
					n := g.answered(route[th.kind])
					return n >= 2, fmt.Sprint(n)
				})
				tn.awaitProblem(th.object)
			}
			// Before they have failed for so long that they are tried again late.
			g.begin()
			for _, th := range all {
				tn.awaitReady(th.object)
			}
			tn.assertLiving("Lists that failed again and again.", "listed", want)
			if tn.working("listed") != value {
				t.Error("the Secret has another key")
			}
		})
	}
}

func TestWhatAListLeavesOutIsAskedForByID(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		list   func(all []*thing) rewriting
	}{
		"Empty":   {"As for a search index that is made anew.", func([]*thing) rewriting { return listing(func(map[string]any) bool { return false }) }},
		"Lagging": {"OpenAI's lists show late what is new.", func([]*thing) rewriting { return lagging(24 * time.Hour) }},
		"Shortened": {"Others are listed.", func(all []*thing) rewriting {
			var ids []string
			for _, th := range all {
				ids = append(ids, th.id)
			}
			return without(ids...)
		}},
	}
	tenants, all, gateways := map[string]*tenant{}, map[string][]*thing{}, map[string]*gateway{}
	for name := range cases {
		gateways[name] = newGateway(t)
		tenants[name] = newTenant(t, gateways[name].serve)
		all[name] = tenants[name].things("unlisted")
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, g, all := tenants[name].in(t), gateways[name], all[name]
			tn.awaitThings(all...)
			value := tn.working("unlisted")
			nobodys := tn.newKey()
			g.begin(trouble{meets: listsThings, rewrite: tc.list(all)})
			tn.withoutMemory()

			before := map[string]int{}
			for _, th := range all {
				before[th.id] = readByID(th.id)
			}
			for _, th := range all {
				tn.await("a question for "+th.id, func() (bool, string) { return readByID(th.id) > before[th.id], "none" })
				tn.reconcileAgain(2, th.object)
				tn.awaitReady(th.object)
			}
			tn.assertLiving(tc.reason, "unlisted", with(nobodys, idsOf(all)))
			if tn.working("unlisted") != value {
				t.Errorf("%s\nthe Secret has another key", tc.reason)
			}
			for _, th := range slices.Backward(all) {
				tn.delete(th.object)
				tn.awaitEnd(th)
			}
			tn.assertLiving(tc.reason, "unlisted", with(nobodys, nothingLives))
		})
	}
}

// withoutMemory has the provider forget what it made for the tenant, as if it was
// started anew: a credential that is new to it has seen nothing.
func (tn *tenant) withoutMemory() {
	tn.Helper()
	value := "sk-admin-SIMULATED-anew-" + tn.namespace
	sim.AddAdminKey(simulator.AdminKey{Value: value, OrganizationID: simulator.DefaultOrganizationID})
	tn.swap(value)
}

func TestAKeyThatOpenAIDeniedForAWhileRetiresWithItsOverlap(t *testing.T) {
	t.Parallel()
	g := newGateway(t)
	tn := newTenant(t, g.serve)
	key := tn.key("denied")
	tn.create(key)
	tn.awaitReady(key)
	first, id := tn.working("denied"), meta.GetExternalName(key)
	// A list would show a key that was issued an hour ago.
	change(tn, tn.secret("denied"), func(s *corev1.Secret) {
		s.Annotations["openai.crossplane.io/issued-at"] = time.Now().UTC().Add(-time.Hour).Format(time.RFC3339)
	})
	g.begin(trouble{meets: reads(id), reply: openAINotFound}, trouble{meets: listsKeys, rewrite: without(id)})
	tn.withoutMemory()
	tn.awaitSuccessor("denied", first)
	tn.awaitReady(key)

	g.begin()
	tn.await("the former key in the status", func() (bool, string) {
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
