// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestAnInterruptedCreateMakesNoSecondAccountWhileListsLag(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	for _, fault := range []simulator.Fault{
		{Route: simulator.RouteCreateServiceAccount, Kind: simulator.FaultResetAfter, Count: 1},
		{Route: simulator.RouteListServiceAccounts, Kind: simulator.FaultLag, Duration: 14 * time.Second},
	} {
		fault.PathContains = tn.project
		_, err := sim.AddFault(fault)
		tn.must(err)
	}
	sa := tn.accountObject("once")
	tn.create(sa)
	tn.awaitReady(sa)
	tn.await("a list that shows all accounts", func() (bool, string) { return len(tn.accountsNamed("once")) > 0, "" })
	if diff := cmp.Diff([]string{meta.GetExternalName(sa)}, tn.accountsNamed("once")); diff != "" {
		t.Errorf("accounts at OpenAI: -want, +got:\n%s", diff)
	}
}

func TestANamesakeOfTheSameMinutesIsLeftAloneWhateverOpenAIsClockSays(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{"OpenAIIsAhead": 3 * time.Hour, "OpenAIIsBehind": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, own := newTenantWithOwnOpenAI(t)
			own.Advance(ahead)
			namesake := tn.newAccount("robot")
			own.Advance(20 * time.Second)
			_, err := own.AddFault(simulator.Fault{Route: simulator.RouteCreateServiceAccount, PathContains: tn.project, Kind: simulator.FaultResetBefore, Count: 1})
			tn.must(err)

			sa := tn.accountObject("robot")
			tn.create(sa)
			tn.awaitReady(sa)
			id := meta.GetExternalName(sa)
			if id == namesake {
				t.Fatal("the object took the account that somebody else had made")
			}
			if n := len(tn.accountsNamed("robot")); n != 2 {
				t.Errorf("%d accounts of the name, want the namesake's and the object's", n)
			}
			tn.delete(sa)
			tn.awaitGone(sa)
			if diff := cmp.Diff([]string{namesake}, tn.accountsNamed("robot")); diff != "" {
				t.Errorf("accounts at OpenAI after the object: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestAnInterruptedCreateIsRecoveredWhateverOpenAIsClockSays(t *testing.T) {
	t.Parallel()
	for name, ahead := range map[string]time.Duration{"OpenAIIsAhead": 3 * time.Hour, "OpenAIIsBehind": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn, own := newTenantWithOwnOpenAI(t)
			own.Advance(ahead)
			for _, route := range []simulator.Route{simulator.RouteCreateServiceAccount, simulator.RouteCreateProject} {
				_, err := own.AddFault(simulator.Fault{Route: route, Kind: simulator.FaultResetAfter, Count: 1})
				tn.must(err)
			}
			p, sa := tn.projectObject(tn.namespace+"-once"), tn.accountObject("once")
			tn.create(p)
			tn.create(sa)
			tn.awaitReady(p, sa)
			got := map[string][]string{"projects": tn.projectsNamed(p.Name), "accounts": tn.accountsNamed("once")}
			want := map[string][]string{"projects": {meta.GetExternalName(p)}, "accounts": {meta.GetExternalName(sa)}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("at OpenAI: -want, +got:\n%s", diff)
			}
		})
	}
}

func TestACreateThatOpenAIConfirmsWithoutAnIDOrATimeIsNotRepeated(t *testing.T) {
	t.Parallel()
	g := newRewritingGateway(t)
	tn := newTenant(t, g.serve)
	g.setRules(rewriteRules{response: func(r *http.Request, o map[string]any) {
		o["created_at"] = nil
		if createsResource(r) {
			delete(o, "id")
		}
	}})
	p := tn.projectObject(tn.namespace + "-once")
	tn.create(p)
	tn.awaitNotReady("does not tell when", p)
	made := tn.projectsNamed(p.Name)
	if len(made) != 1 {
		t.Fatalf("projects %v of the name, want one", made)
	}
	// A requested reconcile counts as handled although it fails.
	tn.reconcileAgain(3, p)
	tn.awaitNotReady(made[0], p)
	if diff := cmp.Diff(made, tn.projectsNamed(p.Name)); diff != "" {
		t.Errorf("projects at OpenAI: -want, +got:\n%s", diff)
	}
	tn.annotate(p, annotations{meta.AnnotationKeyExternalName: made[0]})
	tn.awaitReady(p)
	if diff := cmp.Diff(made, tn.projectsNamed(p.Name)); diff != "" {
		t.Errorf("projects at OpenAI in the end: -want, +got:\n%s", diff)
	}
}

func TestACreateThatIsAnsweredByAnothersReplyTakesNothingFromIt(t *testing.T) {
	t.Parallel()
	g := newRewritingGateway(t)
	tn := newTenant(t, g.serve)
	first, second := tn.accountObject("first"), tn.accountObject("second")
	tn.create(first)
	tn.awaitReady(first)
	id, replays := meta.GetExternalName(first), 0
	g.setRules(rewriteRules{response: func(r *http.Request, o map[string]any) {
		if createsResource(r) && replays == 0 {
			o["id"], o["name"] = id, "first"
			replays++
		}
	}})
	tn.create(second)
	tn.awaitReady(second)
	want := map[string][]string{"first": {id}, "second": {meta.GetExternalName(second)}}
	if diff := cmp.Diff(want, map[string][]string{"first": tn.accountsNamed("first"), "second": tn.accountsNamed("second")}); diff != "" {
		t.Errorf("accounts at OpenAI: -want, +got:\n%s", diff)
	}
	if meta.GetExternalName(second) == id {
		t.Error("two objects have one account")
	}
}

func TestANameThatOpenAIKeepsInAnotherFormIsMadeOnceAndNotChangedAtEachPoll(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		keeps  func(name string) string
	}{
		"InLowerCaseWithSingleBlanks": {"A name is not case-sensitive.", func(n string) string { return strings.ToLower(strings.Join(strings.Fields(n), " ")) }},
		"Shortened":                   {"A name has a greatest length.", func(n string) string { return n[:min(len(n), 40)] }},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRewritingGateway(t)
			tn := newTenant(t, g.serve)
			g.setRules(rewriteRules{request: func(_ *http.Request, o map[string]any) {
				if n, ok := o["name"].(string); ok {
					o["name"] = tc.keeps(n)
				}
			}})
			_, err := sim.AddFault(simulator.Fault{Route: simulator.RouteCreateServiceAccount, PathContains: tn.project, Kind: simulator.FaultResetAfter, Count: 1})
			tn.must(err)
			const asked = "Checkout  Service (Production, Europe, Frankfurt)"
			sa := tn.accountObject("checkout", func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Name = new(asked) })
			tn.create(sa)
			tn.awaitReady(sa)
			id := meta.GetExternalName(sa)
			if diff := cmp.Diff([]string{id}, tn.accountsNamed(tc.keeps(asked))); diff != "" {
				t.Errorf("\n%s\naccounts at OpenAI: -want, +got:\n%s", tc.reason, diff)
			}
			before := countUpdates(simulator.RouteUpdateServiceAccount, id)
			tn.reconcileAgain(3, sa)
			tn.awaitReady(sa)
			if n := countUpdates(simulator.RouteUpdateServiceAccount, id) - before; n != 0 {
				t.Errorf("\n%s\n%d more updates, want none", tc.reason, n)
			}
			if ready := sa.GetCondition("Ready"); ready.Message != "" {
				t.Errorf("\n%s\nReady says %q, want nothing said of another form", tc.reason, ready.Message)
			}
		})
	}
}
