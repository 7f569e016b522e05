// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var deleteKey = ratelimit.Route{Service: "projects/api_keys", Operation: "delete"}

// TestAfterARefusalNothingIsSent shows what the caller of a call that is held back
// learns, and that OpenAI hears nothing of it.
func TestAfterARefusalNothingIsSent(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, apitest.Refuses("30"))
	c := testClient(s.URL, apitest.FakeKey)
	ctx, state := reconcilestate.New(t.Context(), "")
	if _, throttled := state.Throttled(); throttled {
		t.Error("Throttled before any call: want false, got true")
	}
	first := apitest.GetProject(ctx, c.AdminService)
	for range 5 {
		err := apitest.GetProject(ctx, c.AdminService)
		if diff := cmp.Diff(apitest.Text(errors.Unwrap(first)), apitest.Text(errors.Unwrap(err))); diff != "" {
			t.Errorf("the text of a call held back differs from that of one refused: -refused, +held back:\n%s", diff)
		}
		if apierror.ClassOf(err) != apierror.ClassThrottled || !apierror.HadNoEffect(err) || apierror.OutcomeUnknown(err) {
			t.Errorf("want a throttled call that certainly changed nothing, got %v", err)
		}
	}
	if n := s.Requests.Load(); n != 1 {
		t.Errorf("requests: want 1, got %d", n)
	}
	until, throttled := state.Throttled()
	if wait := time.Until(until); !throttled || wait < 20*time.Second || wait > 40*time.Second {
		t.Errorf("Throttled: want a turn in about 30s, got %t and %v", throttled, wait)
	}
}

// TestRoutesAndCredentialsAreThrottledApart shows who is not slowed by a refusal.
func TestRoutesAndCredentialsAreThrottledApart(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer "+apitest.FakeKey && strings.HasSuffix(r.URL.Path, "/proj_1") {
			apitest.Refuses("30")(w, r)
			return
		}
		apitest.Answer(http.StatusOK, "application/json", `{}`)(w, r)
	})
	one, two := testClient(s.URL, apitest.FakeKey), testClient(s.URL, apitest.FakeKey+"-2")
	if err := apitest.GetProject(t.Context(), one.AdminService); apierror.ClassOf(err) != apierror.ClassThrottled {
		t.Fatalf("Get: want a refusal, got %v", err)
	}
	if err := apitest.GetProject(t.Context(), two.AdminService); err != nil {
		t.Errorf("another credential: %v", err)
	}
	if _, err := one.Organization.Projects.List(t.Context(), openai.AdminOrganizationProjectListParams{}); err != nil {
		t.Errorf("another route: %v", err)
	}
}

// TestReserve shows that a reserved call can be made although others wait, and that
// one that is not made is given back.
func TestReserve(t *testing.T) {
	t.Parallel()
	sim, c := startSimulator(t)
	c.Limiter().SetConfigured("ClusterProviderConfig/test", 1) // One call a minute.
	ctx, state := reconcilestate.New(t.Context(), "")
	create := func(ctx context.Context) error {
		_, err := c.Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: "p"})
		return err
	}
	createProject := ratelimit.Route{Service: "projects", Operation: "create"}

	if err := c.Reserve(ctx, createProject); err != nil {
		t.Fatalf("Reserve: %v", err)
	}
	if err := create(t.Context()); apierror.ClassOf(err) != apierror.ClassThrottled {
		t.Errorf("New without the reservation: want it held back, got %v", err)
	}
	if err := c.Reserve(t.Context(), createProject); apierror.ClassOf(err) != apierror.ClassThrottled {
		t.Errorf("Reserve outside of a reconcile: want an error as the call would be throttled, got %v", err)
	}
	state.Release()
	if err := c.Reserve(ctx, deleteKey); err != nil {
		t.Errorf("Reserve what was given back, for a revocation: %v", err)
	}
	if err := apitest.GetProject(ctx, c.AdminService); apierror.ClassOf(err) != apierror.ClassThrottled {
		t.Errorf("Get when all is reserved: want it held back, got %v", err)
	}
	if n := sim.CountCalls(simulator.RouteCreateProject); n != 0 {
		t.Errorf("calls: want none, got %d", n)
	}
}

func TestAReservedCallIsMade(t *testing.T) {
	t.Parallel()
	sim, c := startSimulator(t)
	c.Limiter().SetConfigured("ClusterProviderConfig/test", 1)
	ctx, state := reconcilestate.New(t.Context(), "")
	if err := c.Reserve(ctx, ratelimit.Route{Service: "projects", Operation: "create"}); err != nil {
		t.Fatalf("Reserve: %v", err)
	}
	if _, err := c.Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: "p"}); err != nil {
		t.Errorf("New: %v", err)
	}
	state.Release()
	if n := sim.CountCalls(simulator.RouteCreateProject); n != 1 {
		t.Errorf("calls: want 1, got %d", n)
	}
	if err := c.Reserve(ctx, deleteKey); apierror.ClassOf(err) != apierror.ClassThrottled {
		t.Errorf("Reserve after the call: want nothing to be left, got %v", err)
	}
}
