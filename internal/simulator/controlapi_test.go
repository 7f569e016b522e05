// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// control calls a control, and reads its reply into out unless that is nil.
func (f fixture) control(t *testing.T, method, path string, in, out any) int {
	t.Helper()
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			t.Fatal(err)
		}
	}
	req, err := http.NewRequestWithContext(t.Context(), method, f.Root()+"/simulator/"+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if out != nil {
		if err := json.NewDecoder(res.Body).Decode(out); err != nil {
			t.Fatalf("%s %s: status %d: %v", method, path, res.StatusCode, err)
		}
	}
	return res.StatusCode
}

func TestTheControlsDriveASimulatorOverHTTP(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)

	var id simulator.FaultID
	f.control(t, "POST", "faults", simulator.Fault{Kind: simulator.FaultError, Route: simulator.RouteGetProject}, &id)
	if _, err := f.admin.Get(t.Context(), p); err == nil {
		t.Error("the fault does not strike")
	}
	var faults map[int]simulator.Fault
	f.control(t, "GET", "faults", nil, &faults)
	if diff := cmp.Diff(map[int]simulator.Fault{id.ID: {Kind: simulator.FaultError, Route: simulator.RouteGetProject}}, faults); diff != "" {
		t.Errorf("faults: -want, +got:\n%s", diff)
	}
	f.control(t, "DELETE", fmt.Sprintf("faults/%d", id.ID), nil, nil)
	if _, err := f.admin.Get(t.Context(), p); err != nil {
		t.Errorf("the cleared fault strikes: %v", err)
	}
	f.control(t, "POST", "faults", simulator.Fault{Kind: simulator.FaultError}, &id)
	f.control(t, "DELETE", "faults", nil, nil)

	var clock simulator.Clock
	f.control(t, "POST", "clock", simulator.ClockAdvance{Advance: "1h"}, &clock)
	if want := start.Add(time.Hour); !clock.Now.Equal(want) || !f.Now().Equal(want) {
		t.Errorf("clock: want %s, got %s and %s", want, clock.Now, f.Now())
	}

	policy := simulator.Policy{MaxKeyLifetimeSeconds: 60}
	f.control(t, "PUT", "policy", policy, nil)
	quirks := simulator.Quirks{DropExpired: true}
	f.control(t, "PUT", "quirks", quirks, nil)
	if diff := cmp.Diff(policy, f.Policy()) + cmp.Diff(quirks, f.Quirks()); diff != "" {
		t.Errorf("policy and quirks: -want, +got:\n%s", diff)
	}

	var org simulator.Organization
	f.control(t, "POST", "admin-keys", simulator.AdminKey{Value: "sk-admin-SIMULATED-2", OrganizationID: "org-2"}, &org)
	if _, err := adminClient(f.HTTP, "sk-admin-SIMULATED-2").Get(t.Context(), org.DefaultProjectID); err != nil {
		t.Errorf("the added admin key: %v", err)
	}
	var same simulator.Organization
	f.control(t, "GET", "organizations/org-2", nil, &same)
	if diff := cmp.Diff(org, same); diff != "" {
		t.Errorf("organization: -want, +got:\n%s", diff)
	}

	var user simulator.UserID
	f.control(t, "POST", "users", simulator.User{OrganizationID: simulator.DefaultOrganizationID, Email: "ada@example.org"}, &user)
	if got := f.must(t, "users", get, []string{user.ID}, nil)["email"]; got != "ada@example.org" {
		t.Errorf("the added user has the email %v", got)
	}

	f.key(t, p, f.account(t, p), newKey{ExpiresInSeconds: openai.Int(60), Scopes: []string{"api.all.read"}})
	var keys simulator.KeyList
	f.control(t, "GET", "keys?project_id="+p, nil, &keys)
	if diff := cmp.Diff(f.Keys(p), keys.Keys); diff != "" || len(keys.Keys) != 1 {
		t.Errorf("keys: -want, +got:\n%s", diff)
	}

	var log simulator.CallList
	f.control(t, "GET", "calls", nil, &log)
	if diff := cmp.Diff(f.Calls(), log.Calls); diff != "" {
		t.Errorf("calls: -want, +got:\n%s", diff)
	}
	f.control(t, "DELETE", "calls", nil, nil)
	if left := len(f.Calls()); left != 0 {
		t.Errorf("calls after a reset: %d", left)
	}

	f.control(t, "PUT", "rate-limit", simulator.RateLimit{PerMinute: 1}, nil)
	_, _ = f.admin.Get(t.Context(), p)
	if diff := cmp.Diff(&problem{Status: 429, Code: "rate_limit_exceeded"}, refused(second(f.admin.Get(t.Context(), p)))); diff != "" {
		t.Errorf("rate limit: -want, +got:\n%s", diff)
	}
}

func TestTheControlsRefuseInvalidRequests(t *testing.T) {
	f := newFixture(t)
	for path, in := range map[string]any{
		"faults":     map[string]string{"kind": "earthquake"},
		"clock":      simulator.ClockAdvance{Advance: "soon"},
		"admin-keys": simulator.AdminKey{},
		"users":      simulator.User{OrganizationID: "org-x"},
	} {
		if got := f.control(t, "POST", path, in, nil); got != http.StatusBadRequest {
			t.Errorf("POST %s: want status 400, got %d", path, got)
		}
	}
	if got := f.control(t, "POST", "faults", map[string]string{"kind": "lag", "duration": "soon"}, nil); got != http.StatusBadRequest {
		t.Errorf("a fault with a malformed duration: got status %d", got)
	}
	if got := f.control(t, "GET", "organizations/org-x", nil, nil); got != http.StatusNotFound {
		t.Errorf("an unknown organization: got status %d", got)
	}
}
