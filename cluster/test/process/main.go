// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package process

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Main runs a command with the arguments of this process, until it is done or Ctrl-C
// ends its context. An error goes to standard error after the name, and makes the
// exit code 1.
func Main(name string, run func(ctx context.Context, args []string) error) {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// From the first signal on, another one ends the program at once.
	context.AfterFunc(ctx, restore)
	err := run(ctx, os.Args[1:])
	restore()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
