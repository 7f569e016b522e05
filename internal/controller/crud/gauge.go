// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"

	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/internal/controller/reconciler"
)

// A Gauge is a metric of every managed resource of a kind, with the labels object_namespace and
// object. Prometheus gives the names namespace and pod to labels of its own.
type Gauge[O any] struct {
	// Name and Help of the metric.
	Name, Help string

	// Value of the metric for what was observed last. It reports false if nothing was yet.
	Value func(o *O) (float64, bool)
}

// A gaugeCollector collects a Gauge from the cached objects when the metrics are scraped.
type gaugeCollector[M reconciler.Object, O any] struct {
	gauge  Gauge[O]
	status func(cr M) *O
	cache  client.Reader
	list   resource.ManagedList
}

func (g gaugeCollector[M, O]) desc() *prometheus.Desc {
	return prometheus.NewDesc(g.gauge.Name, g.gauge.Help, []string{"object_namespace", "object"}, nil)
}

// Describe the metric.
func (g gaugeCollector[M, O]) Describe(ch chan<- *prometheus.Desc) { ch <- g.desc() }

// Collect the metric. Objects that cannot be read have none.
func (g gaugeCollector[M, O]) Collect(ch chan<- prometheus.Metric) {
	l, ok := g.list.DeepCopyObject().(resource.ManagedList)
	if !ok || g.cache.List(context.Background(), l, client.UnsafeDisableDeepCopy) != nil {
		return
	}
	for _, mg := range l.GetItems() {
		cr, ok := mg.(M)
		if !ok {
			continue
		}
		if v, observed := g.gauge.Value(g.status(cr)); observed {
			ch <- prometheus.MustNewConstMetric(g.desc(), prometheus.GaugeValue, v, cr.GetNamespace(), cr.GetName())
		}
	}
}
