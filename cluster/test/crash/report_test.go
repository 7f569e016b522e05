// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"fmt"
	"strings"
	"sync"
)

// A report counts the outcomes of replays.
type report struct {
	mu                                                  sync.Mutex
	points, converged, unreached                        int
	leakedKeys, deadSecrets, failedUses, uses, revealed int
}

// add an outcome.
func (r *report) add(o *outcome) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, f := range o.findings {
		switch f.kind {
		case leaked:
			r.leakedKeys++
		case dead:
			r.deadSecrets++
		case revealed:
			r.revealed++
		default:
		}
	}
	r.uses += o.uses.times
	r.failedUses += len(o.uses.failed)
	switch {
	case o.point.mode == undisturbed && len(o.findings) == 0:
	case !o.reached && len(o.findings) == 0:
		r.unreached++
	default:
		r.points++
		if len(o.findings) == 0 {
			r.converged++
		}
	}
}

// line summarizes the report.
func (r *report) line() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return fmt.Sprintf("crash points: %d, converged: %d, leaked keys: %d, dead secrets: %d, failed uses during rotation: %d",
		r.points, r.converged, r.leakedKeys, r.deadSecrets, r.failedUses)
}

// describe a failed outcome for debugging.
func (o *outcome) describe() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n  at %s\n", o.scenario, o.point)
	for _, f := range o.findings {
		fmt.Fprintf(&b, "  %s\n", f)
	}
	fmt.Fprintf(&b, "  log: %s\n  requests for changes:\n", o.dir)
	polls := 0
	for _, line := range o.story {
		// Successful status writes of polls are only counted.
		if strings.HasSuffix(line, ": 200") && strings.Contains(line, "/status ") {
			polls++
			continue
		}
		fmt.Fprintf(&b, "    %s\n", line)
	}
	fmt.Fprintf(&b, "    and %d undisturbed updates of status\n", polls)
	return b.String()
}
