// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// Find returns the processes that run a program, by the name of its file, with an argument. A path
// that only the caller uses, as the argument, finds only the caller's processes.
func Find(ctx context.Context, program, argument string) ([]int, error) {
	commands, err := commandLines(ctx)
	if err != nil {
		return nil, fmt.Errorf("cannot list the running processes: %w", err)
	}
	var pids []int
	for pid, command := range commands {
		file, _, _ := strings.Cut(command, " -")
		if filepath.Base(file) == program && strings.Contains(command+" ", " "+argument+" ") {
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// TerminateAll sends SIGTERM to the processes, one after the other, and kills those that still run
// when the context ends. It returns when all are gone.
func TerminateAll(ctx context.Context, pids ...int) error {
	for _, pid := range pids {
		if err := syscall.Kill(pid, syscall.SIGTERM); errors.Is(err, syscall.ESRCH) {
			continue
		} else if err != nil {
			return fmt.Errorf("cannot stop process %d: %w", pid, err)
		}
		if err := waitUntilGone(ctx, pid); err == nil {
			continue
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			return fmt.Errorf("cannot kill process %d, which did not stop in time: %w", pid, err)
		}
		if err := waitUntilGone(context.WithoutCancel(ctx), pid); err != nil {
			return fmt.Errorf("process %d is still there after it was killed: %w", pid, err)
		}
	}
	return nil
}

// goneTimeout limits the wait for the end of one process.
const goneTimeout = 30 * time.Second

// waitUntilGone returns when a process is gone, or is a zombie, which its parent has not waited
// for.
func waitUntilGone(ctx context.Context, pid int) error {
	return wait.PollUntilContextTimeout(ctx, pollInterval, goneTimeout, true, func(ctx context.Context) (bool, error) {
		commands, err := commandLines(ctx)
		_, running := commands[pid]
		return !running, err
	})
}

// commandLines returns the command line of every process, its arguments joined
// by spaces, without those that have none: zombies, and threads of the kernel.
// It prefers /proc because small Linux images have no ps.
func commandLines(ctx context.Context) (map[int]string, error) {
	if commands, err := commandLinesOfProc(); err != nil || len(commands) > 0 {
		return commands, err
	}
	return commandLinesOfPS(ctx)
}

func commandLinesOfProc() (map[int]string, error) {
	files, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		return nil, err
	}
	commands := map[int]string{}
	for _, file := range files {
		// The process may have ended since the listing.
		data, err := os.ReadFile(file)
		if err != nil || len(data) == 0 {
			continue
		}
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		if err != nil {
			return nil, err
		}
		commands[pid] = strings.ReplaceAll(strings.TrimRight(string(data), "\x00"), "\x00", " ")
	}
	return commands, nil
}

func commandLinesOfPS(ctx context.Context) (map[int]string, error) {
	out, err := exec.CommandContext(ctx, "ps", "-axww", "-o", "pid=,stat=,args=").Output()
	if err != nil {
		return nil, fmt.Errorf("cannot run ps: %w", err)
	}
	commands := map[int]string{}
	for line := range strings.Lines(string(out)) {
		id, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		state, command, _ := strings.Cut(strings.TrimSpace(rest), " ")
		if strings.HasPrefix(state, "Z") {
			continue
		}
		pid, err := strconv.Atoi(id)
		if err != nil {
			return nil, fmt.Errorf("cannot read ps's line %q: %w", line, err)
		}
		commands[pid] = strings.TrimSpace(command)
	}
	return commands, nil
}
