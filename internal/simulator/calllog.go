// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// A Call is one call to the API in the log. It holds no secret.
type Call struct {
	// Time is the simulator's time of the reply.
	Time time.Time `json:"time"`

	Method string `json:"method"`

	// Route is the pattern of the call; empty if there is no such route.
	Route Route `json:"route"`

	// Path and Query are those of the URL.
	Path  string `json:"path"`
	Query string `json:"query,omitempty"`

	// Status is the HTTP status of the reply, 0 if the connection was reset.
	Status int `json:"status"`

	// CarriedOut reports whether the API made the change or the read, whatever the reply.
	CarriedOut bool `json:"carried_out"`

	// KeyFingerprint is the Fingerprint of the bearer token.
	KeyFingerprint string `json:"keyFingerprint,omitempty"`

	RequestID string `json:"request_id"`

	// Faults are the faults that affected the call.
	Faults []FaultKind `json:"faults,omitempty"`
}

// Mutating reports whether the call requested a change from the Administration API.
func (c Call) Mutating() bool {
	return c.Method != http.MethodGet && (strings.HasPrefix(c.Path, "/v1/organization/") || strings.HasPrefix(c.Path, "/v1/projects/"))
}

type callLog struct {
	sink func(Call)

	mu    sync.Mutex
	calls []Call
}

func (l *callLog) add(c Call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.calls = append(l.calls, c)
	if l.sink != nil {
		l.sink(c)
	}
}

// Calls returns all calls to the API in the order of their replies, without those to the
// controls.
func (s *Server) Calls() []Call {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	return append([]Call(nil), s.calls.calls...)
}

// ResetCalls clears the log.
func (s *Server) ResetCalls() {
	s.calls.mu.Lock()
	defer s.calls.mu.Unlock()
	s.calls.calls = nil
}

// CallsTo returns the calls of one route.
func (s *Server) CallsTo(route Route) []Call {
	return s.callsWhere(func(c Call) bool { return c.Route == route })
}

// CountCalls returns the number of calls of one route, whatever their outcome.
func (s *Server) CountCalls(route Route) int { return len(s.CallsTo(route)) }

// CountCarriedOut returns how many calls of a route had their effect, including those whose
// reply was lost.
func (s *Server) CountCarriedOut(route Route) int {
	return len(s.callsWhere(func(c Call) bool { return c.Route == route && c.CarriedOut }))
}

// CountMutating returns the number of calls that requested a change from the Administration
// API.
func (s *Server) CountMutating() int {
	return len(s.callsWhere(Call.Mutating))
}

func (s *Server) callsWhere(keep func(Call) bool) []Call {
	var kept []Call
	for _, c := range s.Calls() {
		if keep(c) {
			kept = append(kept, c)
		}
	}
	return kept
}
