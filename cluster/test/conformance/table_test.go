// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"
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
	var out strings.Builder
	w := tabwriter.NewWriter(&out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tCASE\tRESULT")
	count := map[string]int{}
	for _, c := range t.cells {
		fmt.Fprintf(w, "%s\t%s\t%s\n", c.kind, c.path, c.result)
		word, _, _ := strings.Cut(c.result, ":")
		count[word]++
	}
	_ = w.Flush() // It writes to memory.
	fmt.Fprintf(&out, "conformance: %d passed, %d failed, %d n/a\n", count[passed], count[failed], count[notApplicable])
	return out.String()
}

// The results of a case.
const (
	passed        = "passed"
	failed        = "failed"
	notApplicable = "n/a"
)
