// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	kerrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	// patience is the timeout for a state. It decides no test: the state is reached within seconds,
	// or never. The machine may be compiling at the same time.
	patience = 2 * time.Minute
	pause    = 100 * time.Millisecond
)

// A suite counts assertions, and prints each as it passes.
type suite struct {
	out    io.Writer
	passed int
}

// ok makes an assertion, which is described by a sentence.
func (s *suite) ok(ctx context.Context, sentence string, check func(context.Context) error) error {
	began := time.Now()
	err := check(ctx)
	took := time.Since(began).Seconds()
	if err != nil {
		_, _ = fmt.Fprintf(s.out, "FAIL  %s  (%.1fs)\n", sentence, took)
		return fmt.Errorf("not true: %s: %w", sentence, err)
	}
	s.passed++
	_, _ = fmt.Fprintf(s.out, "ok  %s  (%.1fs)\n", sentence, took)
	return nil
}

// heading prints the subject of the next assertions.
func (s *suite) heading(text string) { _, _ = fmt.Fprintf(s.out, "== %s\n", text) }

func (s *suite) finish(took time.Duration, failed bool) {
	failures := 0
	if failed {
		failures = 1
	}
	_, _ = fmt.Fprintf(s.out, "%d passed, %d failed in %s\n", s.passed, failures, took.Round(time.Second))
	if !failed {
		_, _ = fmt.Fprintf(s.out, "e2e: %d assertions passed\n", s.passed)
	}
}

// A check returns why something is not as awaited; empty: it is. That an object, or its kind, does
// not exist yet is a reason too.
type check func(context.Context) (why string, err error)

// await that a check succeeds.
func await(ctx context.Context, check check) error {
	why := "it was not checked"
	err := wait.PollUntilContextTimeout(ctx, pause, patience, true, func(ctx context.Context) (bool, error) {
		found, err := check(ctx)
		if kerrors.IsNotFound(err) || meta.IsNoMatchError(err) {
			found, err = err.Error(), nil
		}
		if err != nil {
			return false, err
		}
		why = found
		return why == "", nil
	})
	if wait.Interrupted(err) && ctx.Err() == nil {
		return errors.New(why)
	}
	return err
}

// all combines checks, which have to succeed at the same time.
func all(checks ...check) check {
	return func(ctx context.Context) (string, error) {
		var whys []string
		for _, l := range checks {
			why, err := l(ctx)
			if err != nil {
				return "", err
			}
			if why != "" {
				whys = append(whys, why)
			}
		}
		return strings.Join(whys, "; "), nil
	}
}
