// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package terminal_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/crossplane-contrib/provider-openai/internal/terminal"
)

type knows bool

func (k knows) Error() string  { return "knows" }
func (k knows) Terminal() bool { return bool(k) }

func TestIs(t *testing.T) {
	t.Parallel()
	plain := errors.New("plain")
	cases := map[string]struct {
		reason string
		err    error
		want   bool
	}{
		"None":        {reason: "No error needs no user.", err: nil},
		"Plain":       {reason: "An error that says nothing may pass by itself.", err: plain},
		"Errorf":      {reason: "An error that was made as terminal is.", err: terminal.Errorf("wrong: %w", plain), want: true},
		"Wrapped":     {reason: "What wraps an error does not change who can end it.", err: fmt.Errorf("a: %w", fmt.Errorf("b: %w", terminal.Errorf("c"))), want: true},
		"Joined":      {reason: "One part that needs the user is enough.", err: errors.Join(plain, terminal.Errorf("c")), want: true},
		"Knows":       {reason: "A typed error tells by itself.", err: fmt.Errorf("a: %w", knows(true)), want: true},
		"KnowsNot":    {reason: "A typed error may say that it passes.", err: fmt.Errorf("a: %w", knows(false))},
		"BehindOther": {reason: "A part that passes does not hide one that does not.", err: fmt.Errorf("%w; %w", knows(false), terminal.Errorf("c")), want: true},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := terminal.Is(tc.err); got != tc.want {
				t.Errorf("\n%s\nIs(%v): want %t, got %t", tc.reason, tc.err, tc.want, got)
			}
		})
	}
	if err := fmt.Errorf("a: %w", errors.Join(plain, terminal.IfLastingErrorf("c"))); !terminal.IfLasting(err) || terminal.Is(err) || terminal.IfLasting(plain) {
		t.Error("an error that another object may end is terminal only once it has lasted")
	}
	if err := terminal.Errorf("wrong: %w", plain); !errors.Is(err, plain) || err.Error() != "wrong: plain" {
		t.Errorf("a terminal error must read and unwrap like any other, got %v", err)
	}
}
