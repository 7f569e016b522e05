// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package monitoring checks that the Grafana dashboard and the Prometheus alerts in
// examples/monitoring use only metrics and labels that the provider exports.
package monitoring

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	families := map[string]family{
		"calls_total":   {labels: []string{"route", "outcome"}},
		"keys":          {labels: []string{"state"}},
		"expiry":        {},
		"delay_seconds": {labels: []string{"route"}, histogram: true},
	}
	cases := map[string]struct {
		reason string
		expr   string
		want   string
		err    string
	}{
		"AMetric": {
			reason: "A metric has its own labels and those of its target.",
			expr:   `calls_total{outcome!="ok", route=~"$route"}`,
			want:   "(instance, job, outcome, route)",
		},
		"AMadeUpMetric": {
			reason: "A metric that nobody exports is a mistake.",
			expr:   `sum(rate(cals_total[5m]))`,
			err:    `there is no metric "cals_total"`,
		},
		"AMadeUpLabel": {
			reason: "A matcher of a label that the metric lacks matches nothing, or everything.",
			expr:   `calls_total{result="ok"}`,
			err:    `there is no label "result", only (instance, job, outcome, route)`,
		},
		"GroupedByAMadeUpLabel": {
			reason: "Grouping by a label that the metric lacks groups nothing.",
			expr:   `sum by (route, state) (rate(calls_total[$__rate_interval]))`,
			err:    `there is no label "state", only (instance, job, outcome, route)`,
		},
		"ALabelThatWasSummedAway": {
			reason: "An inner aggregation leaves only its own labels.",
			expr:   `max by (outcome) (sum by (route) (calls_total))`,
			err:    `there is no label "outcome", only (route)`,
		},
		"AQuantile": {
			reason: "The buckets of a histogram have a label of their own, which is used up.",
			expr:   `histogram_quantile(0.99, sum by (le, route) (rate(delay_seconds_bucket[5m])))`,
			want:   "(route)",
		},
		"AQuantileWithoutBuckets": {
			reason: "A quantile needs the buckets.",
			expr:   `histogram_quantile(0.99, sum by (route) (rate(delay_seconds_bucket[5m])))`,
			err:    `there is no label "le", only (route)`,
		},
		"AHistogramItself": {
			reason: "A histogram is stored in parts only.",
			expr:   `delay_seconds`,
			err:    `there is no metric "delay_seconds"`,
		},
		"APartOfWhatIsNoHistogram": {
			reason: "Only histograms have parts.",
			expr:   `keys_sum`,
			err:    `there is no metric "keys_sum"`,
		},
		"AQuotientOfTheSameLabels": {
			reason: "Vectors with the same labels can be divided.",
			expr:   `sum by (route) (calls_total{outcome="ok"}) / sum by (route) (calls_total) > 0.5`,
			want:   "(route)",
		},
		"AQuotientOfOtherLabels": {
			reason: "Prometheus finds no partners for vectors of other labels.",
			expr:   `sum by (route) (calls_total) / sum by (outcome) (calls_total)`,
			err:    `the sides of "/" have different labels, (route) and (outcome), so that nothing matches`,
		},
		"ASetWithCommonLabels": {
			reason: "Labels can be named on which two vectors meet.",
			expr:   `calls_total and on (instance) keys`,
			want:   "(instance, job, outcome, route)",
		},
		"ASetOnAMadeUpLabel": {
			reason: "Both sides must have the labels on which they meet.",
			expr:   `calls_total and on (state) keys`,
			err:    `there is no label "state", only (instance, job, outcome, route)`,
		},
		"AScalar": {
			reason: "The present time has no labels and goes with every vector.",
			expr:   `(min(expiry) - time() < 3600) unless min(expiry) > time()`,
			want:   "()",
		},
		"ACounterThatIsNew": {
			reason: "A vector can be compared with itself in the past.",
			expr:   `increase(calls_total[1h]) > 0 or (calls_total unless calls_total offset 1h) > 0`,
			want:   "(instance, job, outcome, route)",
		},
		"AMadeUpFunction": {
			reason: "A function that Prometheus lacks is a mistake.",
			expr:   `speed(calls_total[5m])`,
			err:    `there is no function "speed"`,
		},
		"AWrongPattern": {
			reason: "Prometheus refuses a pattern that it cannot compile.",
			expr:   `calls_total{route=~"("}`,
			err:    "label \"route\" is compared with a pattern that is wrong: error parsing regexp: missing closing ): `(`",
		},
		"AnOpenParenthesis": {
			reason: "An expression that ends too early is a mistake.",
			expr:   `sum(calls_total`,
			err:    `the expression ends too early`,
		},
		"AnExcess": {
			reason: "What is left over is a mistake.",
			expr:   `keys expiry`,
			err:    `"expiry" does not belong there`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			labels, err := check(families, tc.expr)
			got, gotErr := "", ""
			if err != nil {
				gotErr = err.Error()
			} else {
				got = labels.String()
			}
			if diff := cmp.Diff(tc.err, gotErr); diff != "" {
				t.Errorf("\n%s\ncheck(%s): -want error, +got error:\n%s", tc.reason, tc.expr, diff)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("\n%s\ncheck(%s): -want labels, +got labels:\n%s", tc.reason, tc.expr, diff)
			}
		})
	}
}
