// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package projectapikey

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/crossplane-contrib/provider-openai/apis/v1alpha1"
)

var (
	keysDesc = prometheus.NewDesc("provider_openai_keys",
		"API keys by state, as the objects' statuses show: current, which its Secret holds, or retiring, which is to be revoked when its overlap is over.", []string{"state"}, nil)
	nextExpiryDesc = prometheus.NewDesc("provider_openai_next_key_expiry_timestamp_seconds",
		"Unix time at which the next current API key expires; absent if none does.", nil, nil)
	nextRotationDesc = prometheus.NewDesc("provider_openai_next_key_rotation_timestamp_seconds",
		"Unix time at which the next current API key is due to be replaced; in the past if that is overdue; absent if none is.", nil, nil)
)

// keyMetrics count keys when the metrics are scraped.
type keyMetrics struct{ cache client.Reader }

// Describe the metrics.
func (c keyMetrics) Describe(ch chan<- *prometheus.Desc) {
	ch <- keysDesc
	ch <- nextExpiryDesc
	ch <- nextRotationDesc
}

// Collect the metrics. Objects that cannot be read are not counted.
func (c keyMetrics) Collect(ch chan<- prometheus.Metric) {
	l := &v1alpha1.ProjectAPIKeyList{}
	if err := c.cache.List(context.Background(), l, client.UnsafeDisableDeepCopy); err != nil {
		return
	}
	var (
		current, retiring      int
		nextExpiry, nextChange time.Time
	)
	earlier := func(a *time.Time, b time.Time) {
		if a.IsZero() || b.Before(*a) {
			*a = b
		}
	}
	for i := range l.Items {
		at := &l.Items[i].Status.AtProvider
		if at.ID != "" {
			current++
		}
		retiring += len(at.Retiring)
		if at.ExpiresAt != nil {
			earlier(&nextExpiry, at.ExpiresAt.Time)
		}
		if at.NextRotation != nil {
			earlier(&nextChange, at.NextRotation.Time)
		}
	}
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(keysDesc, float64(current), "current")
	gauge(keysDesc, float64(retiring), "retiring")
	if !nextExpiry.IsZero() {
		gauge(nextExpiryDesc, float64(nextExpiry.Unix()))
	}
	if !nextChange.IsZero() {
		gauge(nextRotationDesc, float64(nextChange.Unix()))
	}
}
