// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"strconv"
	"strings"
)

// controllerLabel is in the metrics of the controller of ProjectAPIKeys.
const controllerLabel = `"managed/projectapikey.openai.crossplane.io"`

// samples are metrics in Prometheus' text format.
type samples string

// sum of a metric's samples for the ProjectAPIKey controller.
func (s samples) sum(metric string) float64 {
	var sum float64
	for line := range strings.Lines(string(s)) {
		labels, found := strings.CutPrefix(line, metric+"{")
		if !found {
			continue
		}
		end := strings.LastIndexByte(labels, '}')
		if end < 0 || !strings.Contains(labels[:end], controllerLabel) {
			continue
		}
		fields := strings.Fields(labels[end+1:])
		if len(fields) == 0 {
			continue
		}
		if v, err := strconv.ParseFloat(fields[0], 64); err == nil {
			sum += v
		}
	}
	return sum
}

// reconciles of ProjectAPIKeys that were done, including those that the global rate limiter
// requeued.
func (s samples) reconciles() float64 {
	return s.sum("controller_runtime_reconcile_total")
}

// busy reports whether a reconcile of a ProjectAPIKey is running or due.
func (s samples) busy() bool {
	return s.sum("controller_runtime_active_workers")+s.sum("workqueue_depth") > 0
}
