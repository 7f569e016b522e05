// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package adminapi

import (
	"context"
	"sync/atomic"
	"time"
)

// afterRefusal is how long to wait before asking again for what a policy of the
// organisation forbids. People change policies, so that minutes are soon enough.
const afterRefusal = 15 * time.Minute

type paceKey struct{}

// A Pace tells how long to wait before calls that failed are made again.
type Pace struct {
	wait     atomic.Int64
	progress atomic.Bool
}

// WithPace returns a context in which the Pace learns from every failed call.
func WithPace(ctx context.Context) (context.Context, *Pace) {
	p := &Pace{}
	return context.WithValue(ctx, paceKey{}, p), p
}

// Wait is the longest that a failed call asked for; 0 if none did.
func (p *Pace) Wait() time.Duration { return time.Duration(p.wait.Load()) }

// Progress tells that something was created or deleted. The back-off that earlier
// failures led to need not delay the look at it.
func Progress(ctx context.Context) {
	if p, ok := ctx.Value(paceKey{}).(*Pace); ok {
		p.progress.Store(true)
	}
}

// Progressed tells whether anything was created or deleted.
func (p *Pace) Progressed() bool { return p.progress.Load() }

// note what a failed call asks for.
func note(ctx context.Context, e *Error) {
	p, ok := ctx.Value(paceKey{}).(*Pace)
	if ok && e.Class == ClassRefused {
		p.wait.Store(int64(afterRefusal))
	}
}
