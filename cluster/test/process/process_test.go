// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestAProcessIsAwaitedAndEnds(t *testing.T) {
	cases := map[string]struct {
		reason string
		script string
		end    func(context.Context, *Process)
	}{
		"One that ends when asked": {
			reason: "SIGTERM is enough", script: "echo ready; exec sleep 600",
			end: func(ctx context.Context, p *Process) { p.Terminate(ctx) },
		},
		"One that ignores the wish": {
			reason: "it is killed when the context ends", script: "trap '' TERM; echo ready; while :; do sleep 0.1; done",
			end: func(ctx context.Context, p *Process) { p.Terminate(ctx) },
		},
		"One that is killed": {
			reason: "SIGKILL asks nobody", script: "trap '' TERM; echo ready; while :; do sleep 0.1; done",
			end: func(_ context.Context, p *Process) { p.Kill() },
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			log := filepath.Join(t.TempDir(), "log")
			p, err := Start(t.Context(), Command{Path: "/bin/sh", Args: []string{"-c", tc.script}, Log: log})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(p.Kill)
			if err := p.Await(t.Context(), logHas(log, "ready")); err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			tc.end(ctx, p)
			if p.Running() {
				t.Errorf("%s: the process is still running", tc.reason)
			}
		})
	}
}

func TestAProcessThatExitsIsNotAwaited(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	p, err := Start(t.Context(), Command{Path: "/bin/sh", Name: "the sulker", Args: []string{"-c", "exit 1"}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	err = p.Await(t.Context(), func(context.Context) bool { return false })
	if err == nil || !strings.Contains(err.Error(), "the sulker did not start") || !strings.Contains(err.Error(), log) {
		t.Errorf("want an error that names the program and its log, got %v", err)
	}
}

func logHas(log, text string) func(context.Context) bool {
	return func(context.Context) bool {
		data, err := os.ReadFile(log)
		return err == nil && strings.Contains(string(data), text)
	}
}
