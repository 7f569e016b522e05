// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import "testing"

func TestUsageIsReadFromProc(t *testing.T) {
	t.Parallel()
	// A program's name may look like other fields.
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
