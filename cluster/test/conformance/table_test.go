// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// A table holds what became of each case of each kind.
type table struct {
	mu    sync.Mutex
	cells []cell
}

type cell struct {
	kind, path, result string
}

func (t *table) note(kind, path, result string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cells = append(t.cells, cell{kind, path, result})
}

// String renders the table, a line for each case of each kind; empty if none was run.
func (t *table) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.cells) == 0 {
		return ""
	}
	slices.SortStableFunc(t.cells, func(a, b cell) int {
		return strings.Compare(a.kind+" "+a.path, b.kind+" "+b.path)
	})
	lines := append([]cell{{"KIND", "CASE", "RESULT"}}, t.cells...)
	var kind, path int
	count := map[string]int{}
	for _, c := range lines {
		kind, path = max(kind, len(c.kind)), max(path, len(c.path))
		word, _, _ := strings.Cut(c.result, ":")
		count[word]++
	}
	var out strings.Builder
	for _, c := range lines {
		fmt.Fprintf(&out, "%-*s  %-*s  %s\n", kind, c.kind, path, c.path, c.result)
	}
	fmt.Fprintf(&out, "conformance: %d passed, %d failed, %d n/a\n", count[passed], count[failed], count[notApplicable])
	return out.String()
}

// The results of a case.
const (
	passed        = "passed"
	failed        = "failed"
	notApplicable = "n/a"
)
