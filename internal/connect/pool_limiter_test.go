// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package connect

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// TestLimiterIsShared shows which clients have one limiter.
func TestLimiterIsShared(t *testing.T) {
	t.Parallel()
	s := adminapi.Settings{AdminKey: apitest.FakeKey, BaseURL: adminapi.DefaultBaseURL}
	cases := map[string]struct {
		reason string
		name   string
		change func(*adminapi.Settings)
		want   bool
	}{
		"AnotherOrganization":  {"OpenAI limits the admin key.", "default", func(s *adminapi.Settings) { s.OrganizationID = "org-2" }, true},
		"AnotherConfiguration": {"OpenAI limits the admin key.", "other", func(*adminapi.Settings) {}, true},
		"AnotherKey":           {"OpenAI limits the admin key.", "other", func(s *adminapi.Settings) { s.AdminKey += "-2" }, false},
		"AnotherURL":           {"It may be another OpenAI.", "other", func(s *adminapi.Settings) { s.BaseURL = "https://eu.api.openai.com/v1" }, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, other := &pool{}, s
			tc.change(&other)
			k := poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: tc.name}, organizationID: other.OrganizationID}
			one := p.get(poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: "default"}}, s)
			if got := p.get(k, other).Limiter() == one.Limiter(); got != tc.want {
				t.Errorf("\n%s\nshared: want %t, got %t", tc.reason, tc.want, got)
			}
		})
	}
}

func TestAFormerKeysLimiterIsForgotten(t *testing.T) {
	t.Parallel()
	p, k := &pool{}, poolKey{configKey: configKey{kind: v1alpha1.ClusterProviderConfigKind, name: "default"}}
	for i := range 3 {
		p.get(k, adminapi.Settings{AdminKey: fmt.Sprint(apitest.FakeKey, i), BaseURL: adminapi.DefaultBaseURL})
	}
	if n := len(p.limiters); n != 1 {
		t.Errorf("limiters: want 1, got %d", n)
	}
}

func TestWithoutRateLimitingEveryCallIsSent(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, apitest.Refuses("30"))
	p := &pool{withoutRateLimiting: true}
	c := p.get(poolKey{configKey: configKey{name: "default"}}, adminapi.Settings{AdminKey: apitest.FakeKey, BaseURL: s.URL})
	for range 3 {
		if err := apitest.GetProject(t.Context(), c.AdminService); apierror.ClassOf(err) != apierror.ClassThrottled {
			t.Errorf("Get: want a refusal, got %v", err)
		}
	}
	if n := s.Requests.Load(); n != 3 {
		t.Errorf("requests: want 3, got %d", n)
	}
}

// TestMetrics shows what can be seen of a limiter.
func TestMetrics(t *testing.T) {
	t.Parallel()
	s := apitest.Serve(t, apitest.Refuses("30"))
	p, config := &pool{}, fmt.Sprint("metrics-", time.Now().UnixNano())
	c := p.get(poolKey{configKey: configKey{kind: "ClusterProviderConfig", name: config}}, adminapi.Settings{AdminKey: apitest.FakeKey, BaseURL: s.URL})
	for range 3 {
		if err := apitest.GetProject(t.Context(), c.AdminService); err == nil {
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
		"provider_openai_requests_total get projects throttled":       1,
		"provider_openai_requests_total get projects held_back":       2,
		"provider_openai_rate_limit_available_requests get projects ": 0,
		"provider_openai_rate_limit_waiting_objects get projects ":    3,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("metrics: -want, +got:\n%s", diff)
	}
}
