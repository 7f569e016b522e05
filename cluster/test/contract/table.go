// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
)

// printTable prints assumptions and observations, and the number of each verdict.
func printTable(out io.Writer, findings []finding) {
	for _, f := range findings {
		_, _ = fmt.Fprintf(out, "%-9s  %s\n", f.verdict, f.name)
		_, _ = fmt.Fprintf(out, "           assumed:  %s\n", cmp.Or(f.assumption, "nothing; it is good to know"))
		_, _ = fmt.Fprintf(out, "           observed: %s\n", f.observed)
	}
	n := count(findings)
	var parts []string
	for _, v := range []verdict{holds, differs, notTried, noted} {
		parts = append(parts, fmt.Sprintf("%d %s", n[v], v))
	}
	_, _ = fmt.Fprintf(out, "contract: %d checks: %s\n", len(findings), strings.Join(parts, ", "))
}
