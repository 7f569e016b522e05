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
	apierror.ClassForbidden: "forbidden", apierror.ClassInvalid: "invalid", apierror.ClassQuota: "quota", apierror.ClassTransient: "transient",
}

const labelConfig = "provider_config"

var routeLabels = []string{labelConfig, "route"}

var (
	requests = promauto.With(metrics.Registry).NewCounterVec(prometheus.CounterOpts{
		Name: "provider_openai_requests_total",
		Help: "Calls of the Administration API, by the first of the provider configurations that use the admin key, route and outcome: ok, not_found, throttled (a 429 of a rate limit), unauthorized, forbidden (by a policy), invalid, quota (for want of money), transient, or held_back (throttled locally: not sent, since the rate limit does not allow it yet).",
	}, append(slices.Clone(routeLabels), "outcome"))

	availableRequests = prometheus.NewDesc("provider_openai_rate_limit_available_requests",
		"Calls that the learned rate limit and rateLimit.requestsPerMinute allow now; absent while neither is known.", routeLabels, nil)

	waitingObjects = prometheus.NewDesc("provider_openai_rate_limit_waiting_objects",
		"Objects that wait until the learned rate limit of a route allows their call.", routeLabels, nil)

	reopensAt = prometheus.NewDesc("provider_openai_rate_limit_reopens_timestamp_seconds",
		"Unix time until which calls of a route are not sent, as OpenAI's last 429 said, or by a back-off where it did not say; absent if that time is past.", routeLabels, nil)

	limiters = newLimiterCollector(metrics.Registry)
)

func (l *Limiter) count(r Route, outcome string) {
	// With the lock, so that a series that was deleted with its provider configuration stays so.
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Config != "" {
		requests.WithLabelValues(l.Config, r.String(), outcome).Inc()
	}
}

// ForgetSeries deletes the metrics of a provider configuration that was deleted. No limiter may have its
// label any more, or they would come back.
func ForgetSeries(config string) {
	requests.DeletePartialMatch(prometheus.Labels{labelConfig: config})
}

// A limiterCollector collects the metrics of all limiters. It does not keep those of previous admin keys
// in memory.
type limiterCollector struct {
	mu      sync.Mutex
	watched []weak.Pointer[Limiter]
}

func newLimiterCollector(r prometheus.Registerer) *limiterCollector {
	c := &limiterCollector{}
	r.MustRegister(c)
	return c
}

func (c *limiterCollector) watch(l *Limiter) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watched = append(slices.DeleteFunc(c.watched, func(p weak.Pointer[Limiter]) bool { return p.Value() == nil }), weak.Make(l))
}

// Describe implements prometheus.Collector.
func (c *limiterCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- availableRequests
	ch <- waitingObjects
	ch <- reopensAt
}

// Collect implements prometheus.Collector.
func (c *limiterCollector) Collect(ch chan<- prometheus.Metric) {
	c.mu.Lock()
	watched := slices.Clone(c.watched)
	c.mu.Unlock()

	// The limiter of a previous admin key has the same label as its successor, which comes later.
	latest := map[string]*Limiter{}
	for _, p := range watched {
		l := p.Value()
		if l == nil {
			continue
		}
		if config, ok := l.metricsLabel(); ok {
			latest[config] = l
		}
	}
	for _, config := range slices.Sorted(maps.Keys(latest)) {
		latest[config].collect(ch, config, time.Now())
	}
}

// collect the metrics with the label that metricsLabel returned.
func (l *Limiter) collect(ch chan<- prometheus.Metric, config string, now time.Time) {
	gauge := func(d *prometheus.Desc, v float64, r Route) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, config, r.String())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for r := range l.routes {
		w := l.window(r, now)
		if n, known := l.available(w, now); known {
			gauge(availableRequests, float64(n), r)
		}
		if w.closed(now) {
			gauge(reopensAt, float64(w.until.UnixMilli())/1000, r)
		}
		gauge(waitingObjects, float64(len(w.queue.entries)), r)
	}
}

// available is how many calls can be made now. known is false while no limit is known.
func (l *Limiter) available(w *window, now time.Time) (calls int, known bool) {
	if w.known.calls > 0 || w.closed(now) {
		calls, known = max(0, w.free(now)), true
	}
	if l.configured.bucket == nil {
		return calls, known
	}
	inAll := max(0, int(l.configured.tokens(now)))
	if !known {
		return inAll, true
	}
	return min(calls, inAll), true
}
