// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package kinds

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/openai/openai-go/v3"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

func TestDollarsOfAnAmount(t *testing.T) {
	cases := map[string]struct {
		reason string
		cents  int64
		want   string
	}{
		"Whole":    {"Cents are shown all the same, so that a column reads evenly.", 50000, "500.00"},
		"OneCent":  {"The least limit.", 1, "0.01"},
		"TenCents": {"Not 0.1.", 10, "0.10"},
		"Nothing":  {"An alert at the first cent.", 0, "0.00"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			if got := dollars(tc.cents); got != tc.want {
				t.Errorf("%s\n%d cents: want %q, got %q", tc.reason, tc.cents, tc.want, got)
			}
		})
	}
}

// serviceTiersFrom reads settings as OpenAI answers them.
func serviceTiersFrom(t *testing.T, reply string) *serviceTiers {
	t.Helper()
	o := &openai.ProjectServiceTierSettings{}
	if err := json.Unmarshal([]byte(reply), o); err != nil {
		t.Fatal(err)
	}
	return observedServiceTiers("proj_1", o)
}

func TestDifferencesOfServiceTiers(t *testing.T) {
	const all, none, flex = `{"default":"standard","enabled_tiers":"all"}`, `{"default":"standard","enabled_tiers":[]}`, `{"default":"fast","enabled_tiers":["flex","fast"]}`
	cases := map[string]struct {
		reason  string
		at      string
		tier    *string
		enabled []string
		want    string
	}{
		"LeftOut":        {"What the user left out is not touched.", flex, nil, nil, ""},
		"AllAsDesired":   {"All is all.", all, nil, []string{"all"}, ""},
		"OnlyStandard":   {"Standard alone is an empty list at OpenAI.", none, nil, []string{"standard"}, ""},
		"StandardOfAll":  {"All are more than one.", all, nil, []string{"standard"}, `enabledTiers "all" -> "standard"`},
		"WithoutNamedIt": {"Standard is enabled whether named or not.", flex, new("fast"), []string{"fast", "flex"}, ""},
		"OneMore":        {"A set that grows.", none, nil, []string{"flex"}, `enabledTiers "standard" -> "flex, standard"`},
		"AnotherDefault": {"It can be changed alone.", flex, new("scale"), nil, `defaultTier "fast" -> "scale"`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.ProjectServiceTierSettings{}
			cr.Spec.ForProvider.DefaultTier, cr.Spec.ForProvider.EnabledTiers = tc.tier, tc.enabled
			got := reconciler.Describe(ProjectServiceTierSettings.Diff(cr, serviceTiersFrom(t, tc.at)))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\nDiff: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}

func TestALimitThatTheModelDoesNotHaveIsSaidAndNotApplied(t *testing.T) {
	o := &openai.ProjectRateLimit{}
	if err := json.Unmarshal([]byte(`{"id":"rl-gpt-5","model":"gpt-5","max_requests_per_1_minute":500,"max_tokens_per_1_minute":0}`), o); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason       string
		desired      v1alpha1.RateLimits
		diff         string
		inapplicable []string
	}{
		"LeftOut":  {"What the user left out is not touched.", v1alpha1.RateLimits{}, "", nil},
		"Zero":     {"A limit of 0 is a limit.", v1alpha1.RateLimits{MaxTokensPer1Minute: new(int64(0))}, "", nil},
		"Lower":    {"It can be changed.", v1alpha1.RateLimits{MaxRequestsPer1Minute: new(int64(60))}, `maxRequestsPer1Minute "500" -> "60"`, nil},
		"NotThere": {"To ask for it again and again would change nothing.", v1alpha1.RateLimits{MaxImagesPer1Minute: new(int64(5))}, "", []string{"maxImagesPer1Minute"}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cr := &v1alpha1.ProjectRateLimit{}
			cr.Spec.ForProvider.RateLimits = tc.desired
			at := observedRateLimit("proj_1", o)
			ProjectRateLimit.SetLocal(cr, at)
			if diff := cmp.Diff(tc.inapplicable, at.Inapplicable); diff != "" {
				t.Errorf("\n%s\ninapplicable: -want, +got:\n%s", tc.reason, diff)
			}
			if (ProjectRateLimit.NotReady(at) != "") != (tc.inapplicable != nil) {
				t.Errorf("\n%s\nnot ready because of %q", tc.reason, ProjectRateLimit.NotReady(at))
			}
			if diff := cmp.Diff(tc.diff, reconciler.Describe(ProjectRateLimit.Diff(cr, at))); diff != "" {
				t.Errorf("\n%s\nDiff: -want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
