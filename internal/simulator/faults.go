// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// A FaultKind is a way in which a call fails or misbehaves.
type FaultKind string

// The kinds of faults. Those before the change prevent it; those after it lose or replace
// the reply to a change that was made.
//
// Go's HTTP client silently repeats a GET, though not a POST or DELETE, whose reused
// connection is reset: a Count of 2 makes such a GET fail.
const (
	// FaultLatency delays the change, and so the reply, by Duration.
	FaultLatency FaultKind = "latency"

	// FaultLatencyAfter delays only the reply, by Duration.
	FaultLatencyAfter FaultKind = "latency-after"

	// FaultRateLimitHeader answers 429 with a Retry-After header of Duration.
	FaultRateLimitHeader FaultKind = "rate-limit-header"

	// FaultRateLimitBody answers 429 with Duration only in the message.
	FaultRateLimitBody FaultKind = "rate-limit-body"

	// FaultRateLimitBare answers 429 without a time to wait.
	FaultRateLimitBare FaultKind = "rate-limit-bare"

	// FaultError answers with Status, 500 by default, instead of making a change.
	FaultError FaultKind = "error"

	// FaultResetBefore resets the connection instead of making a change.
	FaultResetBefore FaultKind = "reset-before"

	// FaultResetAfter resets the connection after the change.
	FaultResetAfter FaultKind = "reset-after"

	// FaultReplaceReply answers with Status, 500 by default, after the change.
	FaultReplaceReply FaultKind = "replace-reply"

	// FaultLag answers a list or a read as of Duration ago or, without a Duration, as of
	// the time when the fault was added.
	FaultLag FaultKind = "lag"
)

// defaultRetryAfter is the time to wait in a 429 without a Duration, as it was once
// recorded.
const defaultRetryAfter = 6937 * time.Millisecond

// A Fault affects the calls of a route. Faults after the change affect only calls that the
// API accepts.
type Fault struct {
	// Route is the affected route; empty means all of them.
	Route Route `json:"route,omitempty"`

	// PathContains restricts the fault to paths that contain it, such as a
	// project's ID.
	PathContains string `json:"path_contains,omitempty"`

	Kind FaultKind `json:"kind"`

	// Skip is how many calls are not affected first.
	Skip int `json:"skip,omitempty"`

	// Count is how many calls are affected after that; 0 means all of them until the fault
	// is cleared.
	Count int `json:"count,omitempty"`

	// Duration is the delay, the time to wait or the lag. Delays are in real time, lags in
	// the simulator's. In JSON it is a string such as "1.5s".
	Duration time.Duration `json:"-"`

	// Status is the HTTP status of FaultError and FaultReplaceReply.
	Status int `json:"status,omitempty"`

	// Type, Code and Message replace those of the status.
	Type    string `json:"type,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`

	// NullCode makes the code null in the reply, as it is in many recordings.
	NullCode bool `json:"null_code,omitempty"`

	// RawBody replaces the JSON of the error, as when a proxy answers instead of OpenAI.
	RawBody string `json:"raw_body,omitempty"`
}

// A bareFault is a Fault without methods, so that marshaling does not recurse.
type bareFault Fault

type wireFault struct {
	bareFault
	Duration string `json:"duration,omitempty"`
}

// MarshalJSON writes the duration as a string.
func (f Fault) MarshalJSON() ([]byte, error) {
	w := wireFault{bareFault: bareFault(f)}
	if f.Duration != 0 {
		w.Duration = f.Duration.String()
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads the duration from a string.
func (f *Fault) UnmarshalJSON(b []byte) error {
	var w wireFault
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*f = Fault(w.bareFault)
	if w.Duration == "" {
		return nil
	}
	d, err := time.ParseDuration(w.Duration)
	if err != nil {
		return fmt.Errorf("fault with duration %q: %w", w.Duration, err)
	}
	f.Duration = d
	return nil
}

// A phase is when a fault takes effect.
type phase int

const (
	beforeChange phase = iota
	afterChange
)

var phases = map[FaultKind]phase{
	FaultLatency: beforeChange, FaultRateLimitHeader: beforeChange, FaultRateLimitBody: beforeChange,
	FaultRateLimitBare: beforeChange, FaultError: beforeChange, FaultResetBefore: beforeChange, FaultLag: beforeChange,
	FaultLatencyAfter: afterChange, FaultResetAfter: afterChange, FaultReplaceReply: afterChange,
}

// AddFault adds a fault and returns its ID for [Server.ClearFault]. Of several faults that
// decide the outcome of a call the first one added counts; latencies and lags apply
// besides.
func (s *Server) AddFault(f Fault) (id int, err error) {
	if _, known := phases[f.Kind]; !known {
		return 0, fmt.Errorf("unknown kind of fault %q", f.Kind)
	}
	if f.Route != "" && !slices.Contains(s.routes, f.Route) {
		return 0, fmt.Errorf("fault %q of unknown route %q", f.Kind, f.Route)
	}
	if f.Status != 0 && (f.Status < 400 || f.Status > 599) {
		return 0, fmt.Errorf("fault %q with status %d: not an error", f.Kind, f.Status)
	}
	return s.faults.add(f, s.seq.Load()), nil
}

// ClearFault ends a fault. A lagging list is up to date then.
func (s *Server) ClearFault(id int) { s.faults.remove(func(f *activeFault) bool { return f.id == id }) }

// ClearFaults ends all faults.
func (s *Server) ClearFaults() { s.faults.remove(func(*activeFault) bool { return true }) }

// Faults returns the active faults by their IDs, with the remaining Skip and Count.
func (s *Server) Faults() map[int]Fault {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	remaining := make(map[int]Fault, len(s.faults.active))
	for _, a := range s.faults.active {
		remaining[a.id] = a.Fault
	}
	return remaining
}

type faultSet struct {
	mu     sync.Mutex
	lastID int
	active []*activeFault
}

// An activeFault is a fault that can still take effect.
type activeFault struct {
	Fault
	id int
	// seq is the last write before the fault was added.
	seq int64
}

func (s *faultSet) add(f Fault, seq int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	s.active = append(s.active, &activeFault{Fault: f, id: s.lastID, seq: seq})
	return s.lastID
}

func (s *faultSet) remove(which func(*activeFault) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var remaining []*activeFault
	for _, a := range s.active {
		if !which(a) {
			remaining = append(remaining, a)
		}
	}
	s.active = remaining
}

// faultEffects are the effects of all faults on one call in one phase.
type faultEffects struct {
	kinds   []FaultKind
	latency time.Duration
	lag     *activeFault
	outcome *reply
}

// consume the faults that affect a call, and return their effects.
func (s *faultSet) consume(p phase, route Route, path string) faultEffects {
	s.mu.Lock()
	defer s.mu.Unlock()
	var effects faultEffects
	remaining := s.active[:0:0]
	for _, a := range s.active {
		if phases[a.Kind] != p || !a.matches(route, path) || !a.apply(&effects) {
			remaining = append(remaining, a)
			continue
		}
		effects.kinds = append(effects.kinds, a.Kind)
		if a.Count != 1 {
			remaining = append(remaining, a)
		}
		if a.Count > 0 {
			a.Count--
		}
	}
	s.active = remaining
	return effects
}

func (a *activeFault) matches(route Route, path string) bool {
	return (a.Route == "" || a.Route == route) && strings.Contains(path, a.PathContains)
}

// apply adds the fault to the effects on a call, unless the call is to be skipped or
// another fault has decided its outcome.
func (a *activeFault) apply(effects *faultEffects) bool {
	additive := a.Kind == FaultLatency || a.Kind == FaultLatencyAfter || a.Kind == FaultLag
	if !additive && effects.outcome != nil {
		return false
	}
	if a.Skip > 0 {
		a.Skip--
		return false
	}
	switch a.Kind {
	case FaultLatency, FaultLatencyAfter:
		effects.latency += a.Duration
	case FaultLag:
		effects.lag = a
	case FaultResetBefore, FaultResetAfter:
		effects.outcome = &reply{reset: true}
	default:
		effects.outcome = &reply{apiError: a.errorReply()}
	}
	return true
}

// errorReply is the error that the fault answers with.
func (a *activeFault) errorReply() *apiError {
	wait := a.Duration
	if wait == 0 {
		wait = defaultRetryAfter
	}
	var e *apiError
	switch a.Kind {
	case FaultRateLimitHeader:
		e = rateLimited()
		e.retryAfter = wait
	case FaultRateLimitBody:
		e = rateLimitedFor(wait)
	case FaultRateLimitBare:
		e = rateLimited()
	default:
		status := a.Status
		if status == 0 {
			status = http.StatusInternalServerError
		}
		e = serverError(status)
	}
	e.kind, e.code, e.message = cmp.Or(a.Type, e.kind), cmp.Or(a.Code, e.code), cmp.Or(a.Message, e.message)
	if a.NullCode {
		e.code = ""
	}
	e.raw = a.RawBody
	return e
}

// view is the view of a lagging read.
func (a *activeFault) view(now time.Time) view {
	if a.Duration > 0 {
		return view{seq: math.MaxInt64, until: now.Add(-a.Duration)}
	}
	return view{seq: a.seq}
}

// retryAfterSeconds is a Retry-After header in whole seconds, rounded up.
func retryAfterSeconds(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}

// resetConnection closes a connection without a reply. With a linger of zero, the client
// gets a reset rather than an orderly end.
func resetConnection(w http.ResponseWriter) {
	h, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := h.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // A plain close still loses the reply.
	}
	_ = conn.Close()
}
