// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package monitoring holds a Grafana dashboard and Prometheus alerts for the
// provider. Its tests compare what these ask for with what the provider exports.
package monitoring
