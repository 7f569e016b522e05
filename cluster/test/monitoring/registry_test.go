// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package monitoring

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"

	xpcontroller "github.com/crossplane/crossplane-runtime/v2/pkg/controller"
	"github.com/crossplane/crossplane-runtime/v2/pkg/feature"
	"github.com/crossplane/crossplane-runtime/v2/pkg/logging"
	"github.com/crossplane/crossplane-runtime/v2/pkg/ratelimiter"
	"github.com/crossplane/crossplane-runtime/v2/pkg/reconciler/managed"
	"github.com/crossplane/crossplane-runtime/v2/pkg/statemetrics"
	"github.com/prometheus/client_golang/prometheus"
	"k8s.io/client-go/rest"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/cache"
	"sigs.k8s.io/controller-runtime/pkg/cache/informertest"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi"
	"github.com/crossplane-contrib/provider-openai/internal/connect"
	"github.com/crossplane-contrib/provider-openai/internal/controller"
	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A family of metrics that share a name.
type family struct {
	labels    []string
	histogram bool
}

// exported returns the families, by name, of a provider that is set up like the real one. It is
// never started, so that it needs no API server.
var exported = sync.OnceValues(func() (map[string]family, error) {
	recorder := managed.NewMRMetricRecorder()
	if err := setUp(recorder); err != nil {
		return nil, err
	}
	registry, ok := metrics.Registry.(prometheus.Collector)
	if !ok {
		return nil, errors.New("the registry cannot describe its metrics")
	}
	out := map[string]family{}
	for _, d := range describe(registry) {
		name, labels, err := read(d)
		if err != nil {
			return nil, err
		}
		out[name] = family{labels: labels, histogram: isHistogram(d)}
	}
	// All metrics of the recorder are histograms, which cannot be determined from outside.
	for _, d := range describe(recorder) {
		name, labels, err := read(d)
		if err != nil {
			return nil, err
		}
		out[name] = family{labels: labels, histogram: true}
	}
	return out, nil
})

func setUp(recorder *managed.MRMetricRecorder) error {
	mgr, err := controller.NewManager(&rest.Config{Host: "https://localhost"}, ctrl.Options{
		Metrics:                metricsserver.Options{BindAddress: "0"},
		HealthProbeBindAddress: "0",
		// There is no API server.
		NewCache: func(*rest.Config, cache.Options) (cache.Cache, error) { return &informertest.FakeInformers{}, nil },
	})
	if err != nil {
		return err
	}
	connector, err := connect.NewConnector(mgr.GetClient(), mgr.GetAPIReader(), adminapi.DefaultBaseURL)
	if err != nil {
		return err
	}
	states := statemetrics.NewMRStateMetrics()
	metrics.Registry.MustRegister(recorder, states)
	return controller.Setup(mgr, reconciler.Options{
		Options: xpcontroller.Options{
			Logger:            logging.NewNopLogger(),
			GlobalRateLimiter: ratelimiter.NewGlobal(1),
			Features:          &feature.Flags{},
			MetricOptions:     &xpcontroller.MetricOptions{MRMetrics: recorder, MRStateMetrics: states},
		},
		Connector: connector,
		Ownership: reconciler.NewOwnership(mgr.GetClient()),
	})
}

func describe(c prometheus.Collector) []*prometheus.Desc {
	ch := make(chan *prometheus.Desc)
	go func() {
		defer close(ch)
		c.Describe(ch)
	}()
	var out []*prometheus.Desc
	for d := range ch {
		out = append(out, d)
	}
	return out
}

// description matches the string of a description, whose fields are private.
var description = regexp.MustCompile(`^Desc\{fqName: "([^"]+)", help: "(?:[^"\\]|\\.)*", constLabels: \{.*\}, variableLabels: \{(.*)\}\}$`)

func read(d *prometheus.Desc) (name string, labels []string, err error) {
	m := description.FindStringSubmatch(d.String())
	if m == nil {
		return "", nil, fmt.Errorf("cannot read the description %s", d)
	}
	if m[2] != "" {
		labels = strings.Split(m[2], ",")
	}
	return m[1], labels, nil
}

// isHistogram reports whether a description belongs to a registered histogram.
func isHistogram(d *prometheus.Desc) bool {
	var known prometheus.AlreadyRegisteredError
	if !errors.As(metrics.Registry.Register(described{d}), &known) {
		return false
	}
	switch known.ExistingCollector.(type) {
	case *prometheus.HistogramVec, prometheus.Histogram:
		return true
	}
	return false
}

// described is a collector with a description and no metrics. To the registry it is equal to a
// registered collector with this description.
type described struct{ *prometheus.Desc }

func (d described) Describe(ch chan<- *prometheus.Desc) { ch <- d.Desc }
func (described) Collect(chan<- prometheus.Metric)      {}
