// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
)

// A report is the result of a comparison.
type report struct {
	operations map[string]*result
	// others is the number of exchanges that the document does not describe.
	others int
	// unhit are known gaps that no exchange shows any more.
	unhit []gap
	// broken exchanges could not be compared.
	broken []error
}

// A result of one operation.
type result struct {
	exchanges, refused int
	// violations with their counts.
	violations map[string]int
	// known gaps of the document with their counts.
	known map[string]int
}

// check exchanges against a document whose gaps are known.
func check(d *document, all []exchange, known []gap) report {
	r := report{operations: map[string]*result{}}
	for _, e := range all {
		path, described := d.below(e)
		if !described {
			r.others++
			continue
		}
		operation := d.operation(e.Method, path)
		o := r.operations[operation]
		if o == nil {
			o = &result{violations: map[string]int{}, known: map[string]int{}}
			r.operations[operation] = o
		}
		o.exchanges++
		if e.Status >= 300 {
			o.refused++
		}
		violations, err := d.violations(e, operation)
		if err != nil {
			r.broken = append(r.broken, err)
		}
		for _, v := range violations {
			into := o.violations
			if slices.ContainsFunc(known, func(g gap) bool { return g.operation == operation && g.violation == v }) {
				into = o.known
			}
			into[v]++
		}
	}
	r.unhit = slices.DeleteFunc(slices.Clone(known), func(g gap) bool {
		o := r.operations[g.operation]
		return o != nil && o.known[g.violation] > 0
	})
	return r
}

// print a table of the operations, and the violations below each.
func (r *report) print(out io.Writer) {
	say := func(format string, args ...any) { _, _ = fmt.Fprintf(out, format+"\n", args...) }
	exchanges, violations, known := 0, 0, 0
	say("%9s  %7s  %10s  %10s  %s", "exchanges", "refused", "violations", "known gaps", "operation")
	for _, operation := range slices.Sorted(maps.Keys(r.operations)) {
		o := r.operations[operation]
		say("%9d  %7d  %10d  %10d  %s", o.exchanges, o.refused, sum(o.violations), sum(o.known), operation)
		for _, v := range slices.Sorted(maps.Keys(o.violations)) {
			say("%43s  %d times: %s", "", o.violations[v], v)
		}
		exchanges += o.exchanges
		violations += sum(o.violations)
		known += sum(o.known)
	}
	for _, g := range r.unhit {
		say("a gap that no exchange shows; if the document has learned it, take it off the list: %s: %s", g.operation, g.violation)
	}
	for _, err := range r.broken {
		say("not compared: %v", err)
	}
	say("spec-check: %d exchanges of %d operations: %d violations, %d times a known gap, %d gaps not shown, %d exchanges of other APIs",
		exchanges, len(r.operations), violations, known, len(r.unhit), r.others)
}

func sum(n map[string]int) int {
	all := 0
	for _, times := range n {
		all += times
	}
	return all
}

// err returns an error if there are violations, or if nothing was compared.
func (r *report) err() error {
	violations := 0
	for _, o := range r.operations {
		violations += sum(o.violations)
	}
	switch {
	case violations > 0:
		return fmt.Errorf("%d violations of OpenAI's document: correct the provider or the simulator, or list in gaps.go what the document does not know", violations)
	case len(r.broken) > 0:
		return fmt.Errorf("%d exchanges could not be compared", len(r.broken))
	case len(r.operations) == 0:
		return fmt.Errorf("no exchange is one of the Administration API")
	}
	return nil
}
