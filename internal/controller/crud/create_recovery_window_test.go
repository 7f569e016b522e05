// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// TestOnlyWhatTheRequestCanHaveMadeIsRecovered shows which resources of the name are adopted
// after a request that began at the start and failed two seconds later.
func TestOnlyWhatTheRequestCanHaveMadeIsRecovered(t *testing.T) {
	const second, minute, hour = int64(1), int64(60), int64(3600)
	at := start.Unix()
	project := func(id, name string, createdAt int64) v1alpha1.ProjectObservation {
		return v1alpha1.ProjectObservation{ID: id, Name: name, Status: "active", CreatedAt: adminapi.Time(createdAt)}
	}
	one := func(createdAt int64) []v1alpha1.ProjectObservation {
		return []v1alpha1.ProjectObservation{project("proj_1", "checkout", createdAt)}
	}
	cases := map[string]struct {
		reason string
		found  []v1alpha1.ProjectObservation
		// ahead is how far OpenAI's clock is ahead; unknown: that was not measured.
		ahead   time.Duration
		unknown bool
		// begun is when the request began, if not at the start; died means that no failure was
		// recorded.
		begun time.Duration
		died  bool
		want  string
		err   string
	}{
		"DuringTheRequest":     {reason: "It is what the request made.", found: one(at + second), want: "proj_1"},
		"WithinTheTolerance":   {reason: "Clocks tick in whole seconds.", found: one(at - 4*second), want: "proj_1"},
		"Before":               {reason: "It was there before.", found: one(at - 6*second)},
		"After":                {reason: "The request had failed by then.", found: one(at + 10*second)},
		"AfterTheProviderDied": {reason: "Requests take up to 12 seconds.", found: one(at + 12*second), died: true, want: "proj_1"},
		"LongAfterItDied":      {reason: "No request takes as long.", found: one(at + 20*second), died: true},

		"OpenAIsClockIsAhead":      {reason: "It is OpenAI's clock that dates it.", found: one(at + hour), ahead: time.Hour, want: "proj_1"},
		"OpenAIsClockIsBehind":     {reason: "As above.", found: one(at - hour), ahead: -time.Hour, want: "proj_1"},
		"AheadAndMadeAnHourBefore": {reason: "By OpenAI's clock it was there before.", found: one(at), ahead: time.Hour},
		"UnknownClock":             {reason: "Clocks may be a minute apart.", found: one(at - 50*second), unknown: true, want: "proj_1"},
		"LongBeforeByAnyClock":     {reason: "And no more than that.", found: one(at - 2*minute), unknown: true},

		"Undated": {
			reason: "Nobody can tell.", found: one(0),
			err: `an earlier create was interrupted and may have made one of "proj_1", but OpenAI does not tell when these were created: set the annotation crossplane.io/external-name to the right ID, or another forProvider.name to have another one created`,
		},
		"InMilliseconds": {
			reason: "Nothing is created in the future.", found: one(at * 1000),
			err: `an earlier create was interrupted and may have made one of "proj_1", but OpenAI does not tell when these were created: set the annotation crossplane.io/external-name to the right ID, or another forProvider.name to have another one created`,
		},
		"OneIsUndated": {reason: "The other one is dated.", found: append(one(at), project("proj_2", "checkout", 0)), want: "proj_1"},
		"Two": {
			reason: "Nobody can tell which one.", found: append(one(at), project("proj_2", "checkout", at)),
			err: "an earlier create was interrupted, and any of proj_1, proj_2 may be what it made: set the annotation crossplane.io/external-name to the right one, and delete the others",
		},
		"TheVeryNameAndAnotherForm": {reason: "What has the very name is meant.", found: append(one(at), project("proj_2", "Checkout", at)), want: "proj_1"},
		"AnotherForm":               {reason: "OpenAI changed the name.", found: []v1alpha1.ProjectObservation{project("proj_2", "Checkout", at)}, want: "proj_2"},

		"BegunInTheFuture": {reason: "Somebody set a clock: whatever was made since the object may be its own.", found: one(at + 30*second), begun: time.Hour, died: true, want: "proj_1"},
		"BegunBeforeTheObject": {
			reason: "A backup tool copied the annotations of another object.", found: one(at - hour), begun: -time.Hour, died: true,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			cr := f.project(t, "checkout")
			crud.CreateBegan(cr, start.Add(tc.begun))
			if !tc.died {
				meta.SetExternalCreateFailed(cr, start.Add(2*time.Second))
			}
			f.Advance(time.Minute)
			k := kinds.Project
			k.List = &inventory.Collection[*adminapi.Connection, v1alpha1.ProjectObservation]{
				Name: "projects", ID: kinds.Project.List.ID,
				Page: func(context.Context, *adminapi.Connection, string, string) ([]v1alpha1.ProjectObservation, string, error) {
					return tc.found, "", nil
				},
			}
			ahead := func(*adminapi.Connection) (time.Duration, bool) { return tc.ahead, !tc.unknown }
			e, err := k.ClientByClock(t.Context(), f.kube, f.openai, f.Now, ahead, cr)
			if err != nil {
				t.Fatalf("Connect: %v", err)
			}
			_, err = e.Observe(t.Context(), cr)
			if diff := cmp.Diff(tc.err, text(err)); diff != "" {
				t.Errorf("\n%s\nObserve: -want error, +got error:\n%s", tc.reason, diff)
			}
			if diff := cmp.Diff(tc.want, meta.GetExternalName(cr)); diff != "" {
				t.Errorf("\n%s\nexternal name: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// TestAnInterruptedCreateIsFoundWhileListsLag shows that no second resource is created as long as
// lists may lag.
func TestAnInterruptedCreateIsFoundWhileListsLag(t *testing.T) {
	f := newFixture(t)
	project := f.newProject(t)
	cr := f.account(t, "robot", project)
	e := connected(t, f, kinds.ProjectServiceAccount, cr)
	for _, fault := range []simulator.Fault{
		{Route: simulator.RouteCreateServiceAccount, Kind: simulator.FaultResetAfter, Count: 1},
		{Route: simulator.RouteListServiceAccounts, Kind: simulator.FaultLag, Duration: inventory.ListLag},
	} {
		if _, err := f.AddFault(fault); err != nil {
			t.Fatalf("AddFault: %v", err)
		}
	}
	crud.CreateBegan(cr, f.Now())
	if _, err := e.Create(t.Context(), cr); err == nil {
		t.Fatal("Create: want an error, got none")
	}
	meta.SetExternalCreateFailed(cr, f.Now())
	for range 14 {
		f.Advance(time.Second)
		if _, err := e.Observe(t.Context(), cr); !errors.Is(err, crud.ErrCreateInFlight) {
			t.Fatalf("Observe: want error %v, got %v", crud.ErrCreateInFlight, err)
		}
	}
	f.Advance(2 * time.Second)
	if o := observe(t, e, cr); !o.ResourceExists {
		t.Error("Observe: want what was made to be found")
	}
}

// TestACreateWhoseReplyHasNoNewIDIsRecovered shows that a create that OpenAI confirmed is
// recovered, and not repeated, if its reply does not prove the ID.
func TestACreateWhoseReplyHasNoNewIDIsRecovered(t *testing.T) {
	cases := map[string]struct {
		reason string
		reply  func(made, known string) string
		want   string
	}{
		"NoID":     {"Nobody knows what was made.", func(_, _ string) string { return "" }, "OpenAI confirms the creation without an ID; what was created will be looked for by its name"},
		"KnownID":  {"It is the reply to another request.", func(_, known string) string { return known }, `OpenAI's reply to the creation is about "KNOWN", which existed before; what was created will be looked for by its name: if that stays so, look for a gateway that answers from a cache`},
		"ItsOwnID": {"As usual.", func(made, _ string) string { return made }, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			project := f.newProject(t)
			other := f.account(t, "other", project)
			observe(t, f.created(t, other), other)
			known := meta.GetExternalName(other)
			if err := f.kube.Update(t.Context(), other); err != nil {
				t.Fatalf("cannot update object: %v", err)
			}

			cr := f.account(t, "robot", project)
			k, made := kinds.ProjectServiceAccount, ""
			k.Create = func(ctx context.Context, c *adminapi.Connection, cr *v1alpha1.ProjectServiceAccount) (*v1alpha1.ProjectServiceAccountObservation, error) {
				o, err := kinds.ProjectServiceAccount.Create(ctx, c, cr)
				made, o.ID = o.ID, tc.reply(o.ID, known)
				return o, err
			}
			e := connected(t, f, k, cr)
			crud.CreateBegan(cr, f.Now())
			_, err := e.Create(t.Context(), cr)
			if diff := cmp.Diff(strings.ReplaceAll(tc.want, "KNOWN", known), text(err)); diff != "" {
				t.Errorf("\n%s\nCreate: -want error, +got error:\n%s", tc.reason, diff)
			}
			observe(t, e, cr)
			if diff := cmp.Diff(made, meta.GetExternalName(cr)); diff != "" {
				t.Errorf("\n%s\nexternal name: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
