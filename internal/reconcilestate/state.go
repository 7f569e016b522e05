// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package reconcilestate holds what the calls to OpenAI that one reconcile makes ask of its end: when it is to be
// repeated, and whether it may create and change anything. The context of a reconcile carries it.
package reconcilestate

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/crossplane-contrib/provider-openai/internal/apierror"
)

const (
	// afterForbidden is how long to wait before repeating a call that a policy of the organization
	// forbids. People change policies, so that minutes are soon enough.
	afterForbidden = 15 * time.Minute

	// afterQuota is how long to wait before repeating a call that OpenAI refuses because the
	// quota is exhausted.
	afterQuota = 5 * time.Minute
)

// A State is that of one reconcile. It is safe for concurrent use.
type State struct {
	object string
	// detached is whether it belongs to no reconcile, so that nobody reads it.
	detached bool

	mu           sync.Mutex
	wait         time.Duration
	progressed   bool
	throttled    bool
	until        time.Time
	reconcileBy  time.Time
	reserved     []Reservation
	deletionOnly error
}

type contextKey struct{}

// New returns a context with a new State. The object, with its kind, is what calls are made for: it keeps its place
// in the queue for the rate limit until its next reconcile. Empty: it is not known.
func New(ctx context.Context, object string) (context.Context, *State) {
	s := &State{object: object}
	return context.WithValue(ctx, contextKey{}, s), s
}

// Of returns the State of a context. Outside of any reconcile it is a State that nobody reads.
func Of(ctx context.Context) *State {
	if s, ok := ctx.Value(contextKey{}).(*State); ok {
		return s
	}
	return &State{detached: true}
}

// InReconcile reports whether the State is that of a reconcile.
func (s *State) InReconcile() bool { return !s.detached }

// Object that calls are made for; empty: it is not known.
func (s *State) Object() string { return s.object }

// RetryAfter has a reconcile that fails repeated after some time instead of its back-off. The longest
// time counts.
func (s *State) RetryAfter(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.wait = max(s.wait, d)
}

// RecordFailure records what a failed call asks for: to wait, or until when it is throttled.
func (s *State) RecordFailure(e *apierror.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch e.Class {
	case apierror.ClassForbidden:
		s.wait = max(s.wait, afterForbidden)
	case apierror.ClassQuota:
		s.wait = max(s.wait, afterQuota)
	case apierror.ClassThrottled:
		s.throttled = true
		if e.RetryAt.After(s.until) {
			s.until = e.RetryAt
		}
	case apierror.ClassNotFound, apierror.ClassUnauthorized, apierror.ClassInvalid, apierror.ClassTransient:
	}
}

// Wait is the longest that a failed call or RetryAfter asked for; 0 if none did.
func (s *State) Wait() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.wait
}

// Throttled reports whether the rate limit held a call back or refused it, and until when the last such
// call has to wait; zero: that is not known.
func (s *State) Throttled() (until time.Time, throttled bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.until, s.throttled
}

// SetReconcileBy asks for a reconcile of the object by a time, even if it still waits for the rate limit
// then; zero asks for none.
func (s *State) SetReconcileBy(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reconcileBy = at
}

// ReconcileBy is when the object must be reconciled at the latest; zero: nothing asks for that.
func (s *State) ReconcileBy() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.reconcileBy
}

// RecordProgress records that something was created or deleted, so that the back-off of earlier failures
// does not delay the next reconcile.
func (s *State) RecordProgress() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progressed = true
}

// Progressed reports whether anything was created or deleted.
func (s *State) Progressed() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.progressed
}

// AllowDeletionOnly forbids the reconcile to create and change anything, and says why. It reports whether that
// has an effect, for which the State must be that of a reconcile.
func (s *State) AllowDeletionOnly(why error) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.deletionOnly == nil {
		s.deletionOnly = fmt.Errorf("%w; meanwhile nothing is created or changed for this object, and what it manages is ended if it is deleted", why)
	}
	return !s.detached
}

// DeletionOnly is why the reconcile must create and change nothing; nil: it may.
func (s *State) DeletionOnly() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.deletionOnly
}
