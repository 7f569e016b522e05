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

// ifLasting is implemented by errors that another object may be about to end, such as one
// that is applied next.
type ifLasting interface{ TerminalIfLasting() bool }

type wrapped struct{ error }

// Terminal reports that only a user can end the error.
func (wrapped) Terminal() bool { return true }

// Unwrap returns what the error wraps.
func (w wrapped) Unwrap() error { return w.error }

type lasting struct{ error }

// TerminalIfLasting reports that only a user can end the error once it has lasted.
func (lasting) TerminalIfLasting() bool { return true }

// Unwrap returns what the error wraps.
func (l lasting) Unwrap() error { return l.error }

// Errorf returns an error that only a user can end.
func Errorf(format string, args ...any) error { return wrapped{fmt.Errorf(format, args...)} }

// IfLastingErrorf returns an error that only a user can end once it has lasted: until then
// another object may be on its way that ends it.
func IfLastingErrorf(format string, args ...any) error { return lasting{fmt.Errorf(format, args...)} }

// Is reports whether an error, or any that it wraps or joins, is one that only a user can
// end.
func Is(err error) bool {
	return some(err, func(err error) bool {
		t, ok := err.(terminal)
		return ok && t.Terminal()
	})
}

// IfLasting reports whether an error, or any that it wraps or joins, is one that only a
// user can end once it has lasted.
func IfLasting(err error) bool {
	return some(err, func(err error) bool {
		l, ok := err.(ifLasting)
		return ok && l.TerminalIfLasting()
	})
}

// some reports whether an error, or any that it wraps or joins, is of a kind.
func some(err error, is func(error) bool) bool {
	if err == nil || is(err) {
		return err != nil
	}
	switch e := err.(type) { //nolint:errorlint // The whole tree is walked.
	case interface{ Unwrap() error }:
		return some(e.Unwrap(), is)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), func(err error) bool { return some(err, is) })
	}
	return false
}

// MayBe reports whether only the user can end an error, at once or once it has lasted: it is
// a refusal, and not that something cannot be told for now.
func MayBe(err error) bool { return Is(err) || IfLasting(err) }
