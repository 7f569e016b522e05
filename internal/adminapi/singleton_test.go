// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/inventory"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// A limit as a kind caches it.
type limit struct {
	project string
	Cents   int64
}

func newLimits() inventory.Collection[*Connection, limit] {
	return NewSingleton("projects/spend_limit",
		func(project string, o *openai.ProjectSpendLimit) *limit { return &limit{project, o.ThresholdAmount} },
		func(o *limit) string { return o.project },
		func(ctx context.Context, c *Connection, project string) (*openai.ProjectSpendLimit, error) {
			return c.Organization.Projects.SpendLimit.Get(ctx, project)
		})
}

// newProjectConnection connects to a new project of a new simulator.
func newProjectConnection(t *testing.T) (*simulator.HTTP, *Connection) {
	t.Helper()
	sim, c := startSimulator(t)
	p, err := c.Organization.Projects.New(t.Context(), openai.AdminOrganizationProjectNewParams{Name: "p"})
	if err != nil {
		t.Fatalf("cannot create a project: %v", err)
	}
	sim.ResetCalls()
	return sim, &Connection{Client: c, Project: p.ID}
}

func TestASettingThatAProjectDoesNotHaveIsAnEmptyList(t *testing.T) {
	sim, c := newProjectConnection(t)
	limits := newLimits()
	for range 2 {
		all, err := limits.List(t.Context(), c, c.Project, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		if o, ok := all.Get(c.Project); ok {
			t.Errorf("there is a limit %+v, want none", o)
		}
	}
	var got []simulator.Route
	for _, call := range sim.Calls() {
		got = append(got, call.Route)
	}
	get := simulator.FamilyRoutes("projects/spend_limit").Get
	if diff := cmp.Diff([]simulator.Route{get, simulator.RouteGetProject, get}, got); diff != "" {
		t.Errorf("that the project exists is asked for once: calls: -want, +got:\n%s", diff)
	}
}

func TestAWriteOfASettingAnswersTheNextReaders(t *testing.T) {
	sim, c := newProjectConnection(t)
	limits := newLimits()
	began := time.Now()
	limits.Put(c, c.Project, limit{c.Project, 100})
	all, err := limits.List(t.Context(), c, c.Project, began)
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := all.Get(c.Project); !ok || o.Cents != 100 {
		t.Errorf("the limit is %+v, want what was written", o)
	}
	if n := len(sim.Calls()); n != 0 {
		t.Errorf("%d calls, want none", n)
	}
}

func TestASettingThatSomebodyElseWritesAfterOursShowsInTheNextFetch(t *testing.T) {
	_, c := newProjectConnection(t)
	limits := newLimits()
	limits.Put(c, c.Project, limit{c.Project, 100})
	if _, err := c.Organization.Projects.SpendLimit.Update(t.Context(), c.Project, openai.AdminOrganizationProjectSpendLimitUpdateParams{Currency: "USD", Interval: "month", ThresholdAmount: 7}); err != nil {
		t.Fatal(err)
	}
	limits.MarkStale(c, c.Project, c.Project)
	all, err := limits.List(t.Context(), c, c.Project, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := all.Get(c.Project); !ok || o.Cents != 7 {
		t.Errorf("the limit is %+v, want 7: a GET does not lag as lists do", o)
	}
}

func TestAReplyWithoutFieldsProvesNothingAboutASetting(t *testing.T) {
	server := apitest.Serve(t, apitest.Answer(http.StatusOK, "application/json", `{"object":"project.spend_limit"}`))
	c := &Connection{Client: testClient(server.URL, apitest.FakeKey), Project: "proj_1"}
	limits := newLimits()
	if _, err := limits.List(t.Context(), c, c.Project, time.Now()); err == nil || apierror.ClassOf(err) != apierror.ClassTransient {
		t.Errorf("want a transient failure, as the reply would read as a limit of $0, got %v", err)
	}
}
