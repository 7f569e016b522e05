// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

// A figure is a measurement, and a row of the table.
type figure struct {
	key, label, unit string
	decimals         int
}

// The figures, by their keys in the JSON report.
const (
	wall            = "wall_seconds"
	wallRatio       = "wall_by_floor"
	growth          = "wall_per_key_by_smaller_size"
	p50             = "ready_p50_seconds"
	p99             = "ready_p99_seconds"
	callsPerKey     = "openai_calls_per_key"
	writesPerKey    = "kubernetes_writes_per_key"
	eventsPerKey    = "kubernetes_events_per_key"
	cpu             = "cpu_seconds"
	planeCPU        = "control_plane_cpu_seconds"
	rss             = "peak_rss_mib"
	restartCalls    = "restart_openai_calls"
	restartWrites   = "restart_kubernetes_writes"
	restartSeconds  = "restart_seconds"
	cycleCalls      = "cycle_openai_calls_per_project"
	cycleWrites     = "cycle_kubernetes_writes_per_key"
	cycleReconciles = "cycle_reconciles_per_key"
	cycleCPU        = "cycle_cpu_seconds"
	cycleSeconds    = "cycle_seconds"
	allowed         = "allowed_seconds"
	allowedRatio    = "wall_by_allowed"
	refused         = "http_429"
	refusedLate     = "http_429_late"
	refusedWithin   = "http_429_late_within_ms"
)

var figures = []figure{
	{wall, "wall time to all Ready", "s", 2},
	{wallRatio, "  by the floor's", "×", 2},
	{growth, "  per key, by that of the size before", "×", 2},
	{p50, "time to Ready, p50", "s", 2},
	{p99, "time to Ready, p99", "s", 2},
	{callsPerKey, "OpenAI calls per key to Ready", "", 3},
	{writesPerKey, "Kubernetes writes per key to Ready", "", 3},
	{eventsPerKey, "Kubernetes events per key to Ready", "", 3},
	{cpu, "provider CPU to Ready", "s", 2},
	{planeCPU, "etcd and kube-apiserver CPU to Ready", "s", 2},
	{rss, "provider peak RSS", "MiB", 0},
	{restartSeconds, "restart: until all were reconciled", "s", 2},
	{restartCalls, "restart: OpenAI calls", "", 0},
	{restartWrites, "restart: Kubernetes writes", "", 0},
	{cycleSeconds, "poll cycle", "s", 0},
	{cycleCalls, "poll cycle: OpenAI calls per project", "", 2},
	{cycleWrites, "poll cycle: Kubernetes writes per key", "", 3},
	{cycleReconciles, "poll cycle: reconciles per key", "", 2},
	{cycleCPU, "poll cycle: provider CPU", "s", 2},
	{allowed, "time that the rate limit alone allows", "s", 2},
	{allowedRatio, "  wall time by it", "×", 3},
	{refused, "429s", "", 0},
	{refusedLate, "429s after the first of route and window", "", 0},
	{refusedWithin, "  the last began after the first's end by", "ms", 0},
}

// A Value of a figure, or the reason why there is none.
type Value struct {
	Number *float64 `json:"value,omitempty"`
	Reason string   `json:"reason,omitempty"`
}

// A Column has the figures of one candidate at one size.
type Column struct {
	Name string `json:"name"`
	Size int    `json:"size"`

	// Reason why nothing was measured, if so.
	Reason string `json:"reason,omitempty"`

	// Figures by their keys. Those that do not apply are missing.
	Figures map[string]Value `json:"figures"`

	// Calls to OpenAI until all were Ready, by route.
	Calls map[string]int `json:"openai_calls,omitempty"`

	// Writes to Kubernetes until all were Ready, by verb and resource.
	Writes map[string]int `json:"kubernetes_writes,omitempty"`
}

func newColumn(name string, size int) *Column {
	return &Column{Name: name, Size: size, Figures: map[string]Value{}}
}

func (c *Column) set(key string, v float64) { c.Figures[key] = Value{Number: &v} }

func (c *Column) without(reason string, keys ...string) {
	for _, k := range keys {
		c.Figures[k] = Value{Reason: reason}
	}
}

// number returns a figure that was measured.
func (c *Column) number(key string) (float64, bool) {
	if c == nil || c.Figures[key].Number == nil {
		return 0, false
	}
	return *c.Figures[key].Number, true
}
