// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

func TestOrganizationKindsNeedAYes(t *testing.T) {
	namespaced := project("team-a", "p", v1alpha1.ProviderConfigKind, "team")
	cases := map[string]struct {
		reason  string
		mg      resource.ModernManaged
		kinds   string
		allowed []string
		want    string
	}{
		"ProviderConfig": {reason: "Whoever wrote it has the admin key.", mg: namespaced},
		"Allowed":        {reason: "Its author says so.", mg: ofCluster("p"), kinds: v1alpha1.OrganizationKindsAllowed},
		"SaysNothing": {
			reason: "What is not allowed is denied, whatever the CRD's version.", mg: ofCluster("p"),
			want: `ClusterProviderConfig "default" does not allow what belongs to the organization as a whole: use a ProviderConfig, or ask its owner to set organizationKinds: Allowed`,
		},
		"Denied": {
			reason: "Its author says so.", mg: ofCluster("p"), kinds: v1alpha1.OrganizationKindsDenied,
			want: `ClusterProviderConfig "default" does not allow what belongs to the organization as a whole: use a ProviderConfig, or ask its owner to set organizationKinds: Allowed`,
		},
		"AllowedWithProjects": {
			reason: "A group would reach the others as well.", mg: ofCluster("p"), kinds: v1alpha1.OrganizationKindsAllowed, allowed: []string{"proj_1"},
			want: `ClusterProviderConfig "default" is limited to its allowedProjectIDs, and what belongs to the organization as a whole reaches every project: use another configuration, or ask its owner to remove allowedProjectIDs`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kube := kubernetes(t, adminSecret("crossplane-system"), adminSecret("team-a"), config("team-a"), clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) {
				s.OrganizationKinds, s.AllowedProjectIDs = tc.kinds, tc.allowed
			})).Build()
			a, err := connector(t, kube, kube).Connect(t.Context(), tc.mg, nil)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			a.checkOrganization = func(context.Context) error { return nil }
			c, err := a.InOrganization(t.Context())
			if diff := cmp.Diff(tc.want, apitest.Text(err)); diff != "" {
				t.Errorf("\n%s\nInOrganization: -want error, +got error:\n%s", tc.reason, diff)
			}
			if (c == nil) != (err != nil) {
				t.Errorf("\n%s\nInOrganization: want a connection or an error, got %v and %v", tc.reason, c, err)
			}
		})
	}
}

func TestRefusedProjectsQuoteNoKey(t *testing.T) {
	kube := kubernetes(t, adminSecret("crossplane-system"), clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) {
		s.AllowedProjectIDs = []string{"proj_1"}
	})).Build()
	a, err := connector(t, kube, kube).Connect(t.Context(), ofCluster("p"), nil)
	if err != nil {
		t.Fatalf("Connect: %v", err)
	}
	if _, err := a.OfProject(t.Context(), apitest.FakeKey); err == nil || strings.Contains(err.Error(), apitest.FakeKey) {
		t.Errorf("OfProject: want an error without the key that was given as an external name, got %v", err)
	}
}

// TestProjectChecks shows for which projects the check is asked, and what follows.
func TestProjectChecks(t *testing.T) {
	refusal := terminal.Errorf("its manager did not agree")
	cases := map[string]struct {
		reason      string
		namespaced  bool
		forProvider string
		defaultID   string
		allowed     []string
		id          string
		says        error
		asked       []string
		want        string
	}{
		"OfTheKind":            {reason: "Wherever the kind has the ID from.", forProvider: `{}`, id: "proj_1", asked: []string{"proj_1"}},
		"OfTheSpec":            {reason: "The kind does not ask for those in its body.", forProvider: `{"projects": [{"id": "proj_2"}]}`, id: "proj_1", asked: []string{"proj_2", "proj_1"}},
		"OncePerProject":       {reason: "The answer is the same.", forProvider: `{"projectID": "proj_1"}`, id: "proj_1", asked: []string{"proj_1"}},
		"DefaultOfTheCluster":  {reason: "Its author gave it to all.", forProvider: `{"projects": ["proj_d"]}`, defaultID: "proj_d"},
		"DefaultOfTheTenant":   {reason: "A tenant may write any ID there.", namespaced: true, forProvider: `{}`, defaultID: "proj_d", asked: []string{"proj_d"}},
		"Refused":              {reason: "The object stays without.", forProvider: `{}`, id: "proj_1", says: refusal, asked: []string{"proj_1"}, want: refusal.Error()},
		"RefusedInTheSpec":     {reason: "As above.", forProvider: `{"projects": ["proj_2"]}`, id: "proj_1", says: refusal, asked: []string{"proj_2"}, want: refusal.Error()},
		"RefusedAndNotAllowed": {reason: "The other refusal contains the ID.", forProvider: `{}`, id: "proj_1", allowed: []string{"proj_2"}, says: refusal, asked: []string{"proj_1"}, want: refusal.Error()},
		"NotAllowed":           {reason: "The list holds as ever.", forProvider: `{"projects": ["proj_3"]}`, id: "proj_2", allowed: []string{"proj_2"}, asked: []string{"proj_3"}, want: `ClusterProviderConfig "default" does not allow project "proj_3": use one of its allowedProjectIDs, or ask its owner to add this one`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			pc := usedBefore(config("team-a"))
			if tc.defaultID != "" {
				pc.Spec.DefaultProjectID = &tc.defaultID
			}
			kube := kubernetes(t, adminSecret("crossplane-system"), adminSecret("team-a"), pc, clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) {
				s.DefaultProjectID, s.AllowedProjectIDs = pc.Spec.DefaultProjectID, tc.allowed
			})).Build()
			c := connector(t, kube, kube)
			var requested []string
			c.CheckProjects(func(_ context.Context, _ resource.ModernManaged, id string) error {
				requested = append(requested, id)
				return tc.says
			})
			mg := withSpec(t, tc.forProvider)
			if tc.namespaced {
				mg.SetProviderConfigReference(project("team-a", "p", v1alpha1.ProviderConfigKind, "team").GetProviderConfigReference())
			}
			kube.Scheme().AddKnownTypes(v1alpha1.SchemeGroupVersion, mg)
			a, err := c.Connect(t.Context(), mg, nil)
			if err == nil {
				_, err = a.InProject(t.Context(), &tc.id)
			}
			if diff := cmp.Diff(tc.want, apitest.Text(err)); diff != "" {
				t.Errorf("\n%s\nConnect: -want error, +got error:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.asked, requested, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("\n%s\nprojects checked: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestConnectionsThatAllowOnlyDeletions shows who is refused, and still may end what it manages.
func TestConnectionsThatAllowOnlyDeletions(t *testing.T) {
	const (
		noNamespace = `ClusterProviderConfig "default": namespace "team-a" may not use it: its labels do not match allowedNamespaces (openai=allowed)`
		noProject   = `ClusterProviderConfig "default" does not allow project "proj_1": use one of its allowedProjectIDs, or ask its owner to add this one`
	)
	listed := func(s *v1alpha1.ClusterProviderConfigSpec) { s.AllowedProjectIDs = []string{"proj_other"} }
	manages := func(ids ...string) func(*v1alpha1.ProjectServiceAccount) {
		return func(cr *v1alpha1.ProjectServiceAccount) {
			cr.OwnershipStatus().ManagedIDs = ids
			cr.Status.AtProvider.ID, cr.Status.AtProvider.ProjectID = ids[0], "proj_1"
			meta.SetExternalName(cr, ids[0])
		}
	}
	pointed := func(to string) func(*v1alpha1.ProjectServiceAccount) {
		return func(cr *v1alpha1.ProjectServiceAccount) { meta.SetExternalName(cr, to) }
	}
	going := func(cr *v1alpha1.ProjectServiceAccount) {
		now := metav1.Now()
		cr.SetDeletionTimestamp(&now)
	}
	transient := errors.New("cannot determine it for now")
	cases := map[string]struct {
		reason        string
		config        func(*v1alpha1.ClusterProviderConfigSpec)
		mods          []func(*v1alpha1.ProjectServiceAccount)
		check         error
		inNoReconcile bool
		refused       string
		revoked       string
		wantName      string
	}{
		"Allowed":                       {reason: "Nothing was taken off.", config: func(*v1alpha1.ClusterProviderConfigSpec) {}, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1")}, wantName: "user-1"},
		"NamespaceTakenOff":             {reason: "It manages something.", config: labelled, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1")}, revoked: noNamespace, wantName: "user-1"},
		"ProjectTakenOff":               {reason: "It manages something there.", config: listed, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1")}, revoked: noProject, wantName: "user-1"},
		"ManagerTookItBack":             {reason: "What was created while the manager agreed can be deleted.", config: listed, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1")}, check: terminal.Errorf("no"), revoked: "no", wantName: "user-1"},
		"WithoutProofInTheNamespace":    {reason: "It manages nothing.", config: labelled, mods: []func(*v1alpha1.ProjectServiceAccount){pointed("user-1")}, refused: noNamespace, wantName: "user-1"},
		"WithoutProofInTheProject":      {reason: "As above.", config: listed, mods: []func(*v1alpha1.ProjectServiceAccount){pointed("user-1")}, refused: noProject, wantName: "user-1"},
		"WithoutProofAndGoing":          {reason: "Whoever deletes it must not end anything by that.", config: labelled, mods: []func(*v1alpha1.ProjectServiceAccount){pointed("user-1"), going}, refused: noNamespace, wantName: "user-1"},
		"InAnotherProject":              {reason: "What it manages is elsewhere.", config: labelled, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1"), func(cr *v1alpha1.ProjectServiceAccount) { cr.Status.AtProvider.ProjectID = "proj_2" }}, refused: noNamespace, wantName: "user-1"},
		"PointedElsewhere":              {reason: "It must not be pointed at something else.", config: labelled, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1"), pointed("user-2")}, refused: noNamespace, wantName: "user-2"},
		"PointedElsewhereAndDeleted":    {reason: "It deletes what it manages.", config: listed, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1"), pointed("user-2"), going}, revoked: noProject, wantName: "user-1"},
		"PointedAtAKeysValueAndDeleted": {reason: "As above.", config: listed, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1"), pointed(apitest.FakeKey), going}, revoked: noProject, wantName: "user-1"},
		"WithoutAName":                  {reason: "Nothing is looked for in its place.", config: labelled, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1"), pointed("")}, revoked: noNamespace, wantName: "user-1"},
		"OutsideOfAReconcile":           {reason: "It could create and change.", config: labelled, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1")}, inNoReconcile: true, refused: noNamespace, wantName: "user-1"},
		"CheckThatFails":                {reason: "It is no refusal, and is tried again.", config: func(*v1alpha1.ClusterProviderConfigSpec) {}, mods: []func(*v1alpha1.ProjectServiceAccount){manages("user-1"), going}, check: transient, refused: transient.Error(), wantName: "user-1"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kube := kubernetes(t, adminSecret("crossplane-system"), usedBefore(clusterConfig(tc.config)), namespace("team-a", nil)).Build()
			c := connector(t, kube, kube)
			c.CheckProjects(func(context.Context, resource.ModernManaged, string) error { return tc.check })
			cr := &v1alpha1.ProjectServiceAccount{ObjectMeta: ofCluster("p").ObjectMeta}
			cr.Spec.ProviderConfigReference = ofCluster("p").Spec.ProviderConfigReference
			cr.Spec.ForProvider.ProjectID = new("proj_1")
			for _, mod := range tc.mods {
				mod(cr)
			}
			ctx := t.Context()
			if !tc.inNoReconcile {
				ctx, _ = reconcilestate.New(ctx, "")
			}
			var conn *adminapi.Connection
			a, err := c.Connect(ctx, cr, nil)
			if err == nil {
				conn, err = a.InProject(ctx, new("proj_1"))
			}
			if diff := cmp.Diff(tc.refused, apitest.Text(err)); diff != "" {
				t.Fatalf("\n%s\nInProject: -want error, +got error:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.wantName, meta.GetExternalName(cr)); diff != "" {
				t.Errorf("\n%s\nexternal name: -want, +got:\n%s", tc.reason, diff)
			}
			if conn == nil {
				return
			}
			want := ""
			if tc.revoked != "" {
				want = tc.revoked + "; meanwhile nothing is created or changed for this object, and what it manages is ended if it is deleted"
			}
			if diff := cmp.Diff(want, apitest.Text(conn.DeletionOnly)); diff != "" {
				t.Errorf("\n%s\nDeletionOnly: -want, +got:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(want, apitest.Text(reconcilestate.Of(ctx).DeletionOnly())); diff != "" {
				t.Errorf("\n%s\nDeletionOnly of the reconcile: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAProjectCanBeArchivedWhereItIsNoLongerAllowed shows the same for projects themselves.
func TestAProjectCanBeArchivedWhereItIsNoLongerAllowed(t *testing.T) {
	cases := map[string]struct {
		reason  string
		manages string
		name    string
		going   bool
		want    string
	}{
		"ItsOwn":                 {"It made the project.", "proj_1", "proj_1", true, "proj_1"},
		"LivesOn":                {"It is only observed.", "proj_1", "proj_1", false, "proj_1"},
		"AnothersProject":        {"It manages nothing.", "", "proj_1", true, ""},
		"PointedElsewhere":       {"It goes back to its own.", "proj_1", "proj_2", true, "proj_1"},
		"PointedElsewhereLiving": {"It would be changed.", "proj_1", "proj_2", false, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			kube := kubernetes(t, adminSecret("crossplane-system"), usedBefore(clusterConfig(func(s *v1alpha1.ClusterProviderConfigSpec) {
				s.AllowedProjectIDs = []string{"proj_other"}
			}))).Build()
			cr := ofCluster("p")
			meta.SetExternalName(cr, tc.name)
			if tc.manages != "" {
				cr.OwnershipStatus().ManagedIDs, cr.Status.AtProvider.ID = []string{tc.manages}, tc.manages
			}
			if tc.going {
				now := metav1.Now()
				cr.SetDeletionTimestamp(&now)
			}
			ctx, _ := reconcilestate.New(t.Context(), "")
			a, err := connector(t, kube, kube).Connect(ctx, cr, nil)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			conn, err := a.OfProject(ctx, meta.GetExternalName(cr))
			got := ""
			if err == nil && conn.DeletionOnly != nil {
				got = meta.GetExternalName(cr)
			}
			if got != tc.want || (tc.want == "" && err == nil) {
				t.Errorf("\n%s\nproject of the connection that allows deletions only: want %q, got %q with error %v", tc.reason, tc.want, got, err)
			}
		})
	}
}
