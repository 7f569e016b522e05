// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

// Command simulator serves OpenAI's Administration API from memory, for tests
// that need it as a process of its own. Its state is lost when it ends.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/alecthomas/kingpin/v2"

	"github.com/crossplane-contrib/provider-openai/internal/simulator"
)

// stopTimeout is how long calls in flight may take when the program stops.
const stopTimeout = 5 * time.Second

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulator:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout io.Writer) error {
	app := kingpin.New("simulator", "OpenAI's Administration API in memory, for tests.")
	address := app.Flag("address", "Address to listen on. The controls need no credential: listen on loopback only.").Default("127.0.0.1:0").String()
	adminKey := app.Flag("admin-key", "Admin API key to accept.").Default(simulator.DefaultAdminKey).Envar("OPENAI_SIMULATOR_ADMIN_KEY").String()
	organizationID := app.Flag("organization-id", "Organization of the admin key.").Default(simulator.DefaultOrganizationID).String()
	rateLimit := app.Flag("rate-limit", "Requests per minute of each admin route and admin key; 0 for no limit.").Default("0").Int()
	rateWindow := app.Flag("rate-window", "How long a minute of the rate limit lasts.").Default("1m").Duration()
	callLog := app.Flag("call-log", "File to append a JSON line to for every call. It holds no secrets.").String()
	if _, err := app.Parse(args); err != nil {
		return fmt.Errorf("cannot parse flags: %w", err)
	}

	opts := []simulator.Option{
		simulator.WithAdminKey(simulator.AdminKey{Value: *adminKey, OrganizationID: *organizationID}),
		simulator.WithRateLimit(*rateLimit),
	}
	if *callLog != "" {
		f, err := os.OpenFile(*callLog, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("cannot open call log: %w", err)
		}
		defer func() { _ = f.Close() }() // Every line has been written by then.
		enc := json.NewEncoder(f)
		opts = append(opts, simulator.WithCallSink(func(c simulator.Call) {
			if err := enc.Encode(c); err != nil {
				fmt.Fprintln(os.Stderr, "simulator: cannot write call log:", err)
			}
		}))
	}

	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *address)
	if err != nil {
		return fmt.Errorf("cannot listen on %q: %w", *address, err)
	}
	if _, err := fmt.Fprintf(stdout, "listening on http://%s/v1\n", l.Addr()); err != nil {
		_ = l.Close()
		return fmt.Errorf("cannot report the address: %w", err)
	}
	sim := simulator.New(opts...)
	sim.SetRateWindow(*rateWindow)
	return serve(ctx, l, sim)
}

// serve answers calls until the context ends, and then lets those in flight
// finish.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()

	select {
	case err := <-failed:
		return fmt.Errorf("cannot serve: %w", err)
	case <-ctx.Done():
	}
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	err := srv.Shutdown(shutdown)
	if errors.Is(err, context.DeadlineExceeded) {
		// A fault may delay a reply for longer than the timeout.
		return srv.Close()
	}
	return err
}
