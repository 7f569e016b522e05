// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"fmt"
	"net/http"
	"path"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestARoleThatOpenAIAnswersOtherwiseIsReportedAndNotChangedAtEachPoll(t *testing.T) {
	t.Parallel()
	g := newRewritingGateway(t)
	tn := newTenant(t, g.serve)
	g.setRules(rewriteRules{response: func(_ *http.Request, o map[string]any) {
		if o["role"] == "member" {
			o["role"] = "viewer"
		}
	}})
	sa := tn.accountObject("backend-2", func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Role = "member" })
	tn.create(sa)
	const message = `OpenAI answers role "viewer" where "member" is asked for; the change is tried again later`
	tn.await("a word of the role", func() (bool, string) {
		tn.get(sa)
		return sa.GetCondition("Ready").Message == message, asJSON(t, sa.Status)
	})
	tn.awaitReady(sa)
	id := meta.GetExternalName(sa)
	before := countUpdates(simulator.RouteUpdateServiceAccount, id)
	tn.reconcileAgain(3, sa)
	tn.awaitReady(sa)
	if n := countUpdates(simulator.RouteUpdateServiceAccount, id) - before; n != 0 {
		t.Errorf("%d more updates, want none", n)
	}

	change(tn, sa, func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Role = "owner" })
	tn.await("another role, which is asked for at once", func() (bool, string) {
		role := tn.nameAndRole(id)[1]
		return role == "owner", role
	})
	tn.await("no more word of it", func() (bool, string) {
		tn.get(sa)
		return sa.GetCondition("Ready").Message == "" && sa.Status.AtProvider.Role == "owner", asJSON(t, sa.Status)
	})
}

func TestAnExternalKeyThatTheSpecNoLongerHasIsDetached(t *testing.T) {
	t.Parallel()
	externalKey := func(tn *tenant, id string) string {
		o, err := tn.openai.Get(tn.Context(), id)
		tn.must(err)
		return o.ExternalKeyID
	}
	withKey := func(cr *v1alpha1.Project) { cr.Spec.ForProvider.ExternalKeyID = new("extkey_1") }
	without := func(cr *v1alpha1.Project) { cr.Spec.ForProvider.ExternalKeyID = nil }
	cases := map[string]struct {
		reason string
		// object returns an object that is Ready.
		object func(tn *tenant) *v1alpha1.Project
		// theirs is the encryption key that somebody else gives the project.
		theirs string
		change func(cr *v1alpha1.Project)
		want   string
	}{
		"Removed": {
			"What the spec gave it takes again.", func(tn *tenant) *v1alpha1.Project { return tn.projectObject(tn.namespace+"-keyed", withKey) }, "", without, "",
		},
		"Exchanged": {
			"Another key is no removal.", func(tn *tenant) *v1alpha1.Project { return tn.projectObject(tn.namespace+"-keyed", withKey) }, "",
			func(cr *v1alpha1.Project) { cr.Spec.ForProvider.ExternalKeyID = new("extkey_2") }, "extkey_2",
		},
		"AnotherOneMeanwhile": {
			"It is no longer the one that the spec gave.", func(tn *tenant) *v1alpha1.Project { return tn.projectObject(tn.namespace+"-keyed", withKey) }, "extkey_9", without, "extkey_9",
		},
		"NeverGiven": {
			"What somebody else gave is theirs.",
			func(tn *tenant) *v1alpha1.Project {
				o, err := tn.openai.New(tn.Context(), openai.AdminOrganizationProjectNewParams{Name: tn.namespace + "-theirs", ExternalKeyID: openai.String("extkey_9")})
				tn.must(err)
				return imported(tn.projectObject(tn.namespace+"-keyed"), o.ID)
			}, "",
			func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = new(cr.Name) }, "extkey_9",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			p := tc.object(tn)
			tn.create(p)
			tn.awaitReady(p)
			id := meta.GetExternalName(p)
			if tc.theirs != "" {
				tn.pause(p)
				_, err := tn.openai.Update(t.Context(), id, openai.AdminOrganizationProjectUpdateParams{ExternalKeyID: openai.String(tc.theirs)})
				tn.must(err)
			}
			change(tn, p, tc.change)
			tn.annotate(p, annotations{meta.AnnotationKeyReconciliationPaused: nil})
			tn.awaitReady(p)
			tn.await(fmt.Sprintf("encryption key %q", tc.want), func() (bool, string) {
				tn.get(p)
				return p.Status.AtProvider.ExternalKeyID == tc.want, asJSON(t, p.Status)
			})
			if diff := cmp.Diff(tc.want, externalKey(tn, id)); diff != "" {
				t.Errorf("\n%s\nencryption key at OpenAI: -want, +got:\n%s", tc.reason, diff)
			}
			before := countUpdates(simulator.RouteUpdateProject, id)
			tn.reconcileAgain(2, p)
			tn.awaitReady(p)
			if n := countUpdates(simulator.RouteUpdateProject, id) - before; n != 0 {
				t.Errorf("\n%s\n%d more updates, want none", tc.reason, n)
			}
		})
	}
}

func TestANameWithOuterBlanksIsRefused(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	for _, name := range []string{" checkout", "checkout ", "\tcheckout", "checkout\n", " "} {
		p := tn.projectObject("blank", func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = &name })
		sa := tn.accountObject("blank", func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Name = &name })
		for kind, err := range map[string]error{"Project": kube.Create(t.Context(), p), "ProjectServiceAccount": kube.Create(t.Context(), sa)} {
			if err == nil || !strings.Contains(err.Error(), "must not begin or end with a blank: remove the blanks") {
				t.Errorf("%s with name %q: want it refused with the remedy, got %v", kind, name, err)
			}
		}
	}
}

func TestADeletionInAnArchivedProjectEndsThoughOpenAIStillShowsTheAccount(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]int{"RefusedAsInvalid": http.StatusBadRequest, "RefusedAsForbidden": http.StatusForbidden} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRewritingGateway(t)
			tn := newTenant(t, g.serve)
			sa := tn.accountObject("doomed")
			tn.create(sa)
			tn.awaitReady(sa)
			id := meta.GetExternalName(sa)
			tn.reconcileAgain(1, sa)
			// Through the gateway, which so records the reply to this GET that it repeats later.
			through := openai.NewAdminOrganizationProjectServiceAccountService(
				option.WithBaseURL(g.URL+"/v1"), option.WithAdminAPIKey(simulator.DefaultAdminKey), option.WithMaxRetries(0))
			_, err := through.Get(t.Context(), tn.project, id)
			tn.must(err)
			_, err = sim.AddFault(simulator.Fault{Route: simulator.RouteDeleteServiceAccount, PathContains: id, Kind: simulator.FaultError, Status: refusal})
			tn.must(err)
			g.setRules(rewriteRules{stale: func(r *http.Request) bool {
				return r.Method == http.MethodGet && (path.Base(r.URL.Path) == "service_accounts" || path.Base(r.URL.Path) == id)
			}})
			tn.archive(tn.project)
			tn.reconcileAgain(1, sa)

			tn.delete(sa)
			tn.awaitGone(sa)
			tn.awaitEventWith(sa, "Orphaned", id, tn.project, "archived")
		})
	}
}

func TestNothingIsCreatedTwiceInAnArchivedProject(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	tn.archive(tn.project)
	sa := tn.accountObject("late")
	tn.create(sa)
	tn.awaitNotReady("is archived, which cannot be undone", sa)
	tn.reconcileAgain(3, sa)
	tn.awaitStopped("is archived, which cannot be undone", sa)
	if n := tn.calls(simulator.RouteCreateServiceAccount); n > 2 {
		t.Errorf("%d calls to create an account, want the tenant's and one of the object", n)
	}
	tn.delete(sa)
	tn.awaitGone(sa)
}
