// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crud

import (
	"context"
	"time"

	"github.com/crossplane/crossplane-runtime/v2/pkg/meta"
	"github.com/crossplane/crossplane-runtime/v2/pkg/resource"
	xpv2 "github.com/crossplane/crossplane/apis/v2/core/v2"
	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
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

// collectTimeout bounds the time of a scrape while objects cannot be read, as before they are cached.
const collectTimeout = time.Second

// Collect the metric of objects that are Ready: the status of others may be of what is no more. Objects that
// cannot be read have none.
func (g gaugeCollector[M, O]) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTimeout)
	defer cancel()
	l, ok := g.list.DeepCopyObject().(resource.ManagedList)
	if !ok || g.cache.List(ctx, l, client.UnsafeDisableDeepCopy) != nil {
		return
	}
	desc := g.desc()
	for _, mg := range l.GetItems() {
		cr, ok := mg.(M)
		if !ok || meta.WasDeleted(cr) || cr.GetCondition(xpv2.TypeReady).Status != corev1.ConditionTrue {
			continue
		}
		if v, observed := g.gauge.Value(g.status(cr)); observed {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, v, cr.GetNamespace(), cr.GetName())
		}
	}
}
