// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Package terminal marks errors that a retry cannot end, only a user: tools that wait for an object
// can stop waiting. Some errors are terminal at once, others only once they have lasted, since
// another object that is applied next may end them.
//
// Unlike controller-runtime's TerminalError, such an error is still retried. It sets the condition Stalled
// of kstatus.
package terminal

import (
	"fmt"
	"slices"
)

// terminal is implemented by errors that may be terminal.
type terminal interface{ Terminal() bool }

// ifLasting is implemented by errors that may be terminal once they have lasted.
type ifLasting interface{ TerminalIfLasting() bool }

type wrapped struct{ error }

// Terminal reports that the error is terminal.
func (wrapped) Terminal() bool { return true }

// Unwrap returns the wrapped error.
func (w wrapped) Unwrap() error { return w.error }

type lasting struct{ error }

// TerminalIfLasting reports that the error is terminal once it has lasted.
func (lasting) TerminalIfLasting() bool { return true }

// Unwrap returns the wrapped error.
func (l lasting) Unwrap() error { return l.error }

// Errorf is fmt.Errorf for an error that only a user can end.
func Errorf(format string, args ...any) error { return wrapped{fmt.Errorf(format, args...)} }

// IfLastingErrorf is fmt.Errorf for an error that only a user can end once it has lasted: until
// then another object may be about to end it, such as a Secret that is applied next.
func IfLastingErrorf(format string, args ...any) error { return lasting{fmt.Errorf(format, args...)} }

// Is reports whether an error, or any that it wraps or joins, is terminal at once.
func Is(err error) bool {
	return matches(err, func(err error) bool {
		t, ok := err.(terminal)
		return ok && t.Terminal()
	})
}

// IfLasting reports whether an error, or any that it wraps or joins, is terminal once it has
// lasted.
func IfLasting(err error) bool {
	return matches(err, func(err error) bool {
		l, ok := err.(ifLasting)
		return ok && l.TerminalIfLasting()
	})
}

// matches reports whether is holds for an error, or for any that it wraps or joins.
func matches(err error, is func(error) bool) bool {
	if err == nil || is(err) {
		return err != nil
	}
	switch e := err.(type) { //nolint:errorlint // The whole tree is walked.
	case interface{ Unwrap() error }:
		return matches(e.Unwrap(), is)
	case interface{ Unwrap() []error }:
		return slices.ContainsFunc(e.Unwrap(), func(err error) bool { return matches(err, is) })
	}
	return false
}

// MayBe reports whether an error is terminal, at once or once it has lasted. It is then a refusal,
// and not a failure to find something out for now.
func MayBe(err error) bool { return Is(err) || IfLasting(err) }
