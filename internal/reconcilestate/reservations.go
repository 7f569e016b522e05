// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package reconcilestate

import "slices"

// A Reservation is that of a call that the reconcile may make later.
type Reservation interface {
	// Release a call that will not be made.
	Release()
}

// AddReservation of a call.
func (s *State) AddReservation(r Reservation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reserved = append(s.reserved, r)
}

// TakeReservation removes the first reservation that matches, and returns it; nil: there is none.
func (s *State) TakeReservation(matches func(Reservation) bool) Reservation {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.reserved, matches)
	if i < 0 {
		return nil
	}
	r := s.reserved[i]
	s.reserved = slices.Delete(s.reserved, i, i+1)
	return r
}

// Release the calls that were reserved and not made.
func (s *State) Release() {
	s.mu.Lock()
	unused := s.reserved
	s.reserved = nil
	s.mu.Unlock()
	for _, r := range unused {
		r.Release()
	}
}
