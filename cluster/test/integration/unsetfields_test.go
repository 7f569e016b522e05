// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package integration

import (
	"path"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// newOwner creates a service account with the owner role outside of the provider.
func (tn *tenant) newOwner(name string) string {
	tn.Helper()
	id := tn.newAccount(name)
	tn.setRole(id, openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleOwner)
	return id
}

// setRole of a service account outside of the provider.
func (tn *tenant) setRole(id string, role openai.AdminOrganizationProjectServiceAccountUpdateParamsRole) {
	tn.Helper()
	_, err := tn.openai.ServiceAccounts.Update(tn.Context(), tn.project, id, openai.AdminOrganizationProjectServiceAccountUpdateParams{Role: role})
	tn.must(err)
}

// nameAndRole of a service account at OpenAI.
func (tn *tenant) nameAndRole(id string) [2]string {
	tn.Helper()
	sa, err := tn.openai.ServiceAccounts.Get(tn.Context(), tn.project, id)
	tn.must(err)
	return [2]string{sa.Name, string(sa.Role)}
}

// projectName at OpenAI.
func (tn *tenant) projectName(id string) string {
	tn.Helper()
	p, err := tn.openai.Get(tn.Context(), id)
	tn.must(err)
	return p.Name
}

// countUpdates counts the update calls for a resource so far.
func countUpdates(route simulator.Route, id string) int {
	n := 0
	for _, c := range sim.CallsTo(route) {
		if path.Base(c.Path) == id {
			n++
		}
	}
	return n
}

func TestAProjectKeepsTheNameThatItsManifestLeavesOut(t *testing.T) {
	t.Parallel()
	const billing = "Billing (Production)"
	imported := func(tn *tenant) *v1alpha1.Project {
		p := tn.projectObject("billing")
		meta.SetExternalName(p, tn.newProjectID(billing))
		tn.create(p)
		tn.awaitReady(p)
		return p
	}
	cases := map[string]struct {
		reason string
		object func(tn *tenant) *v1alpha1.Project
		// renames is the name that somebody else gives the project at OpenAI.
		renames string
		want    string
	}{
		"Imported": {reason: "The name of the object is not one for the project.", object: imported, want: billing},
		"Renamed":  {reason: "Whoever leaves the name out leaves it to others.", object: imported, renames: "Billing (Europe)", want: "Billing (Europe)"},
		"Made": {
			reason: "The default counted when the project was made.",
			object: func(tn *tenant) *v1alpha1.Project {
				p := tn.projectObject("billing")
				tn.create(p)
				tn.awaitReady(p)
				if got := tn.projectName(meta.GetExternalName(p)); got != "billing" {
					tn.Errorf("the project was made with name %q, want that of its object", got)
				}
				return p
			},
			renames: billing,
			want:    billing,
		},
		"NoLongerNamed": {
			reason: "A name that the manifest no longer has stays as it is.",
			object: func(tn *tenant) *v1alpha1.Project {
				p := tn.projectObject("billing", func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = new(billing) })
				tn.create(p)
				tn.awaitReady(p)
				change(tn, p, func(cr *v1alpha1.Project) { cr.Spec.ForProvider.Name = nil })
				return p
			},
			want: billing,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			p := tc.object(tn)
			id := meta.GetExternalName(p)
			if tc.renames != "" {
				_, err := tn.openai.Update(t.Context(), id, openai.AdminOrganizationProjectUpdateParams{Name: openai.String(tc.renames)})
				tn.must(err)
			}
			before := countUpdates(simulator.RouteUpdateProject, id)
			tn.reconcileAgain(2, p)
			tn.awaitReady(p)
			if diff := cmp.Diff([]string{tc.want, tc.want}, []string{tn.projectName(id), p.Status.AtProvider.Name}); diff != "" {
				t.Errorf("\n%s\nname at OpenAI and in the status: -want, +got:\n%s", tc.reason, diff)
			}
			if n := countUpdates(simulator.RouteUpdateProject, id) - before; n != 0 {
				t.Errorf("\n%s\n%d updates, want none", tc.reason, n)
			}
		})
	}
}

func TestAServiceAccountKeepsTheNameAndRoleThatItsManifestLeavesOut(t *testing.T) {
	t.Parallel()
	const bot = "Deploy Bot"
	type params = v1alpha1.ProjectServiceAccountParameters
	imported := func(tn *tenant) string { return tn.newOwner(bot) }
	cases := map[string]struct {
		reason string
		// imports creates the account to import. Nil: the object creates one.
		imports func(tn *tenant) string
		spec    params
		// then changes the account at OpenAI or the spec.
		then func(tn *tenant, sa *v1alpha1.ProjectServiceAccount)
		want [2]string
	}{
		"Imported":         {reason: "Neither is asked for.", imports: imported, want: [2]string{bot, "owner"}},
		"ImportedWithName": {reason: "Only the name is asked for.", imports: imported, spec: params{ResourceName: v1alpha1.ResourceName{Name: new("deploy")}}, want: [2]string{"deploy", "owner"}},
		"ImportedWithRole": {reason: "Only the role is asked for.", imports: imported, spec: params{Role: "member"}, want: [2]string{bot, "member"}},
		"Made":             {reason: "The defaults are for what is made.", want: [2]string{"bot", "member"}},
		"MadeAsOwner":      {reason: "What is asked for goes before the defaults.", spec: params{ResourceName: v1alpha1.ResourceName{Name: new(bot)}, Role: "owner"}, want: [2]string{bot, "owner"}},
		"Promoted": {
			reason: "The default counted when the account was made.",
			then: func(tn *tenant, sa *v1alpha1.ProjectServiceAccount) {
				tn.setRole(meta.GetExternalName(sa), openai.AdminOrganizationProjectServiceAccountUpdateParamsRoleOwner)
			},
			want: [2]string{"bot", "owner"},
		},
		"NoLongerAsked": {
			reason: "What the manifest no longer gives stays as it is.",
			spec:   params{ResourceName: v1alpha1.ResourceName{Name: new(bot)}, Role: "owner"},
			then: func(tn *tenant, sa *v1alpha1.ProjectServiceAccount) {
				change(tn, sa, func(cr *v1alpha1.ProjectServiceAccount) { cr.Spec.ForProvider.Name, cr.Spec.ForProvider.Role = nil, "" })
			},
			want: [2]string{bot, "owner"},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tn := newTenant(t)
			sa := tn.accountObject("bot", func(cr *v1alpha1.ProjectServiceAccount) {
				cr.Spec.ForProvider.Name, cr.Spec.ForProvider.Role = tc.spec.Name, tc.spec.Role
			})
			if tc.imports != nil {
				meta.SetExternalName(sa, tc.imports(tn))
			}
			tn.create(sa)
			tn.awaitReady(sa)
			if tc.then != nil {
				tc.then(tn, sa)
			}
			id := meta.GetExternalName(sa)
			before := countUpdates(simulator.RouteUpdateServiceAccount, id)
			tn.reconcileAgain(2, sa)
			tn.awaitReady(sa)
			if diff := cmp.Diff(tc.want, tn.nameAndRole(id)); diff != "" {
				t.Errorf("\n%s\nname and role at OpenAI: -want, +got:\n%s", tc.reason, diff)
			}
			// For a while after an update, the provider prefers its reply to a list, which may lag.
			tn.await("the name and role in the status", func() (bool, string) {
				tn.get(sa)
				return tc.want == [2]string{sa.Status.AtProvider.Name, sa.Status.AtProvider.Role}, asJSON(t, sa.Status)
			})
			if n := countUpdates(simulator.RouteUpdateServiceAccount, id) - before; n != 0 {
				t.Errorf("\n%s\n%d updates, want none", tc.reason, n)
			}
		})
	}
}

func TestAServiceAccountGetsItsRoleAlthoughThatFailsAtFirst(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	_, err := sim.AddFault(simulator.Fault{Route: simulator.RouteUpdateServiceAccount, PathContains: tn.project, Kind: simulator.FaultError, Count: 2})
	tn.must(err)
	sa := tn.accountObject("late")
	tn.create(sa)
	tn.awaitReady(sa)
	if got := tn.nameAndRole(meta.GetExternalName(sa))[1]; got != "member" {
		t.Errorf("the account has role %q, want member", got)
	}
}

func TestAnImportedServiceAccountWithoutARoleIsGivenNone(t *testing.T) {
	t.Parallel()
	tn := newTenant(t)
	existing, err := tn.openai.ServiceAccounts.New(t.Context(), tn.project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: "suspended", CreateServiceAccountOnly: openai.Bool(true),
	})
	tn.must(err)
	sa := tn.accountObject("imported")
	meta.SetExternalName(sa, existing.ID)
	tn.create(sa)
	tn.awaitNotReady("role", sa)
	tn.reconcileAgain(2, sa)
	tn.awaitNotReady("role", sa)
	if diff := cmp.Diff([2]string{"suspended", "none"}, tn.nameAndRole(existing.ID)); diff != "" {
		t.Errorf("name and role at OpenAI: -want, +got:\n%s", diff)
	}
}
