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

// Main runs a command with the arguments of this process, until it returns or Ctrl-C ends its
// context. An error is printed to standard error after the name, and the exit code is 1 then.
func Main(name string, run func(ctx context.Context, args []string) error) {
	ctx, restore := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal, a second one ends the program at once.
	context.AfterFunc(ctx, restore)
	err := run(ctx, os.Args[1:])
	restore()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}
