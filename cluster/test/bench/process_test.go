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
