// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"maps"
	"slices"
	"sync"
	"time"
	"weak"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

// The outcomes of a call in metrics, besides those of failures.
const (
	outcomeOK = "ok"
	// outcomeThrottledLocally: throttled locally, and not sent.
	outcomeThrottledLocally = "held_back"
)

// outcomes of calls that failed.
var outcomes = map[apierror.Class]string{
	apierror.ClassNotFound: "not_found", apierror.ClassThrottled: "throttled", apierror.ClassUnauthorized: "unauthorized",
	apierror.ClassRefused: "refused", apierror.ClassInvalid: "invalid", apierror.ClassQuota: "quota", apierror.ClassTransient: "transient",
}

const labelConfig = "provider_config"

var routeLabels = []string{labelConfig, "route"}

var (
	requests = promauto.With(metrics.Registry).NewCounterVec(prometheus.CounterOpts{
		Name: "provider_openai_requests_total",
		Help: "Calls of the Administration API, by the first of the provider configurations that use the admin key, route and outcome: ok, not_found, throttled (a 429 of a rate limit), unauthorized, refused, invalid, quota (for want of money), transient, or held_back (throttled locally: not sent, since the rate limit does not allow it yet).",
	}, append(slices.Clone(routeLabels), "outcome"))

	budgetHeadroom = prometheus.NewDesc("provider_openai_budget_headroom",
		"Calls that the learned rate limit and requestsPerMinute allow now; absent while neither is known.", routeLabels, nil)

	budgetWaiting = prometheus.NewDesc("provider_openai_budget_waiting",
		"Objects that wait until the learned rate limit of a route allows their call.", routeLabels, nil)

	budgetReopens = prometheus.NewDesc("provider_openai_rate_limit_reopens_timestamp_seconds",
		"Unix time until which calls of a route are not sent, as OpenAI's last 429 said, or by a back-off where it did not say; absent if that time is past.", routeLabels, nil)

	budgets = newBudgetCollector(metrics.Registry)
)

func (b *Budget) count(r Route, outcome string) {
	// With the lock, so that a series that was deleted with its provider configuration stays so.
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.Config != "" {
		requests.WithLabelValues(b.Config, r.String(), outcome).Inc()
	}
}

// ForgetSeries deletes the metrics of a provider configuration that is gone. No budget may have its
// label any more, or they would come back.
func ForgetSeries(config string) {
	requests.DeletePartialMatch(prometheus.Labels{labelConfig: config})
}

// A budgetCollector collects the metrics of all budgets. It does not keep those of previous admin keys
// in memory.
type budgetCollector struct {
	mu      sync.Mutex
	watched []weak.Pointer[Budget]
}

func newBudgetCollector(r prometheus.Registerer) *budgetCollector {
	a := &budgetCollector{}
	r.MustRegister(a)
	return a
}

func (a *budgetCollector) watch(b *Budget) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.watched = append(slices.DeleteFunc(a.watched, func(p weak.Pointer[Budget]) bool { return p.Value() == nil }), weak.Make(b))
}

// Describe implements prometheus.Collector.
func (a *budgetCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- budgetHeadroom
	ch <- budgetWaiting
	ch <- budgetReopens
}

// Collect implements prometheus.Collector.
func (a *budgetCollector) Collect(ch chan<- prometheus.Metric) {
	a.mu.Lock()
	watched := slices.Clone(a.watched)
	a.mu.Unlock()

	// The budget of a previous admin key has the same label as its successor, which comes later.
	latest := map[string]*Budget{}
	for _, p := range watched {
		b := p.Value()
		if b == nil {
			continue
		}
		if config, ok := b.metricsLabel(); ok {
			latest[config] = b
		}
	}
	for _, config := range slices.Sorted(maps.Keys(latest)) {
		latest[config].collect(ch, config, time.Now())
	}
}

// collect the metrics with the label that metricsLabel returned.
func (b *Budget) collect(ch chan<- prometheus.Metric, config string, now time.Time) {
	gauge := func(d *prometheus.Desc, v float64, r Route) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, config, r.String())
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for r := range b.routes {
		w := b.window(r, now)
		if n, known := b.headroom(w, now); known {
			gauge(budgetHeadroom, float64(n), r)
		}
		if w.closed(now) {
			gauge(budgetReopens, float64(w.until.UnixMilli())/1000, r)
		}
		gauge(budgetWaiting, float64(len(w.queue.entries)), r)
	}
}

// headroom is how many calls can be made now. known is false while no limit is known.
func (b *Budget) headroom(w *window, now time.Time) (calls int, known bool) {
	if w.known.calls > 0 || w.closed(now) {
		calls, known = max(0, w.free(now)), true
	}
	if b.allowance.limiter == nil {
		return calls, known
	}
	inAll := max(0, int(b.allowance.tokens(now)))
	if !known {
		return inAll, true
	}
	return min(calls, inAll), true
}
