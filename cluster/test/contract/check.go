// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
)

// A check tests one assumption. Checks for further kinds are entries of a new table.
type check struct {
	name string

	// assumption of the provider or of its simulator; empty: the check only records what is
	// observed.
	assumption string

	// try returns what was observed, and whether the assumption holds. It returns an error if the
	// assumption could not be tested. It may change the fixtures of the sandbox, and nothing else.
	try func(ctx context.Context, s *sandbox) (observed string, ok bool, err error)
}

// checks are run in this order.
var checks = slices.Concat(
	projectChecks,
	serviceAccountChecks,
	apiKeyChecks,
	apiKeyLifeChecks,
	keyUseChecks,
	guardrailChecks,
	archivedProjectChecks,
	replyChecks, // last, because they are about all replies of the run
)

// A verdict is the result of a check.
type verdict string

const (
	holds    verdict = "holds"
	differs  verdict = "differs"
	notTried verdict = "not tried"
	noted    verdict = "noted"
)

// A finding is a check with its result.
type finding struct {
	check
	observed string
	verdict  verdict
}

// try runs all checks, also after one that could not be run.
func (s *sandbox) try(ctx context.Context, all []check) []finding {
	findings := make([]finding, 0, len(all))
	sceneErr := s.build(ctx)
	for i, c := range all {
		f := finding{check: c, verdict: notTried}
		switch {
		case ctx.Err() != nil:
			f.observed = "interrupted"
		case sceneErr != nil:
			f.observed = s.cell(fmt.Sprintf("the scene could not be set: %v", sceneErr))
		default:
			if s.target.callInterval > 0 {
				say(s.progress, "%d of %d: %s", i+1, len(all), c.name)
			}
			f = s.tryOne(ctx, c)
		}
		findings = append(findings, f)
	}
	return findings
}

func (s *sandbox) tryOne(ctx context.Context, c check) finding {
	observed, ok, err := c.try(ctx, s)
	f := finding{check: c, observed: s.cell(observed)}
	switch {
	case err != nil:
		f.observed, f.verdict = s.cell(err.Error()), notTried
	case c.assumption == "":
		f.verdict = noted
	case ok:
		f.verdict = holds
	default:
		f.verdict = differs
	}
	return f
}

func count(findings []finding) map[verdict]int {
	n := map[verdict]int{}
	for _, f := range findings {
		n[f.verdict]++
	}
	return n
}
