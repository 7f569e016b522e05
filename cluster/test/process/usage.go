// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Usage of the machine by a process so far.
type Usage struct {
	// CPUSeconds that it has used, on all processors together.
	CPUSeconds float64
	// PeakMiB is the peak of its resident memory in MiB.
	PeakMiB float64
}

// ticksPerSecond is the unit of CPU times in /proc, the same on every Linux machine.
const ticksPerSecond = 100

// Usage of the running process.
func (p *Process) Usage() (Usage, error) { return UsageOf(p.PID()) }

// UsageOf returns the usage of a running process, from /proc.
func UsageOf(pid int) (Usage, error) {
	dir := "/proc/" + strconv.Itoa(pid)
	stat, err := os.ReadFile(filepath.Join(dir, "stat"))
	if err != nil {
		return Usage{}, fmt.Errorf("needs Linux's /proc: %w", err)
	}
	status, err := os.ReadFile(filepath.Join(dir, "status"))
	if err != nil {
		return Usage{}, fmt.Errorf("needs Linux's /proc: %w", err)
	}
	var u Usage
	if u.CPUSeconds, err = parseStat(string(stat)); err != nil {
		return Usage{}, err
	}
	u.PeakMiB, err = parseStatus(string(status))
	return u, err
}

// parseStat reads the CPU time, of user and system, from /proc/PID/stat.
func parseStat(stat string) (seconds float64, err error) {
	// The program's name may contain spaces and parentheses.
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
