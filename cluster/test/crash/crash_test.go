// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package crash

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestCrashPoints(t *testing.T) {
	chosen := chosenScenarios(t)
	ctx := untilDeadline(t)

	// A first run without faults shows the requests of each scenario.
	points := make([][]point, len(chosen))
	inLanes(ctx, len(chosen), func(i int) {
		o := replay(ctx, chosen[i], point{})
		total.add(&o)
		if len(o.findings) > 0 {
			t.Errorf("the scenario fails even undisturbed: %s", o.describe())
			return
		}
		if len(o.requests) == 0 {
			t.Errorf("%s: no requests for changes came through the proxies", o.scenario)
		}
		points[i] = selected(t, i, chosen[i].pointsOf(o.requests))
		t.Logf("%-50s %3d requests for changes, %4d points, %4.1f s undisturbed", o.scenario, len(o.requests), len(points[i]), o.took.Seconds())
	})

	type job struct {
		scenario
		point
	}
	var jobs []job
	for i := range chosen {
		for _, pt := range points[i] {
			jobs = append(jobs, job{chosen[i], pt})
		}
	}
	start := time.Now()
	inLanes(ctx, len(jobs), func(i int) {
		o := replay(ctx, jobs[i].scenario, jobs[i].point)
		if ctx.Err() != nil {
			return
		}
		total.add(&o)
		switch {
		case len(o.findings) > 0:
			t.Errorf("%s", o.describe())
		case !o.reached:
			t.Logf("not reached: %s at %s", o.scenario, o.point)
		}
		if !*keepLogs && len(o.findings) == 0 {
			removeLogs(t, o.dir)
		}
		sim.ResetCalls()
	})
	if ctx.Err() != nil {
		t.Errorf("stopped before all %d points were replayed: give go test a longer -timeout", len(jobs))
	}
	t.Logf("%d replays in %.0f s, %d uses, %d points whose request did not come again", len(jobs), time.Since(start).Seconds(), total.uses, total.unreached)
}

func chosenScenarios(t *testing.T) []scenario {
	t.Helper()
	match := pattern(t, *only)
	var chosen []scenario
	for _, s := range scenarios {
		switch {
		case !match.MatchString(s.name):
		case !*full && !*subset && *only == "" && s.name != "create a ProjectAPIKey":
		default:
			chosen = append(chosen, s)
		}
	}
	if len(chosen) == 0 {
		t.Fatalf("no scenario matches -crash.scenario=%q", *only)
	}
	return chosen
}

func pattern(t *testing.T, s string) *regexp.Regexp {
	t.Helper()
	re, err := regexp.Compile(s)
	if err != nil {
		t.Fatalf("cannot read pattern %q: %v", s, err)
	}
	return re
}

// selected returns the points of the i-th scenario that the flags select.
func selected(t *testing.T, i int, points []point) []point {
	t.Helper()
	modes, calls := pattern(t, *onlyMode), pattern(t, *onlyCall)
	n := -1
	var last request
	return slices.DeleteFunc(points, func(p point) bool {
		if p.request != last {
			last = p.request
			n++
		}
		if !modes.MatchString(string(p.mode)) || !calls.MatchString(p.request.String()) {
			return true
		}
		switch {
		case *full:
			return false
		case *subset:
			return !inSubset(p, i+n, n%3 == 0)
		default:
			return p.mode != killedAfter || p.nth != 1 || p.side != openAI && p.label != "PUT secrets/"+keyName
		}
	})
}

// inSubset reports whether a point is in the fixed subset: every third point in one mode, which
// differs from turn to turn; important requests in two more modes; and a gateway's page where it
// contradicts the outcome.
func inSubset(p point, turn int, third bool) bool {
	modes := p.modes()
	if p.mode == modes[turn%len(modes)] && third {
		return true
	}
	switch p.mode {
	case killedAfter, lost, modes[turn%len(modes)]:
		return p.side == openAI || strings.Contains(p.label, " secrets")
	case pageInstead:
		return p.ends()
	case pageAfter:
		return p.creates()
	default:
		return false
	}
}

// untilDeadline returns a context that ends before the test's deadline, early enough to report.
func untilDeadline(t *testing.T) context.Context {
	t.Helper()
	d, ok := t.Deadline()
	if !ok {
		return t.Context()
	}
	ctx, cancel := context.WithDeadline(t.Context(), d.Add(-20*time.Second))
	t.Cleanup(cancel)
	return ctx
}

// inLanes calls a function for 0 to n-1, several at a time.
func inLanes(ctx context.Context, n int, do func(i int)) {
	var wg sync.WaitGroup
	free := make(chan struct{}, *lanes)
	for i := range n {
		free <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		wg.Go(func() {
			defer func() { <-free }()
			do(i)
		})
	}
	wg.Wait()
}
