// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconciler

import (
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/uuid"
)

func TestPollsOfObjectsThatStartedTogetherAreSpread(t *testing.T) {
	t.Parallel()
	const (
		objects  = 10000
		interval = 10 * time.Minute
		parts    = 10
	)
	o := Options{PollJitter: 0.1}
	start := time.Date(2026, 11, 1, 12, 34, 56, 0, time.UTC)
	at := map[types.UID]time.Time{}
	for range objects {
		at[uuid.NewUUID()] = start
	}
	for cycle := range 20 {
		var polls [parts]int
		for uid, now := range at {
			wait := o.nextPoll(uid, interval, now)
			if wait <= 0 || wait > interval*112/100 {
				t.Fatalf("cycle %d: want a poll within the interval and its jitter, got one in %s", cycle, wait)
			}
			at[uid] = now.Add(wait)
			polls[at[uid].Sub(start)%interval/(interval/parts)]++
		}
		for i, n := range polls {
			if n < objects/parts*8/10 || n > objects/parts*12/10 {
				t.Errorf("cycle %d: want about %d polls in each tenth of the interval, got %d in tenth %d", cycle, objects/parts, n, i)
			}
		}
	}
}

func TestPollsOfAnObjectAreAnIntervalApart(t *testing.T) {
	t.Parallel()
	const (
		interval = 10 * time.Minute
		cycles   = 1000
	)
	for _, jitter := range []float64{0, 0.1, 1} {
		t.Run(fmt.Sprintf("Jitter%v", jitter), func(t *testing.T) {
			t.Parallel()
			o := Options{PollJitter: jitter}
			start := time.Date(2026, 11, 1, 12, 34, 56, 0, time.UTC)
			start = start.Add(o.nextPoll("uid", interval, start))
			now := start
			for range cycles {
				now = now.Add(o.nextPoll("uid", interval, now))
			}
			mean := now.Sub(start) / cycles
			if mean < interval*99/100 || mean > interval*(101+time.Duration(jitter))/100 {
				t.Errorf("want polls about %s apart, got %s on average", interval, mean)
			}
		})
	}
}
