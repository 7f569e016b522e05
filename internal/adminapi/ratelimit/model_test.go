// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package ratelimit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/adminapi/apitest"
	"github.com/crossplane-contrib/provider-openai/internal/apierror"
	"github.com/crossplane-contrib/provider-openai/internal/reconcilestate"
)

// A limitModel is how OpenAI may limit the calls of a route.
type limitModel interface {
	// take a call, or return how long to wait.
	Take(now time.Time) (wait time.Duration, ok bool)
}

// alignedWindow forgets all calls when a period of the clock is over.
type alignedWindow struct{ apitest.FixedWindow }

func (l *alignedWindow) Take(now time.Time) (time.Duration, bool) {
	if begin := now.Truncate(l.Period); l.Start.Before(begin) {
		l.Start, l.Calls = begin, 0
	}
	return l.FixedWindow.Take(now)
}

// slidingWindow forgets each call after a period.
type slidingWindow struct {
	limit  int
	period time.Duration
	calls  []time.Time
}

func (l *slidingWindow) Take(now time.Time) (time.Duration, bool) {
	for len(l.calls) > 0 && now.Sub(l.calls[0]) >= l.period {
		l.calls = l.calls[1:]
	}
	if len(l.calls) >= l.limit {
		return l.calls[0].Add(l.period).Sub(now), false
	}
	l.calls = append(l.calls, now)
	return 0, true
}

// tokenBucket regains calls one by one.
type tokenBucket struct {
	limit  int
	period time.Duration
	tokens float64
	last   time.Time
}

func (l *tokenBucket) Take(now time.Time) (time.Duration, bool) {
	each := l.period / time.Duration(l.limit)
	if l.last.IsZero() {
		l.tokens = float64(l.limit)
	} else {
		l.tokens = min(float64(l.limit), l.tokens+float64(now.Sub(l.last))/float64(each))
	}
	l.last = now
	if l.tokens < 1 {
		return time.Duration((1 - l.tokens) * float64(each)), false
	}
	l.tokens--
	return 0, true
}

// A refusal is a 429 of a simulated OpenAI.
type refusal struct {
	sent, answered, until time.Time
	probe                 bool
}

// A rush is many objects that each want one call of a route, as after a start,
// and the workers that reconcile them.
type rush struct {
	objects, workers int
	silent           bool // refusals have no Retry-After

	mu       sync.Mutex
	model    limitModel
	sent     []time.Time
	refusals []refusal
	done     int
	elapsed  time.Duration
}

func (r *rush) run(ctx context.Context, l *Limiter, seed uint64) {
	start := time.Now()
	slots := make(chan struct{}, r.workers)
	var objects sync.WaitGroup
	for i := range r.objects {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		objects.Go(func() {
			// Whatever happens at the same moment happens in any order, and could not be repeated.
			time.Sleep(time.Duration(i) * time.Microsecond)
			for {
				slots <- struct{}{}
				until, waits := r.reconcile(ctx, l, fmt.Sprint("object-", i), random)
				<-slots
				if !waits {
					return
				}
				// As the controllers do.
				wait := max(time.Until(until), 0)
				wait += time.Duration(random.Float64() * float64(min(wait/10, time.Second)))
				time.Sleep(max(wait, time.Second) + time.Duration(random.Int64N(int64(time.Millisecond))))
			}
		})
	}
	objects.Wait()
	r.elapsed = time.Since(start)
}

func (r *rush) reconcile(ctx context.Context, l *Limiter, object string, random *rand.Rand) (time.Time, bool) {
	ctx, state := reconcilestate.New(ctx, object)
	defer state.Release()
	ctx = context.WithValue(ctx, pathKey{}, "/organization/projects")
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://api.example.org/v1/organization/projects", http.NoBody)
	if err != nil {
		panic(err)
	}
	latency := func() { time.Sleep(20*time.Millisecond + time.Duration(random.Int64N(int64(80*time.Millisecond)))) }
	res, err := l.Middleware(req, func(*http.Request) (*http.Response, error) {
		sent := time.Now()
		probe := r.note(l, sent)
		latency()
		r.mu.Lock()
		wait, ok := r.model.Take(time.Now())
		until := time.Now().Add(wait)
		r.mu.Unlock()
		latency()
		r.mu.Lock()
		defer r.mu.Unlock()
		if ok {
			r.done++
			return &http.Response{Body: http.NoBody}, nil
		}
		e := &apierror.Error{Class: apierror.ClassThrottled, Status: http.StatusTooManyRequests, Code: "rate_limit_exceeded"}
		if !r.silent {
			e.RetryAt = time.Now().Add(wait)
		}
		r.refusals = append(r.refusals, refusal{sent: sent, answered: time.Now(), until: until, probe: probe})
		return nil, e
	})
	if err == nil {
		_ = res.Body.Close()
	}
	return state.Throttled()
}

// note that a call was sent, and report whether it is beyond what is known to be
// allowed.
func (r *rush) note(l *Limiter, sent time.Time) bool {
	r.mu.Lock()
	r.sent = append(r.sent, sent)
	r.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	w := l.routes[Route{Service: "projects", Operation: "create"}]
	return w.calls[len(w.calls)-1].probe
}
