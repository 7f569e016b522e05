// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command demo shows the provider at work on this machine: a real Kubernetes
// control plane, the provider as a process, and OpenAI's Administration API, which
// is the simulator unless REAL=1.
//
// "make demo" runs it, and KEEP=1 leaves everything running afterwards, which
// "make demo-stop" ends.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/crossplane-contrib/provider-openai/cluster/test/process"
)

// stopTimeout limits the cleanup, so that the demo always ends.
const stopTimeout = 2 * time.Minute

func main() { process.Main("\ndemo", run) }

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	bin := flags.String("bin", filepath.Join("_output", "bin"), "folder of the provider and the simulator")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	workdir, err := newWorkdir(filepath.Join(".cache", "demo"))
	if err != nil {
		return err
	}
	switch flags.Arg(0) {
	case "":
		return show(ctx, workdir, *bin, os.Getenv("KEEP") != "", os.Getenv("REAL") != "")
	case "stop":
		return stop(ctx, workdir, os.Stdout)
	}
	return fmt.Errorf("unknown command %q: there is only \"stop\", or none to show the demo", flags.Arg(0))
}

// show runs the demo and cleans up after it.
func show(ctx context.Context, workdir workdir, bin string, keep, useReal bool) (err error) {
	began := time.Now()
	// An earlier demo may have left processes here or a project at OpenAI.
	if err := stop(ctx, workdir, os.Stdout); err != nil {
		return err
	}
	var organization *realOpenAI
	if useReal {
		if organization, err = askForReal(ctx, os.Stdin, os.Stdout); err != nil {
			return err
		}
	}
	if err := workdir.create(); err != nil {
		return err
	}
	transcript, err := os.Create(workdir.log("demo"))
	if err != nil {
		return fmt.Errorf("cannot make the demo's log: %w", err)
	}
	defer func() { err = errors.Join(err, transcript.Close()) }()

	d, err := newDemo(ctx, workdir, bin, io.MultiWriter(os.Stdout, transcript))
	if err != nil {
		// Nothing runs yet.
		return errors.Join(err, workdir.remove())
	}
	d.real = organization
	if err := d.runSteps(ctx, keep); err != nil {
		return d.fail(ctx, err)
	}
	if keep {
		d.explainHowToGoOn(time.Since(began))
		return nil
	}
	d.heading("Stopping everything")
	if err := workdir.stopProcesses(ctx); err != nil {
		return err
	}
	if err := workdir.remove(); err != nil {
		return err
	}
	d.heading("Done in %s: nothing is left behind", time.Since(began).Round(time.Second))
	return nil
}

// fail cleans up after a failed or interrupted demo, and names the logs.
func (d *demo) fail(ctx context.Context, failure error) error {
	interrupted := ctx.Err() != nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	if interrupted {
		failure = errors.New("interrupted")
	} else {
		d.printTail("provider")
	}
	d.heading("Stopping everything")
	// The folder names the project that is not archived: it has to stay.
	if err := d.workdir.stopAtOpenAI(ctx, d.out); err != nil {
		return errors.Join(failure, err, d.workdir.stopProcesses(ctx))
	}
	if err := d.workdir.stopProcesses(ctx); err != nil {
		return errors.Join(failure, err)
	}
	if interrupted {
		return errors.Join(failure, d.workdir.remove())
	}
	return errors.Join(fmt.Errorf("%w\nThe logs are in %s", failure, d.workdir.logs()), d.workdir.removeState())
}

// stop ends the processes of an earlier demo, and archives its project at OpenAI.
func stop(ctx context.Context, workdir workdir, out io.Writer) error {
	pids, err := workdir.running(ctx)
	if err != nil {
		return err
	}
	if len(pids) > 0 {
		_, _ = fmt.Fprintf(out, "== Stopping the demo that is running in %s\n", workdir.dir)
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	if err := workdir.stopAtOpenAI(ctx, out); err != nil {
		return err
	}
	if err := workdir.stopProcesses(ctx); err != nil {
		return err
	}
	if len(pids) == 0 {
		// The logs of a failed demo remain until the next one.
		return nil
	}
	return workdir.remove()
}
