// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// controlRoutes registers the controls, with which a test drives a simulator in another
// process. They need no credential, so that the simulator must listen on loopback only:
//
//	GET    /simulator/calls        the call log
//	DELETE /simulator/calls        clear it
//	GET    /simulator/exchanges    the log of token exchanges
//	DELETE /simulator/exchanges    clear it
//	GET    /simulator/faults       the active faults, by ID
//	POST   /simulator/faults       add a Fault; replies with a FaultID
//	DELETE /simulator/faults       clear all faults
//	DELETE /simulator/faults/{id}  clear one
//	GET    /simulator/clock        the time, a Clock
//	POST   /simulator/clock        advance it, a ClockAdvance
//	GET    /simulator/policy       the Policy
//	PUT    /simulator/policy       replace it
//	GET    /simulator/quirks       the Quirks
//	PUT    /simulator/quirks       replace them
//	PUT    /simulator/rate-limit   set the RateLimit
//	POST   /simulator/admin-keys   accept an AdminKey
//	POST   /simulator/users        add a User to an organization; replies with a UserID
//	GET    /simulator/keys         snapshots of ?project_id=, or of all keys
//	GET    /simulator/organizations/{id}  an Organization
func (s *Server) controlRoutes() {
	s.logRoutes()
	s.mux.HandleFunc("GET /simulator/faults", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, s.Faults())
	})
	s.mux.HandleFunc("POST /simulator/faults", controlHandler(func(f Fault) (any, error) {
		id, err := s.AddFault(f)
		return FaultID{ID: id}, err
	}))
	s.mux.HandleFunc("DELETE /simulator/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	s.mux.HandleFunc("DELETE /simulator/faults/{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.Atoi(r.PathValue("id"))
		if err != nil {
			http.Error(w, fmt.Sprintf("not the ID of a fault: %q", r.PathValue("id")), http.StatusBadRequest)
			return
		}
		s.ClearFault(id)
		w.WriteHeader(http.StatusNoContent)
	})
	s.mux.HandleFunc("GET /simulator/clock", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, Clock{Now: s.Now()})
	})
	s.mux.HandleFunc("POST /simulator/clock", controlHandler(func(a ClockAdvance) (any, error) {
		d, err := time.ParseDuration(a.Advance)
		if err != nil {
			return nil, fmt.Errorf("cannot advance the clock by %q: %w", a.Advance, err)
		}
		s.Advance(d)
		return Clock{Now: s.Now()}, nil
	}))
	s.mux.HandleFunc("GET /simulator/policy", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.Policy()) })
	s.mux.HandleFunc("PUT /simulator/policy", controlHandler(func(p Policy) (any, error) {
		s.SetPolicy(p)
		return p, nil
	}))
	s.mux.HandleFunc("GET /simulator/quirks", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, s.Quirks()) })
	s.mux.HandleFunc("PUT /simulator/quirks", controlHandler(func(q Quirks) (any, error) {
		s.SetQuirks(q)
		return q, nil
	}))
	s.mux.HandleFunc("PUT /simulator/rate-limit", controlHandler(func(l RateLimit) (any, error) {
		s.SetRateLimit(l.PerMinute)
		return l, nil
	}))
	s.mux.HandleFunc("POST /simulator/admin-keys", controlHandler(func(k AdminKey) (any, error) {
		if k.Value == "" || k.OrganizationID == "" {
			return nil, fmt.Errorf("an admin key needs a value and an organization_id")
		}
		s.AddAdminKey(k)
		return Organization{ID: k.OrganizationID, DefaultProjectID: s.DefaultProjectID(k.OrganizationID)}, nil
	}))
	s.mux.HandleFunc("POST /simulator/users", controlHandler(func(u User) (any, error) {
		id, err := s.AddUser(u)
		return UserID{ID: id}, err
	}))
	s.mux.HandleFunc("GET /simulator/keys", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, KeyList{Keys: s.Keys(r.URL.Query().Get("project_id"))})
	})
	s.mux.HandleFunc("GET /simulator/organizations/{id}", func(w http.ResponseWriter, r *http.Request) {
		id := r.PathValue("id")
		p := s.DefaultProjectID(id)
		if p == "" {
			http.Error(w, fmt.Sprintf("no organization %q", id), http.StatusNotFound)
			return
		}
		writeJSON(w, Organization{ID: id, DefaultProjectID: p})
	})
}

// logRoutes registers the controls of the logs.
func (s *Server) logRoutes() {
	s.mux.HandleFunc("GET /simulator/calls", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, CallList{Calls: s.Calls()})
	})
	s.mux.HandleFunc("DELETE /simulator/calls", func(w http.ResponseWriter, _ *http.Request) {
		s.ResetCalls()
		w.WriteHeader(http.StatusNoContent)
	})
	s.mux.HandleFunc("GET /simulator/exchanges", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, ExchangeList{Exchanges: s.Exchanges()})
	})
	s.mux.HandleFunc("DELETE /simulator/exchanges", func(w http.ResponseWriter, _ *http.Request) {
		s.ResetExchanges()
		w.WriteHeader(http.StatusNoContent)
	})
}

// A CallList is the reply of GET /simulator/calls.
type CallList struct {
	Calls []Call `json:"calls"`
}

// An ExchangeList is the reply of GET /simulator/exchanges.
type ExchangeList struct {
	Exchanges []Exchange `json:"exchanges"`
}

// A KeyList is the reply of GET /simulator/keys.
type KeyList struct {
	Keys []KeySnapshot `json:"keys"`
}

// A FaultID is the reply of POST /simulator/faults.
type FaultID struct {
	ID int `json:"id"`
}

// A UserID is the reply of POST /simulator/users.
type UserID struct {
	ID string `json:"id"`
}

// A Clock is the simulator's time.
type Clock struct {
	Now time.Time `json:"now"`
}

// A ClockAdvance is the request of POST /simulator/clock.
type ClockAdvance struct {
	// Advance is a Go duration, such as "1h".
	Advance string `json:"advance"`
}

// A RateLimit is the request of PUT /simulator/rate-limit.
type RateLimit struct {
	// PerMinute is as for [Server.SetRateLimit].
	PerMinute int `json:"per_minute"`
}

// An Organization is the reply about a simulated organization.
type Organization struct {
	ID               string `json:"id"`
	DefaultProjectID string `json:"default_project_id"`
}

// controlHandler reads a request of type T, acts on it, and writes the result.
func controlHandler[T any](act func(T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in T
		if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(&in); err != nil {
			http.Error(w, fmt.Sprintf("cannot read %T: %v", in, err), http.StatusBadRequest)
			return
		}
		out, err := act(in)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		writeJSON(w, out)
	}
}

func writeJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(marshal(v)) // A client may have disconnected.
}
