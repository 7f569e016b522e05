// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"math"
	"slices"
	"time"
)

// percentile of durations by the nearest-rank method; zero if there are none.
func percentile(durations []time.Duration, p float64) time.Duration {
	if len(durations) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(durations))
	rank := int(math.Ceil(p / 100 * float64(len(sorted))))
	return sorted[max(rank, 1)-1]
}

// pages of a list with this many entries. An empty list has one page.
func pages(entries int) int {
	const perPage = 100
	return max(1, (entries+perPage-1)/perPage)
}

// listPages is the total number of list pages of all projects for n keys.
func listPages(n int) int {
	total := 0
	for i := range projectCount {
		total += pages((n + projectCount - 1 - i) / projectCount)
	}
	return total
}

// allowedSeconds is the time that the rate limit alone requires for n calls: one window for each
// full share but the last, whose calls take as long as the floor's.
func allowedSeconds(n, perWindow int, window time.Duration, secondsPerCall float64) float64 {
	full := (n+perWindow-1)/perWindow - 1
	return float64(full)*window.Seconds() + float64(n-full*perWindow)*secondsPerCall
}
