// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// A report is the outcome of a run, and the contents of bench.json.
type report struct {
	Began       time.Time `json:"began"`
	CPUs        int       `json:"cpus"`
	Concurrency int       `json:"concurrency"`

	// Window is the window of the rate limit, and PerMinute the limit per window.
	Window    string `json:"window"`
	PerMinute int    `json:"per_minute"`

	Columns  []*Column `json:"columns"`
	Verdicts []Verdict `json:"verdicts"`
}

// write bench.json and bench.svg.
func (r *report) write(dir string) error {
	data, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return fmt.Errorf("cannot write the results as JSON: %w", err)
	}
	chart, err := r.svg()
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{"bench.json": append(data, '\n'), "bench.svg": chart} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			return fmt.Errorf("cannot write the results: %w", err)
		}
	}
	return nil
}

// table renders the report for people, with one table for each size.
func (r *report) table() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d CPUs, concurrency %d, a minute of the limited column is %s\n", r.CPUs, r.Concurrency, r.Window)
	for i, c := range r.Columns {
		if i == 0 || r.Columns[i-1].Size != c.Size {
			r.tableOf(&b, c.Size)
		}
	}
	if n := len(r.Verdicts); n > 0 {
		fmt.Fprintf(&b, "\n%d of %d targets reached\n", n-r.missed(), n)
	}
	return b.String()
}

// tableOf one size: a row for each figure that a column has, and below it the reasons for missing
// ones.
func (r *report) tableOf(b *strings.Builder, size int) {
	var columns []*Column
	for _, c := range r.Columns {
		if c.Size == size {
			columns = append(columns, c)
		}
	}
	var reasons []string
	head := []string{fmt.Sprintf("\n%d keys", size)}
	for _, c := range columns {
		head = append(head, c.Name)
		if c.Reason != "" {
			reasons = append(reasons, fmt.Sprintf("%s: %s", c.Name, c.Reason))
		}
	}
	rows := []string{strings.Join(append(head, "to reach"), "\t")}
	for _, f := range figures {
		cells, shown := "", false
		for _, c := range columns {
			v, ok := c.Figures[f.key]
			shown = shown || ok
			cells += f.cell(v) + "\t"
			if v.Reason != "" {
				reasons = append(reasons, fmt.Sprintf("%s, %s: %s", c.Name, strings.TrimSpace(f.label), v.Reason))
			}
		}
		if shown {
			rows = append(rows, f.label+"\t"+cells+r.remark(f, size))
		}
	}
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	// Writing to a strings.Builder never fails.
	_, _ = fmt.Fprintln(w, strings.Join(rows, "\n"))
	_ = w.Flush()
	for _, reason := range reasons {
		fmt.Fprintf(b, "- %s\n", reason)
	}
}

// cell of the table.
func (f figure) cell(v Value) string {
	if v.Number == nil {
		return "-"
	}
	return f.format(*v.Number)
}

func (f figure) format(v float64) string {
	return strings.TrimSpace(strconv.FormatFloat(v, 'f', f.decimals, 64) + " " + f.unit)
}

// remark returns the target of a figure, and whether it is met.
func (r *report) remark(f figure, size int) string {
	for _, v := range r.Verdicts {
		if v.Figure != f.key || v.Size != size {
			continue
		}
		verdict := "MISSED"
		if v.Met {
			verdict = "ok"
		}
		return fmt.Sprintf("≤ %s %s", strconv.FormatFloat(v.AtMost, 'f', -1, 64), verdict)
	}
	return ""
}
