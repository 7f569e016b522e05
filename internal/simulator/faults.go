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

// A FaultKind is a way in which a call goes wrong.
type FaultKind string

// The kinds of faults. Those that come before the change leave everything as it
// was; those after it lose or spoil the reply to a change that was carried out.
//
// Go's HTTP client silently repeats a GET, though not a POST or DELETE, whose
// reused connection is reset: set a Count of 2 for such a GET to be seen to
// fail.
const (
	// FaultLatency delays the change, and so the reply, by Duration.
	FaultLatency FaultKind = "latency"

	// FaultLatencyAfter delays only the reply, by Duration.
	FaultLatencyAfter FaultKind = "latency-after"

	// FaultRateLimitHeader answers 429 with a Retry-After header of Duration.
	FaultRateLimitHeader FaultKind = "rate-limit-header"

	// FaultRateLimitBody answers 429 and tells Duration in the message only.
	FaultRateLimitBody FaultKind = "rate-limit-body"

	// FaultRateLimitBare answers 429 without saying how long to wait.
	FaultRateLimitBare FaultKind = "rate-limit-bare"

	// FaultError answers with Status, 500 by default, instead of a change.
	FaultError FaultKind = "error"

	// FaultResetBefore resets the connection instead of a change.
	FaultResetBefore FaultKind = "reset-before"

	// FaultResetAfter resets the connection after the change.
	FaultResetAfter FaultKind = "reset-after"

	// FaultReplaceReply answers with Status, 500 by default, after the change.
	FaultReplaceReply FaultKind = "replace-reply"

	// FaultLag has a listing or a read answered as it would have been Duration
	// ago, or, without a Duration, at the time when the fault was set.
	FaultLag FaultKind = "lag"
)

// defaultWait is the wait that a 429 tells without a Duration: one that was
// seen.
const defaultWait = 6937 * time.Millisecond

// A Fault is trouble for the calls of a route. Faults that come after the
// change wait for calls that the API accepts.
type Fault struct {
	// Route is the route in trouble; empty means all of them.
	Route Route `json:"route,omitempty"`

	// PathContains restricts the fault to paths that contain it, such as a
	// project's ID.
	PathContains string `json:"path_contains,omitempty"`

	Kind FaultKind `json:"kind"`

	// Skip lets that many calls pass first.
	Skip int `json:"skip,omitempty"`

	// Count is the number of calls in trouble after that; 0 means all of them
	// until the fault is cleared.
	Count int `json:"count,omitempty"`

	// Duration is the delay, the wait or the lag. Delays are in real time, lags
	// in the simulator's. In JSON it is a string such as "1.5s".
	Duration time.Duration `json:"-"`

	// Status is the HTTP status of FaultError and FaultReplaceReply.
	Status int `json:"status,omitempty"`

	// Type, Code and Message replace those that go with the status.
	Type    string `json:"type,omitempty"`
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`

	// NullCode has code null in the reply, as many recordings have, whatever goes with
	// the status.
	NullCode bool `json:"null_code,omitempty"`

	// RawBody replaces the JSON of the error, as when a proxy answers in
	// OpenAI's place.
	RawBody string `json:"raw_body,omitempty"`
}

// bareFault is a Fault without methods.
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

// A phase is when a fault strikes.
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

// AddFault sets a fault and returns its ID, for [Server.ClearFault]. Of several
// faults that decide a call's outcome the one set first strikes; latencies and
// lags add to it.
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

// ClearFault ends a fault. A lagging listing has then caught up.
func (s *Server) ClearFault(id int) { s.faults.remove(func(f *armed) bool { return f.id == id }) }

// ClearFaults ends all faults.
func (s *Server) ClearFaults() { s.faults.remove(func(*armed) bool { return true }) }

// Faults returns the faults that can still strike, by their IDs, with the Skip
// and Count that remain.
func (s *Server) Faults() map[int]Fault {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	left := make(map[int]Fault, len(s.faults.armed))
	for _, a := range s.faults.armed {
		left[a.id] = a.Fault
	}
	return left
}

type faultSet struct {
	mu     sync.Mutex
	lastID int
	armed  []*armed
}

// armed is a fault that can still strike.
type armed struct {
	Fault
	id int
	// seq is the last write before the fault was set.
	seq int64
}

func (s *faultSet) add(f Fault, seq int64) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	s.armed = append(s.armed, &armed{Fault: f, id: s.lastID, seq: seq})
	return s.lastID
}

func (s *faultSet) remove(which func(*armed) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var left []*armed
	for _, a := range s.armed {
		if !which(a) {
			left = append(left, a)
		}
	}
	s.armed = left
}

// struck is what the faults do to one call in one phase.
type struck struct {
	kinds   []FaultKind
	latency time.Duration
	lag     *armed
	outcome *reply
}

// take uses up the faults that strike a call.
func (s *faultSet) take(p phase, route Route, path string) struck {
	s.mu.Lock()
	defer s.mu.Unlock()
	var hit struck
	left := s.armed[:0:0]
	for _, a := range s.armed {
		if phases[a.Kind] != p || !a.matches(route, path) || !a.strike(&hit) {
			left = append(left, a)
			continue
		}
		hit.kinds = append(hit.kinds, a.Kind)
		if a.Count != 1 {
			left = append(left, a)
		}
		if a.Count > 0 {
			a.Count--
		}
	}
	s.armed = left
	return hit
}

func (a *armed) matches(route Route, path string) bool {
	return (a.Route == "" || a.Route == route) && strings.Contains(path, a.PathContains)
}

// strike adds the fault to what hits a call, unless the call is to be skipped or
// another fault has decided its outcome.
func (a *armed) strike(hit *struck) bool {
	additive := a.Kind == FaultLatency || a.Kind == FaultLatencyAfter || a.Kind == FaultLag
	if !additive && hit.outcome != nil {
		return false
	}
	if a.Skip > 0 {
		a.Skip--
		return false
	}
	switch a.Kind {
	case FaultLatency, FaultLatencyAfter:
		hit.latency += a.Duration
	case FaultLag:
		hit.lag = a
	case FaultResetBefore, FaultResetAfter:
		hit.outcome = &reply{reset: true}
	default:
		hit.outcome = &reply{apiError: a.refusal()}
	}
	return true
}

// refusal is the error that the fault answers with.
func (a *armed) refusal() *apiError {
	wait := a.Duration
	if wait == 0 {
		wait = defaultWait
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
		e = failure(status)
	}
	e.kind, e.code, e.message = cmp.Or(a.Type, e.kind), cmp.Or(a.Code, e.code), cmp.Or(a.Message, e.message)
	if a.NullCode {
		e.code = ""
	}
	e.raw = a.RawBody
	return e
}

// view is what a lagging read sees.
func (a *armed) view(now time.Time) view {
	if a.Duration > 0 {
		return view{seq: math.MaxInt64, until: now.Add(-a.Duration)}
	}
	return view{seq: a.seq}
}

// retryAfterSeconds is a Retry-After header in whole seconds, rounded up.
func retryAfterSeconds(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}

// resetConnection ends a connection without a reply. Without lingering, the
// client sees a reset rather than an orderly end.
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
