// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package conformance

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A table has the result of each case for each kind.
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

// String renders the table with one line for each case of each kind; empty if no case was run.
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

func TestTheTableListsEachCaseOfEachKind(t *testing.T) {
	cases := map[string]struct {
		reason string
		cells  []cell
		want   string
	}{
		"Nothing": {"Other tests of the package are run alone.", nil, ""},
		"Some": {
			"Cases end in any order.",
			[]cell{{"Project", "up_to_date", passed}, {"Project", "imported", notApplicable + ": so: it is"}, {"Key", "reply_lost/create", failed}},
			`KIND     CASE               RESULT
Key      reply_lost/create  failed
Project  imported           n/a: so: it is
Project  up_to_date         passed
conformance: 1 passed, 1 failed, 1 n/a
`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := (&table{cells: tc.cells}).String()
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\n-want, +got:\n%s", tc.reason, diff)
			}
		})
	}
}
