// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

func TestFaultsTakeEffectOnceBeforeOrAfterTheChange(t *testing.T) {
	const route = simulator.RouteCreateServiceAccountAPIKey
	lost := &problem{Message: "not a reply"}
	cases := map[string]struct {
		reason string
		fault  simulator.Fault
		want   *problem
		// wantRetryAfter is the reply's header.
		wantRetryAfter string
		// wantChanged is whether a key was made in spite of it all.
		wantChanged bool
	}{
		"RateLimitHeader": {
			reason: "A 429 may say in a header how long to wait.",
			fault:  simulator.Fault{Kind: simulator.FaultRateLimitHeader, Duration: 3 * time.Second},
			want:   &problem{429, "rate_limit_exceeded", "Rate limit reached for requests."}, wantRetryAfter: "3",
		},
		"RateLimitBody": {
			reason: "A 429 may say in its message how long to wait.",
			fault:  simulator.Fault{Kind: simulator.FaultRateLimitBody},
			want:   &problem{429, "rate_limit_exceeded", "Rate limit reached for requests. Please try again after 6.937 seconds."},
		},
		"RateLimitBare": {
			reason: "A 429 may not say how long to wait.",
			fault:  simulator.Fault{Kind: simulator.FaultRateLimitBare},
			want:   &problem{429, "rate_limit_exceeded", "Rate limit reached for requests."},
		},
		"ServerError": {
			reason: "OpenAI fails.",
			fault:  simulator.Fault{Kind: simulator.FaultError, Status: 503},
			want:   &problem{503, "", "The server had an error while processing your request. Sorry about that!"},
		},
		"ErrorInOtherWords": {
			reason: "A test can choose the words.",
			fault:  simulator.Fault{Kind: simulator.FaultError, Status: 403, Code: "c", Message: "m"},
			want:   &problem{403, "c", "m"},
		},
		"NoCredit": {
			reason: "A 429 may be about money.",
			fault:  simulator.Fault{Kind: simulator.FaultError, Status: 429, Type: "insufficient_quota", NullCode: true, Message: "m"},
			want:   &problem{429, "", "m"},
		},
		"ProxyError": {
			reason: "A proxy answers, not in JSON.",
			fault:  simulator.Fault{Kind: simulator.FaultError, Status: 502, RawBody: "<html>Bad gateway</html>"},
			want:   &problem{Status: 502},
		},
		"ResetBefore": {
			reason: "The connection breaks before anything is done.",
			fault:  simulator.Fault{Kind: simulator.FaultResetBefore},
			want:   lost,
		},
		"ResetAfter": {
			reason: "The connection breaks when all is done.",
			fault:  simulator.Fault{Kind: simulator.FaultResetAfter},
			want:   lost, wantChanged: true,
		},
		"ConflictAfter": {
			reason: "The reply is replaced by a conflict.",
			fault:  simulator.Fault{Kind: simulator.FaultReplaceReply, Status: 409},
			want:   &problem{409, "conflict", "The resource was changed by another request. Please try again."}, wantChanged: true,
		},
		"RateLimitAfter": {
			reason: "The reply is replaced by a 429.",
			fault:  simulator.Fault{Kind: simulator.FaultReplaceReply, Status: 429},
			want:   &problem{429, "rate_limit_exceeded", "Rate limit reached for requests."}, wantChanged: true,
		},
		"ServerErrorAfter": {
			reason: "The reply is replaced by a server error.",
			fault:  simulator.Fault{Kind: simulator.FaultReplaceReply},
			want:   &problem{500, "", "The server had an error while processing your request. Sorry about that!"}, wantChanged: true,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p := f.project(t)
			sa := f.account(t, p)
			fault := tc.fault
			fault.Route, fault.Count = route, 1
			mustAddFault(t, f.Server, fault)

			var raw *http.Response
			_, err := f.admin.ServiceAccounts.APIKeys.New(t.Context(), p, sa, newKey{}, option.WithResponseInto(&raw))
			if diff := cmp.Diff(tc.want, problemOf(err)); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
			if raw != nil {
				if got := raw.Header.Get("Retry-After"); got != tc.wantRetryAfter {
					t.Errorf("\n%s\nRetry-After: want %q, got %q", tc.reason, tc.wantRetryAfter, got)
				}
			}
			if changed := len(f.Keys(p)) == 1; changed != tc.wantChanged {
				t.Errorf("\n%s\nchanged: want %t, got %t", tc.reason, tc.wantChanged, changed)
			}
			call := f.CallsTo(route)[0]
			if diff := cmp.Diff([]simulator.FaultKind{tc.fault.Kind}, call.Faults); diff != "" || call.CarriedOut != tc.wantChanged {
				t.Errorf("\n%s\nlogged as carried out: %t; faults: -want, +got:\n%s", tc.reason, call.CarriedOut, diff)
			}

			f.key(t, p, sa, newKey{})
			if left := f.Faults(); len(left) != 0 {
				t.Errorf("\n%s\nfaults left: %+v", tc.reason, left)
			}
		})
	}
}

func TestAFaultAfterTheChangeSkipsRefusedCalls(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	mustAddFault(t, f.Server, simulator.Fault{Kind: simulator.FaultResetAfter, Route: simulator.RouteCreateServiceAccountAPIKey, Count: 1})
	_, err := f.admin.ServiceAccounts.APIKeys.New(t.Context(), p, "user-x", newKey{})
	if diff := cmp.Diff(&problem{Status: 404}, refused(err)); diff != "" {
		t.Errorf("refused call: -want, +got:\n%s", diff)
	}
	_, err = f.admin.ServiceAccounts.APIKeys.New(t.Context(), p, sa, newKey{})
	if diff := cmp.Diff(&problem{}, refused(err)); diff != "" {
		t.Errorf("accepted call: -want, +got:\n%s", diff)
	}
}

func TestFaultsAffectOnlyTheirCalls(t *testing.T) {
	cases := map[string]struct {
		reason string
		fault  simulator.Fault
		want   []int
	}{
		"UntilCleared": {reason: "Without a count, all calls.", want: []int{500, 500, 500, 500}},
		"Count":        {reason: "The next two calls.", fault: simulator.Fault{Count: 2}, want: []int{500, 500, 200, 200}},
		"Skip":         {reason: "The second call.", fault: simulator.Fault{Skip: 1, Count: 1}, want: []int{200, 500, 200, 200}},
		"OtherRoute":   {reason: "No call of this route.", fault: simulator.Fault{Route: simulator.RouteListProjects}, want: []int{200, 200, 200, 200}},
		"OtherPath":    {reason: "No call of this project.", fault: simulator.Fault{PathContains: "/proj-of-nobody"}, want: []int{200, 200, 200, 200}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			p := f.project(t)
			tc.fault.Kind = simulator.FaultError
			id := mustAddFault(t, f.Server, tc.fault)
			for range tc.want {
				_, _ = f.admin.Get(t.Context(), p)
			}
			var got []int
			for _, c := range f.CallsTo(simulator.RouteGetProject) {
				got = append(got, c.Status)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\n-want, +got:\n%s", tc.reason, diff)
			}
			f.ClearFault(id)
			if _, err := f.admin.Get(t.Context(), p); err != nil {
				t.Errorf("\n%s\nafter clearing: %v", tc.reason, err)
			}
		})
	}
}

func TestAListingLagsBehindWrites(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	sa := f.account(t, p)
	old := f.key(t, p, sa, newKey{Name: openai.String("old")})
	f.Advance(time.Hour)

	frozen := mustAddFault(t, f.Server, simulator.Fault{Kind: simulator.FaultLag, Route: simulator.RouteListProjectAPIKeys})
	f.key(t, p, sa, newKey{Name: openai.String("new")})
	if _, err := f.admin.APIKeys.Delete(t.Context(), p, old.ID); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"old"}, f.listKeys(t, p, "")); diff != "" {
		t.Errorf("frozen: -want, +got:\n%s", diff)
	}
	if f.Works(old.Value) {
		t.Error("a key that is still listed works, though it was deleted")
	}
	f.ClearFault(frozen)
	if diff := cmp.Diff([]string{"new"}, f.listKeys(t, p, "")); diff != "" {
		t.Errorf("released: -want, +got:\n%s", diff)
	}

	mustAddFault(t, f.Server, simulator.Fault{Kind: simulator.FaultLag, Route: simulator.RouteListProjectAPIKeys, Duration: time.Minute})
	if diff := cmp.Diff([]string{"old"}, f.listKeys(t, p, "")); diff != "" {
		t.Errorf("a minute behind: -want, +got:\n%s", diff)
	}
	f.Advance(time.Minute)
	if diff := cmp.Diff([]string{"new"}, f.listKeys(t, p, "")); diff != "" {
		t.Errorf("a minute later: -want, +got:\n%s", diff)
	}
}

func TestANewServiceAccountMayNotBeReadableYet(t *testing.T) {
	f := newFixture(t)
	p := f.project(t)
	f.Advance(time.Hour)
	mustAddFault(t, f.Server, simulator.Fault{Kind: simulator.FaultLag, Route: simulator.RouteGetServiceAccount, Duration: 5 * time.Second})
	sa := f.account(t, p)
	if diff := cmp.Diff(&problem{Status: 404}, refused(second(f.admin.ServiceAccounts.Get(t.Context(), p, sa)))); diff != "" {
		t.Errorf("just created: -want, +got:\n%s", diff)
	}
	f.key(t, p, sa, newKey{})
	f.Advance(5 * time.Second)
	if _, err := f.admin.ServiceAccounts.Get(t.Context(), p, sa); err != nil {
		t.Errorf("a while later: %v", err)
	}
}

func TestLatencyDelaysTheChangeOrOnlyTheReply(t *testing.T) {
	const delay = 30 * time.Millisecond
	f := newFixture(t)
	p := f.project(t)
	for _, kind := range []simulator.FaultKind{simulator.FaultLatency, simulator.FaultLatencyAfter} {
		mustAddFault(t, f.Server, simulator.Fault{Kind: kind, Route: simulator.RouteGetProject, Duration: delay, Count: 1})
		began := time.Now()
		if _, err := f.admin.Get(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < delay {
			t.Errorf("%s: took %s", kind, took)
		}
	}

	sa := f.account(t, p)
	mustAddFault(t, f.Server, simulator.Fault{Kind: simulator.FaultLatencyAfter, Route: simulator.RouteCreateServiceAccountAPIKey, Duration: time.Hour, Count: 1})
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error, 1)
	go func() {
		_, err := f.admin.ServiceAccounts.APIKeys.New(ctx, p, sa, newKey{})
		gone <- err
	}()
	for len(f.Keys(p)) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	if err := <-gone; err == nil {
		t.Error("a client that gave up got a reply")
	}
}

func TestAFaultReadsAsItWasWritten(t *testing.T) {
	want := simulator.Fault{
		Route: simulator.RouteListProjects, PathContains: "p", Kind: simulator.FaultLag, Skip: 1, Count: 2,
		Duration: 90 * time.Second, Status: 500, Code: "c", Message: "m", RawBody: "r",
	}
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got simulator.Fault
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s\n-want, +got:\n%s", b, diff)
	}
}

func TestImpossibleFaultsAreRefused(t *testing.T) {
	s := simulator.New()
	for name, f := range map[string]simulator.Fault{
		"unknown kind":    {Kind: "earthquake"},
		"no error status": {Kind: simulator.FaultError, Status: 200},
		"no kind":         {},
		"unknown route":   {Kind: simulator.FaultError, Route: "GET /v1/weather"},
	} {
		if _, err := s.AddFault(f); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
