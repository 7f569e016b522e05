// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"bufio"
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestProcessesOfOthersAreFound(t *testing.T) {
	mine := "--mine=" + t.TempDir()
	// The shell starts no other program, so that the process is the shell.
	process := startProcess(t, "echo ready; read forever", mine)

	cases := map[string]struct {
		reason            string
		program, argument string
		want              []int
	}{
		"A program with its argument is found": {
			reason: "it is the program, and it has the argument", program: "sh", argument: mine, want: []int{process},
		},
		"Another program with the same argument is not found": {
			reason: "an editor may have the same path open", program: "etcd", argument: mine,
		},
		"The same program with a longer argument is not found": {
			reason: "the argument of another may begin in the same way", program: "sh", argument: strings.TrimSuffix(mine, "1"),
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got, err := Find(t.Context(), tc.program, tc.argument)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tc.want) {
				t.Errorf("%s: Find(%q, %q): want %v, got %v", tc.reason, tc.program, tc.argument, tc.want, got)
			}
		})
	}
}

func TestProcAndPSAgree(t *testing.T) {
	process := startProcess(t, "echo ready; read forever", "--mine="+t.TempDir())
	proc, err := commandLinesOfProc()
	if err != nil {
		t.Fatal(err)
	}
	if len(proc) == 0 {
		t.Skip("there is no /proc here")
	}
	ps, err := commandLinesOfPS(t.Context())
	if errors.Is(err, exec.ErrNotFound) {
		t.Skip("there is no ps here")
	}
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(proc[process], ps[process]); diff != "" {
		t.Errorf("the command line of a process: -/proc, +ps:\n%s", diff)
	}
}

func TestProcessesOfOthersAreTerminated(t *testing.T) {
	cases := map[string]struct {
		script string
	}{
		"A process that ends when asked":  {script: "echo ready; read forever"},
		"A process that ignores the wish": {script: "trap '' TERM; echo ready; read forever"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			mine := "--mine=" + t.TempDir()
			process := startProcess(t, tc.script, mine)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if err := TerminateAll(ctx, process); err != nil {
				t.Fatal(err)
			}
			if got, err := Find(t.Context(), "sh", mine); err != nil || len(got) != 0 {
				t.Errorf("want no process, got %v, %v", got, err)
			}
			if err := TerminateAll(t.Context(), process); err != nil {
				t.Errorf("a process that is gone already is no error, got %v", err)
			}
		})
	}
}

// startProcess runs a shell script that prints "ready" and then waits for input that never comes.
func startProcess(t *testing.T, script, argument string) int {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "sh", "-c", script, argument)
	if _, err := cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("the process did not start: %q, %v", line, err)
	}
	// A process without a waiting parent would remain as a zombie.
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-done
	})
	return cmd.Process.Pid
}
