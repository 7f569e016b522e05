// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"fmt"
	"slices"
)

// A check tries one assumption. The next kind's are further entries of a table.
type check struct {
	name string

	// assumption that the provider, or the simulator that it is tested with, rests on. A
	// question has none: whatever is observed is noted.
	assumption string

	// try tells what was observed, and whether the assumption holds. It fails if the
	// assumption could not be tried. It may change what is in the sandbox's scene, and
	// nothing else.
	try func(ctx context.Context, s *sandbox) (observed string, ok bool, err error)
}

// checks are all that is tried, in this order.
var checks = slices.Concat(
	projectChecks,
	serviceAccountChecks,
	apiKeyChecks,
	apiKeyLifeChecks,
	keyUseChecks,
	archivedProjectChecks,
	replyChecks, // Last, since they are about all replies.
)

// A verdict is what became of a check.
type verdict string

const (
	holds    verdict = "holds"
	differs  verdict = "differs"
	notTried verdict = "not tried"
	noted    verdict = "noted"
)

// A finding is a check that was tried, or could not be.
type finding struct {
	check
	observed string
	verdict  verdict
}

// try all checks. A check that cannot be tried does not keep the others from it.
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
