// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package terminal tells errors that only a user can end from those that trying again
// may end. Tools that wait for an object need not wait for the former.
package terminal

import (
	"fmt"
	"slices"
)

// terminal is implemented by errors that know whether only a user can end them.
type terminal interface{ Terminal() bool }

type wrapped struct{ error }

// Terminal reports that only a user can end the error.
func (wrapped) Terminal() bool { return true }

// Unwrap returns what the error wraps.
func (w wrapped) Unwrap() error { return w.error }

// Errorf returns an error that only a user can end.
func Errorf(format string, args ...any) error { return wrapped{fmt.Errorf(format, args...)} }

// Is reports whether an error, or any that it wraps or joins, is one that only a user can
// end.
func Is(err error) bool {
	if t, ok := err.(terminal); ok && t.Terminal() {
		return true
	}
	switch e := err.(type) { //nolint:errorlint // As above.
	case interface{ Unwrap() error }:
		return Is(e.Unwrap())
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), Is)
	}
	return false
}
