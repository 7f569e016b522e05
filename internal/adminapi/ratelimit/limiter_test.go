// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/testseed"
)

var (
	listOfKeys = Route{Service: "projects/api_keys", Operation: "list"}
	deleteKey  = Route{Service: "projects/api_keys", Operation: "delete"}
)

// newSeededLimiter spreads calls in the same way at every run of a seed.
func newSeededLimiter(t *testing.T, seed uint64) *Limiter {
	t.Helper()
	// Collecting metrics at the real time would end the periods of a limiter in simulated time.
	return NewWithoutMetrics(t.Name(), rand.New(rand.NewPCG(seed, 0)).Float64)
}

// try to make a call for an object. It reports whether it was made, or else the slot.
func try(l *Limiter, r Route, object string) (made bool, slot time.Time) {
	g, throttled := l.acquire(r, object)
	if throttled != nil {
		return false, throttled.RetryAt
	}
	if throttled := g.send(); throttled != nil {
		return false, throttled.RetryAt
	}
	g.answered()
	return true, time.Time{}
}

// TestAConfiguredLimit shows that the limit of a provider configuration holds over all routes.
func TestAConfiguredLimit(t *testing.T) {
	t.Parallel()
	seed := testseed.Of(t)
	synctest.Test(t, func(t *testing.T) {
		l := newSeededLimiter(t, seed)
		l.SetConfigured("one", 600)
		l.SetConfigured("two", 60) // The lowest holds.
		made, start := 0, time.Now()
		for time.Since(start) < 10*time.Minute {
			for i, r := range []Route{deleteKey, CreateKey, listOfKeys} {
				if ok, _ := try(l, r, fmt.Sprint("object-", i)); ok {
					made++
				}
			}
			time.Sleep(100 * time.Millisecond)
		}
		if made < 590 || made > 605 {
			t.Errorf("calls in ten minutes at 60 a minute: want about 600, got %d", made)
		}
		l.SetConfigured("two", 0)
		l.SetConfigured("one", 0)
		for i := range 100 {
			if ok, _ := try(l, CreateKey, fmt.Sprint("object-", i)); !ok {
				t.Fatalf("call %d after the limits were removed was throttled", i)
			}
		}
	})
}

// TestPriorities shows who goes first when a limit is low.
func TestPriorities(t *testing.T) {
	t.Parallel()
	seed := testseed.Of(t)
	synctest.Test(t, func(t *testing.T) {
		l := newSeededLimiter(t, seed)
		l.SetConfigured("one", 60)
		made := map[Route]int{}
		start := time.Now()
		next := map[string]time.Time{}
		for time.Since(start) < 20*time.Minute {
			for i := range 20 {
				for _, r := range []Route{listOfKeys, CreateKey, deleteKey} {
					// In the second half no key is revoked any more.
					if r == deleteKey && time.Since(start) >= 10*time.Minute {
						continue
					}
					object := fmt.Sprint(r, i)
					if time.Now().Before(next[object]) {
						continue
					}
					ok, slot := try(l, r, object)
					if next[object] = slot; ok {
						made[r]++
					}
				}
			}
			if time.Since(start) == 10*time.Minute && made[CreateKey] > 5 {
				t.Errorf("creations while revocations wait: want only those before them, got %d", made[CreateKey])
			}
			time.Sleep(100 * time.Millisecond)
		}
		if made[deleteKey] < 500 {
			t.Errorf("revocations in ten minutes: want nearly all of 600 calls, got %d", made[deleteKey])
		}
		if made[CreateKey] < 480 {
			t.Errorf("creations in the ten minutes after: want nearly all of 600 calls, got %d", made[CreateKey])
		}
		if n := made[listOfKeys]; n < 100 || n > 180 {
			t.Errorf("observes in twenty minutes: want about a tenth of 1200 calls, got %d", n)
		}
	})
}

// TestOneWhoDoesNotComeBackDelaysNobodyForLong loses a revocation that waited.
func TestOneWhoDoesNotComeBackDelaysNobodyForLong(t *testing.T) {
	t.Parallel()
	seed := testseed.Of(t)
	synctest.Test(t, func(t *testing.T) {
		l := newSeededLimiter(t, seed)
		l.SetConfigured("one", 60)
		for range 3 {
			try(l, deleteKey, "deleted meanwhile")
		}
		start := time.Now()
		for {
			if ok, _ := try(l, listOfKeys, "object"); ok {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		if waited := time.Since(start); waited > queueGrace+5*time.Second {
			t.Errorf("an observe waited %v", waited)
		}
	})
}

// TestSlotsAreSpread shows that callers which wait do not all get the same slot.
func TestSlotsAreSpread(t *testing.T) {
	t.Parallel()
	seed := testseed.Of(t)
	synctest.Test(t, func(t *testing.T) {
		l := newSeededLimiter(t, seed)
		for i := range 60 {
			try(l, CreateKey, fmt.Sprint("first-", i))
		}
		g, _ := l.acquire(CreateKey, "refused")
		if throttled := g.send(); throttled != nil {
			t.Fatalf("send: %v", throttled)
		}
		until := time.Now().Add(time.Minute)
		g.rateLimited(until)
		perPeriod := map[time.Duration]int{}
		for i := range 300 {
			_, slot := try(l, CreateKey, fmt.Sprint("object-", i))
			perPeriod[slot.Sub(until)/time.Minute]++
		}
		for period, n := range perPeriod {
			if n > 61 || period > 5 {
				t.Errorf("turns in period %d: want at most 60 in each of 5 periods, got %d", period, n)
			}
		}
	})
}
