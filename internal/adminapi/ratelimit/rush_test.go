// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/testseed"
)

// TestRush has thousands of objects want a call of the same route at once, and
// shows that they make the most of the limit without running against it.
func TestRush(t *testing.T) {
	t.Parallel()
	const minute = time.Minute
	cases := map[string]struct {
		reason  string
		model   func() limitModel
		objects int
		silent  bool
		// ideal is the time that the limit alone would allow; 0 if it does not matter.
		ideal time.Duration
		// again is how many refusals may follow those of the calls that were on their way
		// when the first came, besides those of trials whether the limit was raised.
		again int
		// guesses is whether OpenAI does not say how long the route is closed.
		guesses bool
	}{
		"FixedWindow7": {
			reason: "The least that was measured.",
			model:  func() limitModel { return &apitest.FixedWindow{Limit: 7, Period: minute} }, objects: 119, ideal: 16 * minute,
		},
		"FixedWindow60": {
			reason: "One call a second.",
			model:  func() limitModel { return &apitest.FixedWindow{Limit: 60, Period: minute} }, objects: 1000, ideal: 16 * minute,
		},
		"FixedWindow60OfThreeSeconds": {
			reason: "Other periods than minutes are learned.",
			model:  func() limitModel { return &apitest.FixedWindow{Limit: 60, Period: 3 * time.Second} }, objects: 300,
		},
		"FixedWindow600": {
			reason: "More than the workers do in a moment.",
			model:  func() limitModel { return &apitest.FixedWindow{Limit: 600, Period: minute} }, objects: 3000, ideal: 4 * minute,
		},
		"SilentFixedWindow60": {
			reason: "The wait is guessed, with one call at a time, until it is known.",
			model:  func() limitModel { return &apitest.FixedWindow{Limit: 60, Period: minute} }, objects: 1000, ideal: 16 * minute,
			silent: true, again: 6, guesses: true,
		},
		"WindowOfTheClock60": {
			reason: "Periods may begin on the minute.",
			model:  func() limitModel { return &alignedWindow{apitest.FixedWindow{Limit: 60, Period: minute}} }, objects: 1000, ideal: 18 * minute, again: 17,
		},
		"SlidingWindow7": {
			reason: "The limit may be sliding, and so few calls show little of it.",
			model:  func() limitModel { return &slidingWindow{limit: 7, period: minute} }, objects: 119, ideal: 2 * 16 * minute, again: 50,
		},
		"SlidingWindow60": {
			reason: "Calls may be forgotten one by one.",
			model:  func() limitModel { return &slidingWindow{limit: 60, period: minute} }, objects: 1000, ideal: 20 * minute, again: 30,
		},
		"TokenBucket60": {
			reason: "Calls may be regained one by one.",
			model:  func() limitModel { return &tokenBucket{limit: 60, period: minute} }, objects: 1000, ideal: 24 * minute, again: 250,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := testseed.Of(t)
			synctest.Test(t, func(t *testing.T) {
				r := &rush{objects: tc.objects, workers: 10, model: tc.model(), silent: tc.silent}
				r.run(t.Context(), newSeededLimiter(t, seed), seed)

				if r.done != tc.objects {
					t.Errorf("\n%s\ncalls that succeeded: want %d, got %d", tc.reason, tc.objects, r.done)
				}
				if longest := tc.ideal * 105 / 100; tc.ideal > 0 && r.elapsed > longest+10*time.Second {
					t.Errorf("\n%s\ntime: want at most %v, got %v", tc.reason, longest, r.elapsed)
				}
				first, again := r.count()
				if first > r.workers {
					t.Errorf("\n%s\nrefusals at first: want at most one for each of %d workers, got %d", tc.reason, r.workers, first)
				}
				if again > tc.again {
					t.Errorf("\n%s\nrefusals later: want at most %d, got %d", tc.reason, tc.again, again)
				}
				if n := r.inVain(); n > 0 && !tc.guesses {
					t.Errorf("\n%s\ncalls sent although the route was known to be closed: want none, got %d", tc.reason, n)
				}
			})
		})
	}
}

// count the refusals of calls that were on their way when the first came, and
// those later, without trials whether the limit was raised.
func (r *rush) count() (first, again int) {
	for _, x := range r.refusals {
		switch {
		case !x.sent.After(r.refusals[0].answered):
			first++
		case !x.probe:
			again++
		}
	}
	return first, again
}

// inVain counts the calls that were sent after OpenAI had said that it would refuse
// them.
func (r *rush) inVain() int {
	n := 0
	for _, x := range r.refusals {
		for _, sent := range r.sent {
			if sent.After(x.answered) && sent.Before(x.until) {
				n++
			}
		}
	}
	return n
}

// TestChangedLimits shows that a limit that was raised or lowered is followed.
func TestChangedLimits(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason        string
		before, after int
		objects       int
		within        time.Duration
	}{
		"Raised":  {"Trials find that more is allowed.", 7, 60, 1000, 50 * time.Minute},
		"Lowered": {"A refusal shows that less is allowed.", 60, 30, 600, 21 * time.Minute},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			seed := testseed.Of(t)
			synctest.Test(t, func(t *testing.T) {
				limit := &apitest.FixedWindow{Limit: tc.before, Period: time.Minute}
				r := &rush{objects: 3 * tc.before, workers: 10, model: limit}
				l := newSeededLimiter(t, seed)
				r.run(t.Context(), l, seed)
				limit.Limit = tc.after
				before := len(r.refusals)
				r.objects = tc.objects
				r.run(t.Context(), l, seed+1)
				if r.elapsed > tc.within {
					t.Errorf("\n%s\ntime: want at most %v, got %v", tc.reason, tc.within, r.elapsed)
				}
				if n := len(r.refusals) - before; n > 10+int(r.elapsed/(4*time.Minute)) {
					t.Errorf("\n%s\nrefusals: want those on their way when the limit changed and those of trials, got %d", tc.reason, n)
				}
			})
		})
	}
}

// TestARushCanBeRepeated shows that a seed decides all, so that a failure can be looked
// into.
func TestARushCanBeRepeated(t *testing.T) {
	t.Parallel()
	seed := testseed.Of(t)
	var sent [2][]time.Time
	for i := range sent {
		synctest.Test(t, func(t *testing.T) {
			r := &rush{objects: 300, workers: 10, silent: true, model: &slidingWindow{limit: 60, period: time.Minute}}
			r.run(t.Context(), newSeededLimiter(t, seed), seed)
			sent[i] = r.sent
		})
	}
	if diff := cmp.Diff(sent[0], sent[1]); diff != "" {
		t.Errorf("when calls were sent: -first run, +second run:\n%s", diff)
	}
}
