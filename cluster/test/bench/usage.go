// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/crossplane-contrib/provider-openai/cluster/controlplane"
)

// Usage of the machine by a process so far.
type usage struct {
	cpuSeconds, peakMiB float64
}

// ticksPerSecond in which Linux tells CPU time to programs, on every machine.
const ticksPerSecond = 100

// usage of the running provider.
func (s *process) usage() (usage, error) { return usageOf(s.PID()) }

// planeCPU is the CPU time of etcd and kube-apiserver so far, in seconds.
func (p *place) planeCPU(ctx context.Context) (float64, error) {
	pids, err := controlplane.Detached(ctx, p.state)
	if err != nil {
		return 0, fmt.Errorf("cannot find the control plane's processes: %w", err)
	}
	total := 0.0
	for _, pid := range pids {
		u, err := usageOf(pid)
		if err != nil {
			return 0, err
		}
		total += u.cpuSeconds
	}
	return total, nil
}

// countPlane counts the CPU time of the control plane until the function that it
// returns notes it.
func (p *place) countPlane(ctx context.Context, b *bench) (note func()) {
	before, failedBefore := p.planeCPU(ctx)
	return func() {
		after, failedAfter := p.planeCPU(ctx)
		if err := errors.Join(failedBefore, failedAfter); err != nil {
			b.without(err.Error(), planeCPU)
			return
		}
		b.set(planeCPU, after-before)
	}
}

// usageOf a running process, as Linux tells it.
func usageOf(pid int) (usage, error) {
	dir := "/proc/" + strconv.Itoa(pid)
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return usage{}, fmt.Errorf("needs Linux's /proc: %w", err)
	}
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return usage{}, fmt.Errorf("needs Linux's /proc: %w", err)
	}
	var u usage
	if u.cpuSeconds, err = parseStat(string(stat)); err != nil {
		return usage{}, err
	}
	u.peakMiB, err = parseStatus(string(status))
	return u, err
}

// parseStat reads the CPU time, of user and system, from /proc/PID/stat.
func parseStat(stat string) (seconds float64, err error) {
	// The program's name may have spaces and brackets in it.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	const user, system = 11, 12
	if len(fields) <= system {
		return 0, fmt.Errorf("cannot read CPU time from %q", stat)
	}
	var ticks int64
	for _, i := range []int{user, system} {
		n, err := strconv.ParseInt(fields[i], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("cannot read CPU time from %q: %w", stat, err)
		}
		ticks += n
	}
	return float64(ticks) / ticksPerSecond, nil
}

// parseStatus reads the peak of resident memory from /proc/PID/status.
func parseStatus(status string) (mib float64, err error) {
	for line := range strings.Lines(status) {
		value, found := strings.CutPrefix(line, "VmHWM:")
		if !found {
			continue
		}
		kib, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 10, 64)
		if err != nil {
			return 0, fmt.Errorf("cannot read peak memory from %q: %w", line, err)
		}
		return float64(kib) / 1024, nil
	}
	return 0, fmt.Errorf("there is no VmHWM in the process's status")
}
