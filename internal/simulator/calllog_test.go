// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"encoding/json"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestEveryCallIsLoggedWithoutSecrets(t *testing.T) {
	var sunk []simulator.Call
	f := newFixture(t, simulator.WithCallSink(func(c simulator.Call) { sunk = append(sunk, c) }))
	p := f.project(t)
	k := f.key(t, p, f.account(t, p), newKey{})
	_ = f.listKeys(t, p, "any")
	if err := f.listModels(t.Context(), k.Value); err != nil {
		t.Fatal(err)
	}
	mutating := f.CountMutating()
	_, _ = f.admin.Get(t.Context(), "proj_x")

	calls := f.Calls()
	got := calls[len(calls)-3:]
	admin := simulator.Fingerprint(simulator.DefaultAdminKey)
	want := []simulator.Call{
		{
			Time: start, Method: "GET", Route: simulator.RouteListProjectAPIKeys, Path: "/v1/organization/projects/" + p + "/api_keys",
			Query: "limit=100&owner_project_access=any", Status: 200, CarriedOut: true, KeyFingerprint: admin,
		},
		{
			Time: start, Method: "GET", Route: simulator.RouteListModels, Path: "/v1/models",
			Status: 200, CarriedOut: true, KeyFingerprint: simulator.Fingerprint(k.Value),
		},
		{Time: start, Method: "GET", Route: simulator.RouteGetProject, Path: "/v1/organization/projects/proj_x", Status: 404, KeyFingerprint: admin},
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(simulator.Call{}, "RequestID")); diff != "" {
		t.Errorf("-want, +got:\n%s", diff)
	}
	if diff := cmp.Diff(calls, sunk); diff != "" {
		t.Errorf("sink: -want, +got:\n%s", diff)
	}
	b, err := json.Marshal(calls)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{simulator.DefaultAdminKey, k.Value} {
		if strings.Contains(string(b), secret) {
			t.Error("the call log holds a secret")
		}
	}
	if mutating != 4 {
		t.Errorf("mutating calls: want 4 (project, account, role, key), got %d", mutating)
	}
	if made := f.CountCarriedOut(simulator.RouteCreateServiceAccountAPIKey); made != 1 {
		t.Errorf("carried out: want 1, got %d", made)
	}
	f.ResetCalls()
	if left := f.CountCalls(simulator.RouteGetProject); left != 0 {
		t.Errorf("after a reset: %d", left)
	}
}

func TestManyClientsAtATime(t *testing.T) {
	const clients, each = 8, 15
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	mustAddFault(t, f.Server, simulator.Fault{Kind: simulator.FaultError, Route: simulator.RouteCreateServiceAccountAPIKey, Count: 10})
	var work sync.WaitGroup
	for range clients {
		work.Go(func() {
			for range each {
				k, err := f.admin.ServiceAccounts.APIKeys.New(t.Context(), p, sa, newKey{})
				if err != nil {
					continue
				}
				if err := f.listModels(t.Context(), k.Value); err != nil {
					t.Errorf("a new key does not work: %v", err)
				}
				_, err = f.admin.APIKeys.List(t.Context(), p, openai.AdminOrganizationProjectAPIKeyListParams{})
				if err != nil {
					t.Errorf("cannot list: %v", err)
				}
				_ = f.LiveKeys(p)
				_ = f.Calls()
			}
		})
	}
	work.Wait()
	if got := len(f.LiveKeys(p)); got != clients*each-10 {
		t.Errorf("keys: want %d, got %d", clients*each-10, got)
	}
	if got := f.CountCalls(simulator.RouteCreateServiceAccountAPIKey); got != clients*each {
		t.Errorf("calls: want %d, got %d", clients*each, got)
	}
}
