// Copyright 2026 The provider-openai Authors.
// SPDX-License-Identifier: Apache-2.0

package inprocess

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"runtime/pprof"
	"strings"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
)

// stopTimeout is the time to stop, after which goroutines are printed.
const stopTimeout = 15 * time.Second

// Start a manager. stop ends it, and returns its error.
func Start(ctx context.Context, mgr ctrl.Manager) (stop func() error) {
	ctx, cancel := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- mgr.Start(ctx) }()
	return func() error {
		cancel()
		select {
		case err := <-stopped:
			return err
		case <-time.After(stopTimeout):
		}
		printGoroutines()
		return <-stopped
	}
}

// printGoroutines prints the stacks of the provider's goroutines.
func printGoroutines() {
	var all bytes.Buffer
	_ = pprof.Lookup("goroutine").WriteTo(&all, 1)
	for stack := range strings.SplitSeq(all.String(), "\n\n") {
		if strings.Contains(stack, ").Reconcile") || strings.Contains(stack, "provider-openai/internal") {
			fmt.Fprintf(os.Stderr, "still running:\n%s\n\n", stack)
		}
	}
}
