// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// The admin key and organization of a Server without options. OpenAI has no such key.
const (
	DefaultAdminKey       = "sk-admin-SIMULATED-not-a-real-key-0000"
	DefaultOrganizationID = "org-simulated"
)

// maxBody is the largest request body that is read, in bytes.
const maxBody = 1 << 20

// A Server is OpenAI's Administration API in memory. It is an [http.Handler] that serves
// the API below /v1, the token exchange at /oauth/token, and its own controls below
// /simulator, and is safe for concurrent use.
type Server struct {
	mux    *http.ServeMux
	routes []Route
	clock  clock
	faults faultSet
	calls  callLog

	// seq numbers the writes.
	seq atomic.Int64

	// mu guards everything below. A call holds it from authentication to its change, so
	// that calls take effect one after the other.
	mu            sync.Mutex
	adminKeys     map[[32]byte]AdminKey
	organizations map[string]*organization
	keys          map[[32]byte]keyRef
	accessTokens  map[[32]byte]accessToken
	exchanges     []Exchange
	discovery     discovery
	limits        rateLimits
	policy        Policy
	quirks        Quirks
}

// An Option configures a new Server.
type Option func(*settings)

type settings struct {
	clock     func() time.Time
	adminKeys []AdminKey
	rateLimit int
	quirks    Quirks
	sink      func(Call)
	discovery *http.Client
}

// WithClock sets the source of time; the default is [time.Now].
func WithClock(now func() time.Time) Option {
	return func(s *settings) { s.clock = now }
}

// WithAdminKey adds an admin key and its organization. Without this option the server
// accepts DefaultAdminKey of the organization DefaultOrganizationID.
func WithAdminKey(k AdminKey) Option {
	return func(s *settings) { s.adminKeys = append(s.adminKeys, k) }
}

// WithRateLimit limits the calls per minute of each admin route and admin key;
// see [Server.SetRateLimit].
func WithRateLimit(perMinute int) Option {
	return func(s *settings) { s.rateLimit = perMinute }
}

// WithQuirks chooses undocumented behavior; see [Server.SetQuirks].
func WithQuirks(q Quirks) Option {
	return func(s *settings) { s.quirks = q }
}

// WithCallSink reports every call when it is logged, one at a time. The function must not
// call the Server.
func WithCallSink(sink func(Call)) Option {
	return func(s *settings) { s.sink = sink }
}

// New returns a Server in which every organization has only its Default project.
func New(opts ...Option) *Server {
	set := settings{clock: time.Now}
	for _, o := range opts {
		o(&set)
	}
	s := &Server{
		mux:           http.NewServeMux(),
		clock:         clock{source: set.clock},
		calls:         callLog{sink: set.sink},
		adminKeys:     make(map[[32]byte]AdminKey),
		organizations: make(map[string]*organization),
		keys:          make(map[[32]byte]keyRef),
		accessTokens:  make(map[[32]byte]accessToken),
		discovery:     newDiscovery(set.discovery),
		limits:        rateLimits{perMinute: set.rateLimit},
		quirks:        set.quirks,
	}
	if len(set.adminKeys) == 0 {
		set.adminKeys = []AdminKey{{Value: DefaultAdminKey, OrganizationID: DefaultOrganizationID}}
	}
	for _, k := range set.adminKeys {
		s.AddAdminKey(k)
	}
	for _, name := range Families() {
		registry[name].mount(s)
	}
	s.mux.Handle("/", s.serve("", func(c *apiCall) (any, *apiError) {
		return nil, &apiError{
			status: http.StatusNotFound, kind: typeInvalidRequest,
			message: "Invalid URL (" + c.http.Method + " " + c.http.URL.Path + ")",
		}
	}))
	s.controlRoutes()
	return s
}

// Routes returns the API's routes that the simulator serves.
func (s *Server) Routes() []Route {
	return append([]Route(nil), s.routes...)
}

// Now returns the simulator's time.
func (s *Server) Now() time.Time { return s.clock.now() }

// Advance moves the simulator's time forward. The timers of clients and the latency of
// faults use real time.
func (s *Server) Advance(d time.Duration) { s.clock.advance(d) }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mux.ServeHTTP(w, r)
}

// handle registers a route of the API.
func (s *Server) handle(route Route, h func(*apiCall) (any, *apiError)) {
	s.routes = append(s.routes, route)
	s.mux.Handle(string(route), s.serve(route, h))
}

// An apiCall is a call that is being processed and not yet authenticated.
type apiCall struct {
	http  *http.Request
	token string
	body  []byte
	now   time.Time
	view  view

	// organization of the credential, once it is authenticated.
	organization string
}

// serve passes a call through the faults of its route, and logs it. The handler h is called
// with mu held.
func (s *Server) serve(route Route, h func(*apiCall) (any, *apiError)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requestID := newRequestID()
		token := bearer(r)
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		call := Call{
			Method: r.Method, Route: route, Path: r.URL.Path, Query: r.URL.RawQuery,
			KeyFingerprint: Fingerprint(token), RequestID: requestID,
		}
		if err != nil {
			// The client disconnected or sent too much: the API would not have
			// processed the call.
			s.finish(w, &call, reply{apiError: badRequest("", "", "The request body could not be read.")})
			return
		}

		before := s.faults.consume(beforeChange, route, r.URL.Path)
		call.Faults = before.kinds
		pause(r, before.latency)
		if before.outcome != nil {
			s.finish(w, &call, *before.outcome)
			return
		}

		answer := s.execute(&apiCall{http: r, token: token, body: body, view: latest}, before.lag, h)
		if answer.apiError == nil {
			call.CarriedOut = true
			after := s.faults.consume(afterChange, route, r.URL.Path)
			call.Faults = append(call.Faults, after.kinds...)
			pause(r, after.latency)
			if after.outcome != nil {
				answer = *after.outcome
			}
		}
		s.finish(w, &call, answer)
	})
}

// execute processes a call.
func (s *Server) execute(c *apiCall, lag *activeFault, h func(*apiCall) (any, *apiError)) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.now = s.clock.now()
	if lag != nil {
		c.view = lag.view(c.now)
	}
	out, aerr := h(c)
	answer := reply{body: out, apiError: aerr}
	if !s.quirks.NoOrganizationHeader {
		answer.organization = c.organization
	}
	return answer
}

// A reply is what the client receives: a body, an error or a reset connection.
type reply struct {
	body     any
	apiError *apiError
	reset    bool
	// organization that the header names; empty: there is no such header.
	organization string
}

// finish logs a call before it writes the reply, so that a client that has the reply finds
// the call in the log.
func (s *Server) finish(w http.ResponseWriter, call *Call, answer reply) {
	call.Time = s.clock.now()
	switch {
	case answer.reset:
	case answer.apiError != nil:
		call.Status = answer.apiError.status
	default:
		call.Status = http.StatusOK
	}
	s.calls.add(*call)

	if answer.reset {
		resetConnection(w)
		return
	}
	w.Header().Set("X-Request-Id", call.RequestID)
	w.Header().Set("Date", call.Time.UTC().Format(http.TimeFormat))
	w.Header().Set("Content-Type", "application/json")
	if answer.organization != "" {
		w.Header().Set("Openai-Organization", answer.organization)
	}
	if e := answer.apiError; e != nil {
		if e.raw != "" && !json.Valid([]byte(e.raw)) {
			w.Header().Set("Content-Type", "text/html; charset=UTF-8")
		}
		if e.retryAfter > 0 {
			w.Header().Set("Retry-After", retryAfterSeconds(e.retryAfter))
		}
		w.WriteHeader(e.status)
		_, _ = w.Write(e.body()) // A client may have disconnected.
		return
	}
	_, _ = w.Write(marshal(answer.body))
}

// pause waits in real time, unless the client disconnects first. The API processes the call
// nevertheless.
func pause(r *http.Request, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-r.Context().Done():
	}
}
