// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/controller/crud"
	"github.com/crossplane-contrib/provider-openai/internal/controller/kinds"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// TestInterruptedCreate shows what becomes of a service account after the reply to its POST was
// lost.
func TestInterruptedCreate(t *testing.T) {
	cases := map[string]struct {
		reason string
		fault  simulator.FaultKind
		// before and after the create of the object.
		before, after func(t *testing.T, f *fixture, project string)
		// slow is how long the request took; died means that the provider was killed before it
		// recorded the failure.
		slow     time.Duration
		died     bool
		wait     time.Duration
		accounts int
		found    bool
		want     error
		again    time.Duration // until the next reconcile
	}{
		"Found": {
			reason: "It is taken, so that there are never two.", fault: simulator.FaultResetAfter,
			accounts: 1, found: true,
		},
		"NeverMade": {
			reason: "The list has had time to show it.", fault: simulator.FaultResetBefore,
			wait: 16 * time.Second, accounts: 0,
		},
		"MaybeNotListedYet": {
			reason: "A list may lag behind: creating another at once would make two.", fault: simulator.FaultResetBefore,
			wait: 3 * time.Second, accounts: 0, want: crud.ErrCreateInFlight, again: 13 * time.Second,
		},
		"TookLong": {
			reason: "A list may lag behind the end of the request, not its beginning.", fault: simulator.FaultResetBefore,
			slow: 11 * time.Second, wait: 3 * time.Second, accounts: 0, want: crud.ErrCreateInFlight, again: 13 * time.Second,
		},
		"ProviderDied": {
			reason: "The request may have been on its way as long as any.", fault: simulator.FaultResetBefore,
			died: true, wait: 10 * time.Second, accounts: 0, want: crud.ErrCreateInFlight, again: 18 * time.Second,
		},
		"ProviderDiedAWhileAgo": {
			reason: "By now the list shows it, if there is one.", fault: simulator.FaultResetBefore,
			died: true, wait: 28 * time.Second, accounts: 0,
		},
		"MadeLongBefore": {
			reason: "A namesake that somebody made before the object is not the object's.", fault: simulator.FaultResetBefore,
			before: func(t *testing.T, f *fixture, project string) {
				namesake(t, f, project)
				f.Advance(time.Hour)
			},
			wait: 16 * time.Second, accounts: 1,
		},
		"MadeJustBefore": {
			reason: "Another cluster may make a namesake in the same minutes.", fault: simulator.FaultResetBefore,
			before: func(t *testing.T, f *fixture, project string) {
				namesake(t, f, project)
				f.Advance(10 * time.Second)
			},
			wait: 16 * time.Second, accounts: 1,
		},
		"MadeJustAfter": {
			reason: "As above.", fault: simulator.FaultResetBefore,
			after: func(t *testing.T, f *fixture, project string) {
				f.Advance(10 * time.Second)
				namesake(t, f, project)
			},
			wait: 16 * time.Second, accounts: 1,
		},
		"Several": {
			reason: "Nobody can tell which one is the object's.", fault: simulator.FaultResetAfter,
			after:    namesake,
			accounts: 2, want: &crud.SeveralCandidatesError{},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			project := f.newProject(t)
			if tc.before != nil {
				tc.before(t, f, project)
			}
			cr := f.account(t, "robot", project)
			cr.CreationTimestamp.Time = f.Now()
			e := connected(t, f, kinds.ProjectServiceAccount, cr)
			crud.CreateBegan(cr, f.Now()) // As the managed reconciler does.
			if _, err := f.AddFault(simulator.Fault{Route: simulator.RouteCreateServiceAccount, Kind: tc.fault, Count: 1}); err != nil {
				t.Fatalf("AddFault: %v", err)
			}
			if _, err := e.Create(t.Context(), cr); err == nil {
				t.Fatalf("\n%s\nCreate: want an error, got none", tc.reason)
			}
			f.Advance(tc.slow)
			if !tc.died {
				meta.SetExternalCreateFailed(cr, f.Now()) // As the managed reconciler does, too.
			}
			if tc.after != nil {
				tc.after(t, f, project)
			}
			if err := f.kube.Update(t.Context(), cr); err != nil {
				t.Fatalf("cannot update object: %v", err)
			}
			cr.CreationTimestamp.Time = f.Now()
			f.Advance(tc.wait)

			ctx, state := reconcilestate.New(t.Context(), "")
			o, err := e.Observe(ctx, cr)
			checkRecovery(t, tc.reason, err, tc.want)
			if state.Wait() != tc.again {
				t.Errorf("\n%s\nObserve: want another reconcile in %s, got %s", tc.reason, tc.again, state.Wait())
			}
			if o.ResourceExists != tc.found || (meta.GetExternalName(cr) != "") != tc.found {
				t.Errorf("\n%s\nObserve: want found %t, got %+v with external name %q", tc.reason, tc.found, o, meta.GetExternalName(cr))
			}
			if n := len(accounts(t, f, project)); n != tc.accounts {
				t.Errorf("\n%s\nservice accounts: want %d, got %d", tc.reason, tc.accounts, n)
			}
		})
	}
}

func checkRecovery(t *testing.T, reason string, got, want error) {
	t.Helper()
	var several *crud.SeveralCandidatesError
	if errors.As(want, &several) {
		if !errors.As(got, &several) || len(several.IDs) != 2 || !strings.Contains(got.Error(), several.IDs[1]) {
			t.Errorf("\n%s\nObserve: want an error that names two service accounts, got %v", reason, got)
		}
		return
	}
	if !errors.Is(got, want) {
		t.Errorf("\n%s\nObserve: want error %v, got %v", reason, want, got)
	}
}

// TestRecoveryTakesNothingFromOthers shows that an object does not adopt what another object of
// the same name created.
func TestRecoveryTakesNothingFromOthers(t *testing.T) {
	f := newFixture(t)
	project := f.newProject(t)
	other := f.account(t, "other", project)
	robot := "robot"
	other.Spec.ForProvider.Name = &robot
	f.created(t, other)
	if err := f.kube.Update(t.Context(), other); err != nil {
		t.Fatalf("cannot update object: %v", err)
	}

	cr := f.account(t, "robot", project)
	crud.CreateBegan(cr, f.Now())
	f.Advance(time.Minute)
	if o := observe(t, connected(t, f, kinds.ProjectServiceAccount, cr), cr); o.ResourceExists {
		t.Errorf("the object took %q, which another object has", meta.GetExternalName(cr))
	}
}

// TestAnObjectOlderThanItsCreateIsUpdated shows that a copy from a cache that lags is as good as
// the current object.
func TestAnObjectOlderThanItsCreateIsUpdated(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "robot", f.newProject(t))
	older := cr.DeepCopy()
	crud.CreateBegan(older, f.Now())
	f.created(t, cr)
	if err := f.kube.Update(t.Context(), cr); err != nil {
		t.Fatalf("cannot update object: %v", err)
	}

	e := connected(t, f, kinds.ProjectServiceAccount, older)
	if o := observe(t, e, older); !o.ResourceExists || o.ResourceUpToDate {
		t.Fatalf("Observe: want a service account that has no role yet, got %+v", o)
	}
	if _, err := e.Update(t.Context(), older); err != nil {
		t.Errorf("Update: %v", err)
	}
	if diff := cmp.Diff(meta.GetExternalName(cr), meta.GetExternalName(older)); diff != "" {
		t.Errorf("external name: -want, +got:\n%s", diff)
	}
}

// TestRefusedCreateIsNotAwaited shows that nothing is recovered after a create that OpenAI
// refused.
func TestRefusedCreateIsNotAwaited(t *testing.T) {
	f := newFixture(t)
	cr := f.account(t, "robot", f.DefaultProjectID(simulator.DefaultOrganizationID))
	e := connected(t, f, kinds.ProjectServiceAccount, cr)
	crud.CreateBegan(cr, f.Now())
	_, err := e.Create(t.Context(), cr)
	if got := text(err); !strings.Contains(got, "Default project") || !strings.Contains(got, "use another project") {
		t.Errorf("Create: want an error that says what is not possible and what is, got %q", got)
	}
	if o := observe(t, e, cr); o.ResourceExists {
		t.Error("Observe: want it not to exist")
	}
	if n := f.CountCalls(simulator.RouteListServiceAccounts); n != 0 {
		t.Errorf("lists: want none, got %d", n)
	}
}

// namesake creates a service account of the same name as another client would.
func namesake(t *testing.T, f *fixture, project string) {
	t.Helper()
	if _, err := f.admin(t).Organization.Projects.ServiceAccounts.New(t.Context(), project, openai.AdminOrganizationProjectServiceAccountNewParams{
		Name: "robot", CreateServiceAccountOnly: openai.Bool(true),
	}); err != nil {
		t.Fatalf("cannot create service account: %v", err)
	}
}

func accounts(t *testing.T, f *fixture, project string) []string {
	t.Helper()
	var ids []string
	pages := f.admin(t).Organization.Projects.ServiceAccounts.ListAutoPaging(t.Context(), project, openai.AdminOrganizationProjectServiceAccountListParams{})
	for pages.Next() {
		ids = append(ids, pages.Current().ID)
	}
	if err := pages.Err(); err != nil {
		t.Fatalf("cannot list service accounts: %v", err)
	}
	return ids
}
