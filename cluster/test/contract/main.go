// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command contract tests the provider's undocumented assumptions about the Administration API, and
// prints what it observed. By default it tests the simulator, where all must hold. With an admin
// key it tests OpenAI, in projects that it creates itself and always archives at the end.
//
//	go run ./cluster/test/contract
//	OPENAI_ADMIN_KEY_FILE=key CONFIRM=yes go run ./cluster/test/contract
//
// An assumption that turns out wrong is an error: correct the simulator first, so that
// the tests show what it breaks.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/crossplane-contrib/provider-openai/cluster/test/exchanges"
	proc "github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

func main() {
	proc.Main("contract", func(ctx context.Context, args []string) error {
		if len(args) > 0 {
			return errors.New("no arguments are taken, so that nobody puts a key there: set OPENAI_ADMIN_KEY_FILE, BASE_URL and CONFIRM in the environment")
		}
		return run(ctx, os.Getenv, os.Stdout, os.Stderr)
	})
}

// run runs all checks, prints a table to out, and its progress to progress. It fails if an
// assumption does not hold, or something may be left behind.
func run(ctx context.Context, getenv func(string) string, out, progress io.Writer) (err error) {
	t, err := newTarget(getenv)
	if err != nil {
		return err
	}
	defer t.close()
	rec, err := exchanges.FromEnvironment()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rec.Close()) }()
	return inSandbox(ctx, t, rec, checks, out, progress)
}

// inSandbox runs checks at a target.
func inSandbox(ctx context.Context, t *target, rec *exchanges.Recorder, all []check, out, progress io.Writer) (err error) {
	say(progress, "asking %s", t.name())
	s := newSandbox(t, rec, progress)
	// An interrupt ends the checks, but not the cleanup.
	defer func() { err = errors.Join(err, s.archiveAll(context.WithoutCancel(ctx))) }()

	findings := s.try(ctx, all)
	printTable(out, findings)
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("interrupted: %w", err)
	}
	return judge(t, findings)
}

// judge returns an error if an assumption does not hold, or was not tested although it could be.
func judge(t *target, findings []finding) error {
	n := count(findings)
	switch {
	case n[differs] > 0:
		return fmt.Errorf("%d of %d assumptions do not hold: correct the simulator, and what the tests then show", n[differs], len(findings))
	case n[notTried] > 0 && t.simulator != nil:
		return fmt.Errorf("%d of %d assumptions could not be tried at the simulator, where all must be", n[notTried], len(findings))
	}
	return nil
}

func say(to io.Writer, format string, args ...any) {
	_, _ = fmt.Fprintf(to, "== "+format+"\n", args...)
}
