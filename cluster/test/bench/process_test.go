// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestProbe(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason      string
		script      string
		unsupported bool
		fails       bool
	}{
		"Known":   {reason: "it prints its version", script: "exit 0"},
		"Unknown": {reason: "an older build cannot be measured without its inventory", script: "echo \"provider: error: unknown long flag '--inventory', try --help\" >&2; exit 1", unsupported: true, fails: true},
		"Broken":  {reason: "anything else is not to be passed over", script: "echo broken >&2; exit 1", fails: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			binary := filepath.Join(t.TempDir(), "provider")
			if err := os.WriteFile(binary, []byte("#!/bin/sh\n"+tc.script+"\n"), 0o700); err != nil {
				t.Fatal(err)
			}
			err := probe(t.Context(), binary, naiveFlags)
			if (err != nil) != tc.fails || errors.Is(err, errUnsupported) != tc.unsupported {
				t.Errorf("\n%s\nprobe: got %v", tc.reason, err)
			}
		})
	}
}

func TestSamplesAreSummedByMetricAndController(t *testing.T) {
	t.Parallel()
	m := samples(`# HELP controller_runtime_reconcile_total Total number of reconciliations per controller
# TYPE controller_runtime_reconcile_total counter
controller_runtime_reconcile_total{controller="managed/project.openai.crossplane.io",result="success"} 7
controller_runtime_reconcile_total{controller="managed/projectapikey.openai.crossplane.io",result="error"} 1
controller_runtime_reconcile_total{controller="managed/projectapikey.openai.crossplane.io",result="requeue_after"} 1.5e+03
controller_runtime_reconcile_total_other{controller="managed/projectapikey.openai.crossplane.io"} 5
controller_runtime_active_workers{controller="managed/projectapikey.openai.crossplane.io"} 0
workqueue_depth{controller="managed/projectapikey.openai.crossplane.io",name="managed/projectapikey.openai.crossplane.io",priority="0"} 2
go_goroutines 12
`)
	if got := m.reconciles(); got != 1501 {
		t.Errorf("reconciles: want 1501, got %v", got)
	}
	if !m.busy() {
		t.Error("a provider with objects in its queue does not count as busy")
	}
}

func TestUsageIsReadFromProc(t *testing.T) {
	t.Parallel()
	// A program's name may look like fields.
	seconds, err := parseStat("4711 (a) 1 (b) S 1 4711 4711 0 -1 4194560 1 2 3 4 150 50 7 8 20 0 12 0 1000 1 1")
	if err != nil || seconds != 2 {
		t.Errorf("CPU time: want 2, got %v, %v", seconds, err)
	}
	if _, err := parseStat("4711 (short) S"); err == nil {
		t.Error("CPU time of a short line: want an error, got none")
	}
	mib, err := parseStatus("Name:\tprovider\nVmPeak:\t 2000000 kB\nVmHWM:\t  102400 kB\nVmRSS:\t   51200 kB\n")
	if err != nil || mib != 100 {
		t.Errorf("peak memory: want 100, got %v, %v", mib, err)
	}
	if _, err := parseStatus("Name:\tprovider\n"); err == nil {
		t.Error("peak memory of a status without it: want an error, got none")
	}
}
