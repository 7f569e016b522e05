// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"crypto/rand"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/ratelimit"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// seriesOf are the registered metrics of a provider configuration.
func seriesOf(t *testing.T, config string) []string {
	t.Helper()
	families, err := metrics.Registry.Gather()
	if err != nil {
		t.Fatalf("Gather: %v", err)
	}
	var out []string
	for _, f := range families {
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetName() == "provider_config" && l.GetValue() == config {
					out = append(out, f.GetName())
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// ofConfig is a ClusterProviderConfig whose name no other test has, since metrics are global.
func ofConfig(name string) poolKey {
	return poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: strings.ToLower(name + "-" + rand.Text())}, uid: "first"}
}

// of another organization.
func (k poolKey) of(organizationID string) poolKey {
	k.organizationID = organizationID
	return k
}

// at are the settings of a client of a server.
func at(s *apitest.Counter, k poolKey) adminapi.Settings {
	return adminapi.Settings{AdminKey: apitest.FakeKey, KeyOrigin: apitest.Origin, BaseURL: s.URL, OrganizationID: k.organizationID}
}

var deleteKey = ratelimit.Route{Service: "projects/api_keys", Operation: "delete"}

func (p *pool) clients() int {
	n := 0
	for _, pc := range p.configs {
		n += len(pc.clients)
	}
	return n
}

// answersOnly an organization well, and the admin key's own.
func answersOnly(id string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("OpenAI-Organization"); got != "" && got != id {
			apitest.Answer(401, "application/json", apitest.ErrorBody("invalid_request_error", "mismatched_organization", "No such organization."))(w, r)
			return
		}
		apitest.Answer(200, "application/json", `{}`)(w, r)
	}
}

func TestARemovedConfigurationLeavesNothing(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, answersOnly(""))
	p, config := &pool{}, ofConfig("gone")
	c := p.get(config, at(s, config))
	c.Limiter().SetConfigured(config.String(), 60)
	if err := apitest.GetProject(t.Context(), c.AdminService); err != nil {
		t.Fatalf("Get: %v", err)
	}
	if diff := cmp.Diff([]string{"provider_openai_rate_limit_available_requests", "provider_openai_rate_limit_waiting_objects", "provider_openai_requests_total"}, seriesOf(t, config.String())); diff != "" {
		t.Fatalf("series before: -want, +got:\n%s", diff)
	}

	p.sweep(time.Now(), p.configUIDs())
	if n := p.clients() + len(p.limiters) + len(p.configs); n != 0 {
		t.Errorf("clients, limiters and configurations: want none, got %d", n)
	}
	// A reconcile that began before ends after.
	if err := apitest.GetProject(t.Context(), c.AdminService); err != nil {
		t.Errorf("Get with a client that was dropped: want no error, got %v", err)
	}
	if diff := cmp.Diff([]string(nil), seriesOf(t, config.String())); diff != "" {
		t.Errorf("series: -want, +got:\n%s", diff)
	}
}

func TestAConfigurationThatWasCreatedAnewBeginsAnew(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, answersOnly("org-1"))
	p, config := &pool{}, ofConfig("recreated")
	k := config.of("org-1")
	first, named := p.get(config, at(s, config)), p.get(k, at(s, k))
	first.Limiter().SetConfigured(config.String(), 1)
	gone := p.configUIDs()

	config.uid, k.uid = "second", "second"
	second := p.get(config, at(s, config))
	if second == first {
		t.Error("the previous configuration's client was retained")
	}
	for range 2 {
		if err := apitest.GetProject(t.Context(), second.AdminService); err != nil {
			t.Errorf("Get: want the previous configuration's limit of one call a minute to hold no more, got %v", err)
		}
	}
	p.sweep(time.Now(), gone)
	if p.get(config, at(s, config)) != second {
		t.Error("the client of the new configuration was dropped with the previous one")
	}
	if p.get(k, at(s, k)) == named {
		t.Error("the previous configuration's client of another organization was retained")
	}
}

func TestASharedLimiterIsCalledAfterOneThatStays(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, answersOnly(""))
	p := &pool{}
	first, c, b := ofConfig("first"), ofConfig("c"), ofConfig("b")
	clients := map[poolKey]*adminapi.Client{}
	for _, k := range []poolKey{first, c, b} {
		clients[k] = p.get(k, at(s, k))
		clients[k].Limiter().SetConfigured(k.String(), 6000)
	}
	clients[first].Limiter().SetConfigured(first.String(), 60)
	use := func(k poolKey) {
		t.Helper()
		if err := apitest.GetProject(t.Context(), clients[k].AdminService); err != nil {
			t.Fatalf("Get: %v", err)
		}
	}
	use(c)
	if got := len(seriesOf(t, first.String())); got == 0 {
		t.Fatal("want series of the first configuration, got none")
	}

	p.sweep(time.Now(), map[configKey]types.UID{first.configKey: first.uid})
	use(c)
	if p.get(c, at(s, c)) != clients[c] || p.get(b, at(s, b)).Limiter() != clients[c].Limiter() {
		t.Error("the clients that stay do not share the limiter any more")
	}
	// Of 6000 calls a minute the next one is due after 10 ms, of 60 after a second.
	ctx, state := reconcilestate.New(t.Context(), "")
	defer state.Release()
	for clients[c].Reserve(ctx, deleteKey) == nil {
	}
	if until, _ := state.Throttled(); time.Until(until) > 500*time.Millisecond {
		t.Errorf("want the limit of those who stay, got a wait of %s", time.Until(until))
	}
	want := []string{"provider_openai_rate_limit_available_requests", "provider_openai_rate_limit_waiting_objects", "provider_openai_requests_total"}
	for k, want := range map[poolKey][]string{first: nil, b: want, c: nil} {
		if diff := cmp.Diff(want, seriesOf(t, k.String())); diff != "" {
			t.Errorf("series of %s: -want, +got:\n%s", k, diff)
		}
	}
}

func TestALimiterIsSharedUntilItMayBeForgotten(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		answer http.HandlerFunc
		// use the client, and return what ends the use.
		use    func(t *testing.T, c *adminapi.Client) func()
		shared bool
	}{
		"HeldByAReconcile": {
			reason: "Its next call counts against the same limit.",
			answer: answersOnly(""),
			use:    func(_ *testing.T, c *adminapi.Client) func() { return func() { _ = c.BaseURL } },
			shared: true,
		},
		"ACallUnderWay": {
			reason: "OpenAI counts it.",
			answer: answersOnly(""),
			use: func(t *testing.T, c *adminapi.Client) func() {
				t.Helper()
				ctx, state := reconcilestate.New(t.Context(), "")
				if err := c.Reserve(ctx, deleteKey); err != nil {
					t.Fatalf("Reserve: %v", err)
				}
				return state.Release
			},
			shared: true,
		},
		"ARefusalThatHolds": {
			reason: "Calls before its end would be refused, too.",
			answer: apitest.Refuses("60"),
			use: func(t *testing.T, c *adminapi.Client) func() {
				t.Helper()
				if err := apitest.GetProject(t.Context(), c.AdminService); err == nil {
					t.Fatal("Get: want a refusal")
				}
				return func() {}
			},
			shared: true,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := apitest.Serve(t, tc.answer)
			p, config, other := &pool{}, ofConfig("held"), ofConfig("other")
			c := p.get(config, at(s, config))
			was := c.Limiter()
			end := tc.use(t, c)
			p.sweep(time.Now(), p.configUIDs())
			if got := p.get(other, at(s, other)).Limiter() == was; got != tc.shared {
				t.Errorf("%s\nshared: want %t, got %t", tc.reason, tc.shared, got)
			}
			if got := was.Config; got != other.String() {
				t.Errorf("%s\nlabel: want that of its user %q, got %q", tc.reason, other, got)
			}
			end()
		})
	}
}

// TestARefusalOutlivesTheClientThatMetIt has nobody hold the client or its limiter.
func TestARefusalOutlivesTheClientThatMetIt(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, apitest.Refuses("60"))
	p, config, other := &pool{}, ofConfig("refused"), ofConfig("other")
	if err := apitest.GetProject(t.Context(), p.get(config, at(s, config)).AdminService); err == nil {
		t.Fatal("Get: want a refusal")
	}
	p.sweep(time.Now(), p.configUIDs())
	runtime.GC()
	if err := p.get(other, at(s, other)).Reserve(t.Context(), deleteKey); err != nil {
		t.Errorf("another route: %v", err)
	}
	if err := p.get(other, at(s, other)).Reserve(t.Context(), ratelimit.Route{Service: "projects", Operation: "get"}); err == nil {
		t.Error("want the call held back that OpenAI would refuse, got none")
	}
}
