// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

var listOfKeys = Route{Service: "projects/api_keys", Operation: "list"}

func getProject(ctx context.Context, c *Client) error {
	_, err := c.Organization.Projects.Get(ctx, "proj_1")
	return err
}

func refuses(retryAfter string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Retry-After", retryAfter)
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = w.Write([]byte(`{"error":{"message":"Rate limit reached.","code":"rate_limit_exceeded"}}`))
	}
}

// TestAfterARefusalNothingIsSent shows what the caller of a call that is held back
// learns, and that OpenAI hears nothing of it.
func TestAfterARefusalNothingIsSent(t *testing.T) {
	t.Parallel()
	s := serve(t, refuses("30"))
	c := testClient(s.URL, fakeKey)
	ctx, pace := WithPace(t.Context())
	if _, throttled := pace.Throttled(); throttled {
		t.Error("Throttled before any call: want false, got true")
	}
	first := getProject(ctx, c)
	for range 5 {
		err := getProject(ctx, c)
		if diff := cmp.Diff(text(errors.Unwrap(first)), text(errors.Unwrap(err))); diff != "" {
			t.Errorf("the text of a call held back differs from that of one refused: -refused, +held back:\n%s", diff)
		}
		if ClassOf(err) != ClassThrottled || !IsDefinite(err) || IsAmbiguous(err) {
			t.Errorf("want a throttled call that certainly changed nothing, got %v", err)
		}
	}
	if n := s.requests.Load(); n != 1 {
		t.Errorf("requests: want 1, got %d", n)
	}
	until, throttled := pace.Throttled()
	if wait := time.Until(until); !throttled || wait < 20*time.Second || wait > 40*time.Second {
		t.Errorf("Throttled: want a turn in about 30s, got %t and %v", throttled, wait)
	}
}

// TestRoutesAndCredentialsAreThrottledApart shows who is not slowed by a refusal.
func TestRoutesAndCredentialsAreThrottledApart(t *testing.T) {
	t.Parallel()
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer "+fakeKey && strings.HasSuffix(r.URL.Path, "/proj_1") {
			refuses("30")(w, r)
			return
		}
		answer(http.StatusOK, "application/json", `{}`)(w, r)
	})
	one, two := testClient(s.URL, fakeKey), testClient(s.URL, fakeKey+"-2")
	if err := getProject(t.Context(), one); ClassOf(err) != ClassThrottled {
		t.Fatalf("Get: want a refusal, got %v", err)
	}
	if err := getProject(t.Context(), two); err != nil {
		t.Errorf("another credential: %v", err)
	}
	if _, err := one.Organization.Projects.List(t.Context(), openai.AdminOrganizationProjectListParams{}); err != nil {
		t.Errorf("another route: %v", err)
	}
}

// TestBudgetIsShared shows which clients have one budget.
func TestBudgetIsShared(t *testing.T) {
	t.Parallel()
	s := settings{adminKey: fakeKey, baseURL: DefaultBaseURL}
	cases := map[string]struct {
		reason string
		name   string
		change func(*settings)
		want   bool
	}{
		"AnotherOrganization":  {"OpenAI limits the admin key.", "default", func(s *settings) { s.organizationID = "org-2" }, true},
		"AnotherConfiguration": {"OpenAI limits the admin key.", "other", func(*settings) {}, true},
		"AnotherKey":           {"OpenAI limits the admin key.", "other", func(s *settings) { s.adminKey += "-2" }, false},
		"AnotherURL":           {"It may be another OpenAI.", "other", func(s *settings) { s.baseURL = "https://eu.api.openai.com/v1" }, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, other := &pool{}, s
			tc.change(&other)
			k := poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: tc.name}, organizationID: other.organizationID}
			one := p.get(poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: "default"}}, s)
			if got := p.get(k, other).budget == one.budget; got != tc.want {
				t.Errorf("\n%s\nshared: want %t, got %t", tc.reason, tc.want, got)
			}
		})
	}
}

func TestAFormerKeysBudgetIsForgotten(t *testing.T) {
	t.Parallel()
	p, k := &pool{}, poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: "default"}}
	for i := range 3 {
		p.get(k, settings{adminKey: fmt.Sprint(fakeKey, i), baseURL: DefaultBaseURL})
	}
	if n := len(p.budgets); n != 1 {
		t.Errorf("budgets: want 1, got %d", n)
	}
}

func TestWithoutBudgetEveryCallIsSent(t *testing.T) {
	t.Parallel()
	s := serve(t, refuses("30"))
	p := &pool{withoutBudget: true}
	c := p.get(poolKey{configKey: configKey{name: "default"}}, settings{adminKey: fakeKey, baseURL: s.URL})
	for range 3 {
		if err := getProject(t.Context(), c); ClassOf(err) != ClassThrottled {
			t.Errorf("Get: want a refusal, got %v", err)
		}
	}
	if n := s.requests.Load(); n != 3 {
		t.Errorf("requests: want 3, got %d", n)
	}
}

// TestReserve shows that a reserved call can be made although others wait, and that
// one that is not made is given back.
func TestReserve(t *testing.T) {
	t.Parallel()
	sim, c := startSimulator(t)
	c.budget.limit("ClusterProviderConfig/test", 1) // One call a minute.
	ctx, pace := WithPace(t.Context())
	create := func(ctx context.Context) error {
		_, err := c.Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: "p"})
		return err
	}
	createProject := Route{Service: "projects", Operation: "create"}

	if err := c.Reserve(ctx, createProject); err != nil {
		t.Fatalf("Reserve: %v", err)
	}
	if err := create(t.Context()); ClassOf(err) != ClassThrottled {
		t.Errorf("New without the reservation: want it held back, got %v", err)
	}
	if err := c.Reserve(t.Context(), createProject); ClassOf(err) != ClassThrottled {
		t.Errorf("Reserve without a Pace: want it to tell that the call would be held back, got %v", err)
	}
	pace.Release()
	if err := c.Reserve(ctx, DeleteKey); err != nil {
		t.Errorf("Reserve what was given back, for a revocation: %v", err)
	}
	if err := getProject(ctx, c); ClassOf(err) != ClassThrottled {
		t.Errorf("Get when all is reserved: want it held back, got %v", err)
	}
	if n := sim.CountCalls(simulator.RouteCreateProject); n != 0 {
		t.Errorf("calls: want none, got %d", n)
	}
}

func TestAReservedCallIsMade(t *testing.T) {
	t.Parallel()
	sim, c := startSimulator(t)
	c.budget.limit("ClusterProviderConfig/test", 1)
	ctx, pace := WithPace(t.Context())
	if err := c.Reserve(ctx, Route{Service: "projects", Operation: "create"}); err != nil {
		t.Fatalf("Reserve: %v", err)
	}
	if _, err := c.Organization.Projects.New(ctx, openai.AdminOrganizationProjectNewParams{Name: "p"}); err != nil {
		t.Errorf("New: %v", err)
	}
	pace.Release()
	if n := sim.CountCalls(simulator.RouteCreateProject); n != 1 {
		t.Errorf("calls: want 1, got %d", n)
	}
	if err := c.Reserve(ctx, DeleteKey); ClassOf(err) != ClassThrottled {
		t.Errorf("Reserve after the call: want nothing to be left, got %v", err)
	}
}

// try to make a call as an object, and tell whether it was made.
func try(b *budget, r Route, object string) (made bool, turn time.Time) {
	g, held := b.claim(r, object)
	if held != nil {
		return false, held.RetryAt
	}
	if held := g.send(); held != nil {
		return false, held.RetryAt
	}
	g.answered()
	return true, time.Time{}
}

// TestCap shows that a provider configuration's cap holds over all routes.
func TestCap(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	synctest.Test(t, func(t *testing.T) {
		b := seededBudget(t, seed)
		b.limit("one", 600)
		b.limit("two", 60) // The lowest holds.
		made, start := 0, time.Now()
		for time.Since(start) < 10*time.Minute {
			for i, r := range []Route{DeleteKey, CreateKey, listOfKeys} {
				if ok, _ := try(b, r, fmt.Sprint("object-", i)); ok {
					made++
				}
			}
			time.Sleep(100 * time.Millisecond)
		}
		if made < 590 || made > 605 {
			t.Errorf("calls in ten minutes at 60 a minute: want about 600, got %d", made)
		}
		b.limit("two", 0)
		b.limit("one", 0)
		for i := range 100 {
			if ok, _ := try(b, CreateKey, fmt.Sprint("object-", i)); !ok {
				t.Fatalf("call %d after the caps were taken away was held back", i)
			}
		}
	})
}

// TestPriorities shows who goes first when a cap is short.
func TestPriorities(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	synctest.Test(t, func(t *testing.T) {
		b := seededBudget(t, seed)
		b.limit("one", 60)
		made := map[Route]int{}
		start := time.Now()
		next := map[string]time.Time{}
		for time.Since(start) < 20*time.Minute {
			for i := range 20 {
				for _, r := range []Route{listOfKeys, CreateKey, DeleteKey} {
					// In the second half no key is revoked any more.
					if r == DeleteKey && time.Since(start) >= 10*time.Minute {
						continue
					}
					object := fmt.Sprint(r, i)
					if time.Now().Before(next[object]) {
						continue
					}
					ok, turn := try(b, r, object)
					if next[object] = turn; ok {
						made[r]++
					}
				}
			}
			if time.Since(start) == 10*time.Minute && made[CreateKey] > 5 {
				t.Errorf("creations while revocations wait: want only those before them, got %d", made[CreateKey])
			}
			time.Sleep(100 * time.Millisecond)
		}
		if made[DeleteKey] < 500 {
			t.Errorf("revocations in ten minutes: want nearly all of 600 calls, got %d", made[DeleteKey])
		}
		if made[CreateKey] < 480 {
			t.Errorf("creations in the ten minutes after: want nearly all of 600 calls, got %d", made[CreateKey])
		}
		if n := made[listOfKeys]; n < 100 || n > 180 {
			t.Errorf("observes in twenty minutes: want about a tenth of 1200 calls, got %d", n)
		}
	})
}

// TestOneWhoDoesNotComeBackDelaysNobodyForLong loses a revocation that waited.
func TestOneWhoDoesNotComeBackDelaysNobodyForLong(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	synctest.Test(t, func(t *testing.T) {
		b := seededBudget(t, seed)
		b.limit("one", 60)
		for range 3 {
			try(b, DeleteKey, "deleted meanwhile")
		}
		start := time.Now()
		for {
			if ok, _ := try(b, listOfKeys, "object"); ok {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if waited := time.Since(start); waited > patience+5*time.Second {
			t.Errorf("an observe waited %v", waited)
		}
	})
}

// TestTurnsAreSpread shows that those who wait are not all told the same time.
func TestTurnsAreSpread(t *testing.T) {
	t.Parallel()
	seed := testSeed(t)
	synctest.Test(t, func(t *testing.T) {
		b := seededBudget(t, seed)
		for i := range 60 {
			try(b, CreateKey, fmt.Sprint("first-", i))
		}
		g, _ := b.claim(CreateKey, "refused")
		if held := g.send(); held != nil {
			t.Fatalf("send: %v", held)
		}
		until := time.Now().Add(time.Minute)
		g.refused(until)
		perPeriod := map[time.Duration]int{}
		for i := range 300 {
			_, turn := try(b, CreateKey, fmt.Sprint("object-", i))
			perPeriod[turn.Sub(until)/time.Minute]++
		}
		for period, n := range perPeriod {
			if n > 61 || period > 5 {
				t.Errorf("turns in period %d: want at most 60 in each of 5 periods, got %d", period, n)
			}
		}
	})
}

// TestMetrics shows what can be seen of a budget.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := serve(t, refuses("30"))
	p, config := &pool{}, fmt.Sprint("metrics-", time.Now().UnixNano())
	c := p.get(poolKey{configKey: configKey{kind: "ClusterProviderConfig", name: config}}, settings{adminKey: fakeKey, baseURL: s.URL})
	for range 3 {
		if err := getProject(t.Context(), c); err == nil {
			t.Fatal("Get: want a refusal")
		}
	}
	got := map[string]float64{}
	families, err := metrics.Registry.Gather()
	if err != nil {
		t.Fatalf("Gather: %v", err)
	}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			labels := map[string]string{}
			for _, l := range m.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			if labels["provider_config"] == "ClusterProviderConfig/"+config {
				got[f.GetName()+" "+labels["route"]+" "+labels["outcome"]] = m.GetCounter().GetValue() + m.GetGauge().GetValue()
			}
		}
	}
	reopens := "provider_openai_rate_limit_reopens_timestamp_seconds get projects "
	if wait := got[reopens] - float64(time.Now().Unix()); wait < 20 || wait > 40 {
		t.Errorf("reopening: want in about 30s, got %vs", wait)
	}
	delete(got, reopens)
	want := map[string]float64{
		"provider_openai_requests_total get projects throttled": 1,
		"provider_openai_requests_total get projects held_back": 2,
		"provider_openai_budget_headroom get projects ":         0,
		"provider_openai_budget_waiting get projects ":          3,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics: -want, +got:\n%s", diff)
	}
}
