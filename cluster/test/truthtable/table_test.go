// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package truthtable

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// columns of the table.
var columns = []string{"state", "kubectl wait", "kstatus", "Argo CD 3.2.6", "Argo CD 3.3.0"}

// table in Markdown, aligned for readers of the source.
func table(rows [][]string) string {
	rows = append([][]string{columns}, rows...)
	widths := make([]int, len(columns))
	for _, row := range rows {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var b strings.Builder
	for n, row := range rows {
		for i, cell := range row {
			b.WriteString("| " + cell + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)) + " ")
		}
		b.WriteString("|\n")
		if n > 0 {
			continue
		}
		for _, width := range widths {
			b.WriteString("|" + strings.Repeat("-", width+2))
		}
		b.WriteString("|\n")
	}
	return b.String()
}

// expected is the expected table.
func expected() string {
	var rows [][]string
	for _, s := range states() {
		rows = append(rows, append([]string{s.name}, s.want[:]...))
	}
	return table(rows)
}

func TestTheDocumentationHasTheTable(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "docs", "gitops.md"))
	if err != nil {
		t.Fatal(err)
	}
	// The document has several tables; this one lists states.
	_, after, _ := strings.Cut(string(text), "\n| "+columns[0]+" ")
	has, _, _ := strings.Cut("| "+columns[0]+" "+after, "\n\n")
	if diff := cmp.Diff(expected(), has+"\n"); diff != "" {
		t.Errorf("docs/gitops.md has another table: -want, +got:\n%s\nIt should have\n%s", diff, expected())
	}
	for _, s := range states() {
		if !strings.Contains(string(text), "\n- *"+s.name+"*: ") {
			t.Errorf("docs/gitops.md does not say what to do about an object in the state %q", s.name)
		}
	}
}
